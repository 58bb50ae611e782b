/** Activity: what happened, verified as it is shown; a copy of it to keep; "this was not me". Loaded when needed (activity.ts). */
import { itemsOf } from "../core/items.ts";
import { loadCounter, loadMore } from "../lazy.ts";
import { activityFile } from "./activity_file.ts";
import type { ActivityState, Fault } from "./activity_state.ts";
import { act, arm, seconds, show } from "./app.ts";
import type { App } from "./app.ts";
import { eventsOf, linkedIn, servicesIn } from "./events.ts";
import { grantLines, tryRefresh } from "./grants.ts";
import { describe, isQuiet, liveGrants, purposeOf } from "./items.ts";
import { isSensitive, lateIn, sendLate } from "./late.ts";
import { readLogs } from "./logs.ts";
import type { GrantLog } from "./logs.ts";
import { prove } from "./prove.ts";
import type { GrantLine } from "./state.ts";
import { theVault } from "./vault.ts";
import { endGrant, othersOf } from "./who.ts";

type Shown = Extract<ActivityState, { screen: "activity" }>;

const PAGE = 20;
const FILE = "activity.json";

export async function showActivity(app: App): Promise<void> {
  await activityNow(app);
}

async function activityNow(app: App, more: Partial<Shown> = {}): Promise<ReadonlyMap<string, GrantLog>> {
  await tryRefresh(app);
  const logs = await readLogs(app);
  const { opened } = theVault(app);
  const events = eventsOf(opened.items, logs, grantLines(app));
  const all = [...logs.values()];
  show(app, {
    screen: "activity", quiet: isQuiet(opened), events, services: servicesIn(events), linked: linkedIn(all),
    chosen: "", shown: PAGE,
    good: all.filter(({ fault }) => fault === null).length, faults: faultsOf(logs), planted: app.planted,
    unchecked: all.filter(({ fault }) => fault === "unchecked").map(({ item }) => describe(item.statement).service),
    saved: false, sending: false, trouble: null, ...more });
  return logs;
}

function faultsOf(logs: ReadonlyMap<string, GrantLog>): readonly Fault[] {
  return [...logs].flatMap(([grant, { item, fault }]) => (fault === null || fault === "unchecked" ? []
    : [{ grant, service: describe(item.statement).service, rule: fault }]));
}

/** Another page of it. */
export function showOlder(app: App): void {
  if (app.state.screen === "activity") show(app, { ...app.state, shown: app.state.shown + PAGE, saved: false });
}

/** Of one service, or `""`. */
export function showOnly(app: App, client: string): void {
  if (app.state.screen === "activity") show(app, { ...app.state, chosen: client, shown: PAGE, saved: false });
}

/** Reads all of it again, as after a lost network. */
export function readAgain(app: App): Promise<void> {
  return act(app, () => showActivity(app));
}

/**
 * A file of what is listed, of one service or of all, after the resident has shown again who they are. It is read and
 * verified anew.
 */
export function saveActivity(app: App): Promise<void> {
  if (app.state.screen !== "activity") return Promise.resolve();
  const { chosen, shown } = app.state;
  const later = async (): Promise<void> => {
    const logs = await activityNow(app, { chosen, shown });
    if (app.state.screen !== "activity") return;
    const file = activityFile(app.state.events, logs, chosen, app.device.origin, seconds(app));
    app.device.save(FILE, `${JSON.stringify(file, null, 1)}\n`);
    show(app, { ...app.state, saved: true });
  };
  return act(app, async () => { if (await prove(app, later)) await later(); });
}

/** What somebody else may have agreed to. What was asked in person has a report of its own, which tells a supervisor. */
export async function showNotMe(app: App, id: string): Promise<void> {
  const grant = grantLines(app).find((line) => line.id === id);
  if (grant === undefined) return;
  if (grant.place !== null) {
    await (await loadCounter()).counterAct(app, "report", id);
    return;
  }
  app.device.push("notMe");
  show(app, { screen: "notMe", grant, newer: stillOf(app, id).newer !== null, armed: false, sending: false, trouble: null });
  arm(app);
}

/** Ends it by the resident's signed word, where it lives; then what else its service sees, and who else may be signed in. */
export function confirmNotMe(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "notMe" || !state.armed) return Promise.resolve();
  const { grant } = state;
  return act(app, async () => {
    if (grant.ended === null) await endGrant(app, grant.id);
    show(app, { screen: "notMeDone", grant, ...stillOf(app, grant.id) });
  });
}

/**
 * By what else the service of a grant can look. `newer` is the answer that took the grant's place, where it is in force:
 * it is the first of `still`.
 */
function stillOf(app: App, id: string): { readonly still: readonly GrantLine[]; readonly newer: string | null } {
  const items = itemsOf(theVault(app).opened.items, "grant");
  const item = items.get(id);
  if (item === undefined) return { still: [], newer: null };
  const live = othersOf(app, id);
  const newer = item.ended?.why !== "replaced" ? undefined : live.find((line) => {
    const other = items.get(line.id);
    return other?.sub === item.sub && purposeOf(other) === purposeOf(item);
  });
  return newer === undefined ? { still: live, newer: null }
    : { still: [newer, ...live.filter((line) => line !== newer)], newer: newer.id };
}

/** Before a service is sent what it was left out of: all of it, so that what it reads is of one day. */
export function showLate(app: App, id: string): void {
  const { opened } = theVault(app);
  const grant = grantLines(app).find((line) => line.id === id);
  const item = new Map(liveGrants(opened)).get(id);
  if (grant === undefined || item === undefined) return;
  const attributes = lateIn(item, opened.items, seconds(app));
  if (attributes.length === 0) return;
  app.device.push("late");
  show(app, { screen: "late", grant, attributes, armed: false, sending: false, trouble: null });
  arm(app);
}

export function confirmLate(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "late" || !state.armed) return Promise.resolve();
  const { grant, attributes } = state;
  const later = async (): Promise<void> => {
    await sendLate(app, grant.id, attributes).catch((error: unknown) => {
      // Another device was here meanwhile: what would be sent is named anew.
      const item = new Map(liveGrants(theVault(app).opened)).get(grant.id);
      const still = item === undefined ? [] : lateIn(item, theVault(app).opened.items, seconds(app));
      if (app.state.screen === "late" && still.length > 0) show(app, { ...app.state, attributes: still });
      throw error;
    });
    app.notice = { kind: "sent", service: grant.service };
    await (await loadMore()).showWho(app);
  };
  return act(app, async () => { if (!isSensitive(attributes) || await prove(app, later)) await later(); });
}
