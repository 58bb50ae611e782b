/** A file of the wallet of its own (lazy.ts): what happened, and what can be done about it. */
import { confirmLate, confirmNotMe, readAgain, saveActivity, showLate, showNotMe, showOlder, showOnly } from "./state/activity.ts";
import type { App } from "./state/app.ts";

export { showActivity } from "./state/activity.ts";
export { activityView } from "./views/activity.ts";

export type ActivityAct = "older" | "only" | "again" | "save" | "notMe" | "confirmNotMe" | "late" | "confirmLate";

/** What a person does there; `given` is a service, or a grant. */
export async function activityAct(app: App, what: ActivityAct, given: string): Promise<void> {
  switch (what) {
    case "older": showOlder(app); return;
    case "only": showOnly(app, given); return;
    case "again": await readAgain(app); return;
    case "save": await saveActivity(app); return;
    case "notMe": await showNotMe(app, given); return;
    case "confirmNotMe": await confirmNotMe(app); return;
    case "late": showLate(app, given); return;
    case "confirmLate": await confirmLate(app);
  }
}
