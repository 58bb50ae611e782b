/** From screen to screen. The address bar stays `/`; the back button leads to screens, never to acts. */
import { activity, atCounter, control, forms, loadActivity, loadControl, loadCounter, loadForms, loadMore, more } from "../lazy.ts";
import type { Attribute } from "../core/catalogue.ts";
import { itemsOf } from "../core/items.ts";
import { Failure } from "../client/failure.ts";
import { act, lockedState, show, takeNotice, wipe } from "./app.ts";
import type { App } from "./app.ts";
import { showMakeCode } from "./code.ts";
import { grantLines, tryRefresh } from "./grants.ts";
import { isOneOff, isPaused, isQuiet } from "./items.ts";
import type { Preference } from "./state.ts";
import { theVault } from "./vault.ts";

/** Where people can go by themselves. */
export type Place = "home" | "details" | "inbox" | "who" | "start" | "locked" | "recover" | "asked" | "makeCode" | "ways"
  | "preferences" | "sessions" | "newPassphrase" | "addPassphrase" | "withPassphrase" | "counter" | "activity";

const OPEN: readonly Place[] = ["home", "details", "inbox", "who", "asked", "makeCode", "ways", "preferences", "sessions",
  "addPassphrase", "counter", "activity"];
const CLOSED: readonly Place[] = ["start", "locked", "newPassphrase", "withPassphrase"];
const PLACES: readonly Place[] = [...OPEN, ...CLOSED, "recover"];

const LAZY: readonly Place[] = ["who", "recover", "ways", "sessions", "newPassphrase", "addPassphrase", "withPassphrase"];

const IN_FORMS: readonly Place[] = ["details", "asked", "inbox"];

/** Shows a place and notes it in the history. */
export function go(app: App, place: Place, shared?: boolean): Promise<void> {
  if (app.busy) return Promise.resolve();
  if (shared !== undefined && "shared" in app.state && typeof app.state.shared === "boolean") app.state = { ...app.state, shared };
  app.device.push(place);
  return to(app, place);
}

/** Where the history stands since it was last followed; null while it is not being followed. */
let wanted: readonly unknown[] | null = null;

/** What the back and forward buttons lead to. Whoever presses one twice comes to the second place, not to the first. */
export async function returnTo(app: App, place: unknown): Promise<void> {
  if (wanted !== null) {
    wanted = [place];
    return;
  }
  if (app.busy) return;
  wanted = [place];
  try {
    while (wanted.length > 0) {
      const [latest]: readonly unknown[] = wanted;
      wanted = [];
      await follow(app, latest);
    }
  } finally {
    wanted = null;
  }
}

/**
 * Whatever is not a place leads home. Of a question the pages that are a detail's own are numbered: the history says
 * nothing of which detail it is.
 */
function follow(app: App, place: unknown): Promise<void> {
  const page = typeof place === "string" ? /^own-(\d{1,2})$/.exec(place)?.[1] : undefined;
  return page === undefined ? to(app, PLACES.find((one) => one === place) ?? "home") : to(app, "asked", Number(page));
}

