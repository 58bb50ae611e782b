/** "This was not me": ends what a counter was given, and tells a supervisor. */
import { counters } from "../client/counter.ts";
import { Failure } from "../client/failure.ts";
import { act, show } from "./app.ts";
import type { App } from "./app.ts";
import { grantLines, tryRefresh } from "./grants.ts";
import { endGrant } from "./who.ts";

export function showReport(app: App, id: string): Promise<void> {
  return act(app, async () => {
    app.device.push("report");
    await tryRefresh(app);
    const grant = grantLines(app).find((line) => line.id === id);
    const place = grant?.place ?? null;
    if (grant !== undefined && place !== null) show(app, { screen: "counterReport", grant, place, sending: false, trouble: null });
  });
}

/** One commit ends a live grant and reports it; of one that has ended only the report is left to make. */
export function confirmReport(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "counterReport") return Promise.resolve();
  const { grant } = state;
  return act(app, async () => {
    try {
      if (grant.ended === null) await endGrant(app, grant.id, (body) => counters.report(grant.id, body));
      else await counters.report(grant.id, { commit: null, revocation: null });
    } catch (error) {
      // It ended a moment ago, as a grant for one look does.
      if (grant.ended !== null || !(error instanceof Failure) || error.status !== 409) throw error;
      await counters.report(grant.id, { commit: null, revocation: null });
    }
    show(app, { screen: "counterReported" });
  });
}
