/** Where the resident is signed in: one can be ended, or all. */
import { closeVault, act, show } from "./app.ts";
import type { App } from "./app.ts";

export async function showSessions(app: App): Promise<void> {
  const { sessions } = await app.device.api.sessions();
  show(app, { screen: "sessions", sessions, sending: false, trouble: null });
}

export function endSession(app: App, id: string): Promise<void> {
  return act(app, async () => {
    await app.device.api.endSession(id);
    await showSessions(app);
  });
}

/** Everywhere, and so here too. */
export function endSessions(app: App): Promise<void> {
  return act(app, async () => {
    await app.device.api.endSessions();
    await closeVault(app, "done", true);
  });
}
