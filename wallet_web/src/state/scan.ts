/** The wallet's own scanner: on its screen only, and for pictures of our own origin only. */
import { watchCamera } from "../client/camera.ts";
import { show } from "./app.ts";
import type { App } from "./app.ts";
import { codeOf, scanned, showFind } from "./counter.ts";

/** Shows the camera; a device that has none, or a person who says no, is led to typing. */
export async function startScan(app: App): Promise<void> {
  if (app.busy || app.state.screen !== "counterFind") return;
  show(app, { screen: "counterScan", camera: "starting", elsewhere: false, sending: false, trouble: null });
  try {
    await watchCamera((text) => look(app, text));
    say(app, "looking");
  } catch {
    say(app, "refused");
  }
}

function say(app: App, camera: "looking" | "refused"): void {
  if (app.state.screen === "counterScan") show(app, { ...app.state, camera });
}

export function stopScan(app: App): void {
  if (app.state.screen === "counterScan") showFind(app);
}

function look(app: App, text: string): boolean {
  if (app.state.screen !== "counterScan") return true;
  if (codeOf(app, text) === null) {
    if (!app.state.elsewhere) show(app, { ...app.state, elsewhere: true });
    return false;
  }
  void scanned(app, text);
  return true;
}