function to(app: App, place: Place, page = 0): Promise<void> {
  if (app.state.screen === "starting") return Promise.resolve();
  const shared = "shared" in app.state && typeof app.state.shared === "boolean" ? app.state.shared : false;
  // A file that does not come has a screen of its own, whose "Try again" is about nothing else.
  const isHere = LAZY.includes(place) ? more() !== null : !IN_FORMS.includes(place) || forms() !== null;
  const isMissing = place === "preferences" ? control() === null
    : place === "activity" ? activity() === null : place === "counter" && atCounter() === null;
  if (!isHere || isMissing) show(app, { screen: "starting" });
  // The root of a recovery is at hand only while a way to unlock is being made.
  if (place !== "addPassphrase") wipe(app);
  return act(app, async () => {
    if (app.vault === null && OPEN.includes(place)) {
      await showEntry(app);
      return;
    }
    if (app.vault !== null && CLOSED.includes(place)) {
      await showHome(app);
      return;
    }
    const fresh = { sending: false, trouble: null } as const;
    switch (place) {
      case "home": await showHome(app); return;
      case "details": (await loadForms()).showDetails(app); return;
      case "inbox": await (await loadForms()).showInbox(app); return;
      case "who": await (await loadMore()).showWho(app); return;
      case "asked": await (app.asking === null ? showHome(app) : (await loadForms()).showAsked(app, { page })); return;
      case "makeCode": showMakeCode(app, null); return;
      case "start": showStart(app, shared); return;
      case "locked": show(app, await lockedState(app, "unlock", shared)); return;
      case "recover":
        await loadMore();
        show(app, { screen: "recover", draft: "", shared, problem: null, ...fresh });
        return;
      case "preferences": (await loadControl()).showPreferences(app); return;
      case "ways": await (await loadMore()).showWays(app); return;
      case "sessions": await (await loadMore()).showSessions(app); return;
      case "newPassphrase": await (await loadMore()).showNewPassphrase(app, "create", shared); return;
      case "addPassphrase": await (await loadMore()).showNewPassphrase(app, "add", false); return;
      case "activity": await (await loadActivity()).showActivity(app); return;
      case "counter": await (await loadCounter()).showCounter(app); return;
      case "withPassphrase": await (await loadMore()).showWithPassphrase(app, "unlock", shared); return;
    }
  });
}

/** After unlocking: to the counter or the question that brought the resident here, else home. */
export async function arrive(app: App): Promise<void> {
  const open = app.vault !== null;
  const place = open && app.device.request.counter() !== "" ? "counter" : open && app.asking !== null ? "asked" : "home";
  app.device.push(place);
  if (!open) await showEntry(app);
  else if (place === "counter") await (await loadCounter()).showCounter(app);
  else if (place === "asked") await (await loadForms()).showAsked(app);
  else await showHome(app);
  if (app.vault !== null) void loadMore().then((all) => all.renewDisclosures(app), () => undefined);
}

/** Unlock where this device has seen a vault, else create one. */
export async function showEntry(app: App): Promise<void> {
  const known = await app.device.keys.memories();
  if (known.length > 0) show(app, await lockedState(app, "unlock", false));
  else showStart(app, false);
}

function showStart(app: App, shared: boolean): void {
  show(app, { screen: "start", asker: app.asking?.asker ?? null, shared, passkeys: app.device.passkeys(),
    sending: false, trouble: null });
}

export async function showHome(app: App): Promise<void> {
  const [offers] = await Promise.all([countOffers(app), tryRefresh(app)]);
  const { opened } = theVault(app);
  const oneOffs = new Set([...itemsOf(opened.items, "grant")].flatMap(([id, item]) => (isOneOff(opened, item) ? [id] : [])));
  const lines = grantLines(app);
  show(app, { screen: "home", offers, asker: app.asking?.asker ?? null, remind: !opened.manifest.recovery_confirmed,
    grants: lines.filter(({ id }) => !oneOffs.has(id)), more: lines.some(({ id, ended }) => oneOffs.has(id) && ended === null),
    quiet: isQuiet(opened), paused: isPaused(opened), notice: takeNotice(app) });
}

/** How many deposits wait, as the server says: none where it does not. */
async function countOffers({ device: { api } }: App): Promise<number> {
  try {
    const { deposits }: { deposits?: unknown } = await api.deposits();
    return Array.isArray(deposits) ? deposits.length : 0;
  } catch (error) {
    if (!(error instanceof Failure) || error.status === 401) throw error;
    return 0;
  }
}

/** Changes an item of a detail, or adds one. What is sensitive stays hidden at first. */
export function edit(app: App, attribute: Attribute, item: string | null): Promise<void> {
  return act(app, async () => {
    const { showEdit, showPrivate } = await loadForms();
    app.device.push("edit");
    await tryRefresh(app);
    (attribute.sensitivity === 3 ? showPrivate : showEdit)(app, attribute.id, item);
  });
}

/** One preference on a page of its own. */
export function choose(app: App, of: Preference): Promise<void> {
  return act(app, async () => {
    const { showPreference } = await loadControl();
    app.device.push("preference");
    showPreference(app, of);
  });
}

export function stop(app: App, grant: string): Promise<void> {
  return act(app, async () => {
    const { showStop } = await loadMore();
    app.device.push("stop");
    showStop(app, grant);
  });
}
