/** From screen to screen. The address bar stays `/`; the back button leads to screens, never to acts. */
import { act, show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { showAsked } from "./ask.ts";
import { showDetails, showEdit } from "./details.ts";
import { grantLines, showStop, showWho, tryRefresh } from "./grants.ts";
import { theVault } from "./vault.ts";

/** Where people can go by themselves. */
export type Place = "home" | "details" | "who" | "start" | "locked" | "recover" | "asked" | "makeCode";

const OPEN: readonly Place[] = ["home", "details", "who", "asked", "makeCode"];
const PLACES: readonly Place[] = [...OPEN, "start", "locked", "recover"];

/** Shows a place and notes it in the history. */
export function go(app: App, place: Place): Promise<void> {
  if (app.busy) return Promise.resolve();
  app.device.push(place);
  return to(app, place);
}

/** What the back and forward buttons lead to. Whatever is not a place leads home. */
export function returnTo(app: App, wanted: unknown): Promise<void> {
  const place = PLACES.find((one) => one === wanted) ?? "home";
  return app.busy ? Promise.resolve() : to(app, place);
}

function to(app: App, place: Place): Promise<void> {
  if (app.state.screen === "starting") return Promise.resolve();
  return act(app, async () => {
    if (app.vault === null && OPEN.includes(place)) {
      await showEntry(app);
      return;
    }
    if (app.vault !== null && (place === "start" || place === "locked")) {
      await showHome(app);
      return;
    }
    const fresh = { sending: false, trouble: null } as const;
    const asker = app.asking?.asker ?? null;
    const shared = "shared" in app.state && typeof app.state.shared === "boolean" ? app.state.shared : false;
    switch (place) {
      case "home": await showHome(app); return;
      case "details": showDetails(app); return;
      case "who": await showWho(app); return;
      case "asked": await (app.asking === null ? showHome(app) : showAsked(app)); return;
      case "makeCode": show(app, { screen: "makeCode", asker: null, ...fresh }); return;
      case "start": show(app, { screen: "start", asker, shared, ...fresh }); return;
      case "locked": show(app, { screen: "locked", asker, why: "unlock", shared, ...fresh }); return;
      case "recover": show(app, { screen: "recover", draft: "", shared, problem: null, ...fresh }); return;
    }
  });
}

/** After unlocking: to the question that brought the resident here, else home. */
export async function arrive(app: App): Promise<void> {
  const place = app.vault !== null && app.asking !== null ? "asked" : "home";
  app.device.push(place);
  if (app.vault === null) await showEntry(app);
  else if (place === "asked") await showAsked(app);
  else await showHome(app);
}

/** Unlock where this device has seen a vault, else create one. */
export async function showEntry(app: App): Promise<void> {
  const asker = app.asking?.asker ?? null;
  const known = await app.device.keys.memories();
  show(app, known.length > 0
    ? { screen: "locked", asker, why: "unlock", shared: false, sending: false, trouble: null }
    : { screen: "start", asker, shared: false, sending: false, trouble: null });
}

export async function showHome(app: App): Promise<void> {
  await tryRefresh(app);
  const { opened } = theVault(app);
  show(app, { screen: "home", asker: app.asking?.asker ?? null, remind: !opened.manifest.recovery_confirmed,
    grants: grantLines(app), notice: takeNotice(app) });
}

export function edit(app: App, attribute: string): Promise<void> {
  return act(app, async () => {
    app.device.push("edit");
    await tryRefresh(app);
    showEdit(app, attribute);
  });
}

export function stop(app: App, grant: string): Promise<void> {
  return act(app, () => {
    app.device.push("stop");
    showStop(app, grant);
    return Promise.resolve();
  });
}
