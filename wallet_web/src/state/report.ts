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

/**
 * One commit ends a live grant and reports it; of one that has ended only the report is left to make. A stop that arrived
 * although its answer was lost ends it too, and has told nobody: only the report's own answer says that somebody was told.
 */
export function confirmReport(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "counterReport") return Promise.resolve();
  const { grant } = state;
  return act(app, async () => {
    const supervisor = { told: false };
    const report = async (body: Parameters<typeof counters.report>[1]): Promise<void> => {
      await counters.report(grant.id, body);
      supervisor.told = true;
    };
    try {
      if (grant.ended === null) await endGrant(app, grant.id, report);
    } catch (error) {
      // It ended a moment ago, as a grant for one look does.
      if (!(error instanceof Failure) || error.status !== 409) throw error;
    }
    if (!supervisor.told) await report({ commit: null, revocation: null });
    show(app, { screen: "counterReported" });
  });
}
