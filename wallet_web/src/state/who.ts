/** Who can see my details, and stopping one of them. Loaded when it is needed (more.ts). */
import type { Commit, Word } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import type { Change } from "../core/commit.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import { makePause } from "../core/pause.ts";
import { readRecord } from "../core/record.ts";
import { makeRevocation } from "../core/revocation.ts";
import { act, arm, seconds, show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { changesOf } from "./changes.ts";
import { grantLines, tryRefresh } from "./grants.ts";
import { liveGrants } from "./items.ts";
import type { Items } from "./items.ts";
import { lateIn } from "./late.ts";
import { preferencesIn, withPreferences } from "./preferences.ts";
import { former } from "./present.ts";
import type { GrantLine } from "./state.ts";
import { commit, theVault } from "./vault.ts";

export async function showWho(app: App): Promise<void> {
  await tryRefresh(app);
  const { paused } = preferencesIn(theVault(app).opened.items);
  const changes = await changesOf(app);
  const grants = grantLines(app).map((line): GrantLine => {
    const change = changes.get(line.id);
    return { ...line, ...formerOf(app, line.id), ...(change === undefined ? {} : { change }) };
  });
  show(app, { screen: "who", grants, planted: app.planted, paused, notice: takeNotice(app), sending: false, trouble: null });
}

/** Details of which this service was left out of a change, and those that it can be sent now. */
function formerOf(app: App, id: string): Pick<GrantLine, "former" | "late"> {
  const { opened, over } = theVault(app);
  const item = new Map(liveGrants(opened)).get(id);
  if (item === undefined) return {};
  const now = seconds(app);
  return { former: former(item, opened.items, now), late: over.has(id) ? [] : lateIn(item, opened.items, now) };
}

/** Pauses all sharing, or resumes it: one commit, with a word signed by each live grant's subject key. */
export function pauseAll(app: App, paused: boolean): Promise<void> {
  if (app.state.screen !== "who") return Promise.resolve();
  return act(app, async () => {
    const now = seconds(app);
    await commit(app, async ({ opened }) => {
      const { items, manifest } = opened;
      const words: Word[] = [];
      for (const [id, item] of itemsOf(items, "grant")) {
        if (!(id in manifest.grants)) continue;
        const relationship = itemsOf(items, "relationship").get(item.relationship);
        if (relationship === undefined) throw new Invalid("manifest/item-missing");
        const record = await readRecord(item.record);
        words.push({ grant_id: id, word: await makePause(relationship, record, { paused, seq: manifest.seq + 1, now }) });
      }
      return {
        change: { put: [withPreferences(app, items, { ...preferencesIn(items), paused })] },
        send: (sealed) => app.device.api.pause({ commit: sealed, paused, words }),
      };
    });
    app.notice = { kind: paused ? "paused" : "resumed" };
    await showWho(app);
  });
}

export function showStop(app: App, id: string): void {
  const grant = grantLines(app).find((line) => line.id === id);
  if (grant !== undefined) {
    show(app, { screen: "stop", grant, armed: false, sending: false, trouble: null });
    arm(app);
  }
}

/** Ends a grant: signed by the subject key, so that nobody else can, and in one commit with the vault's own list. */
export function confirmStop(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "stop" || !state.armed) return Promise.resolve();
  const { grant } = state;
  return act(app, async () => {
    const at = await endGrant(app, grant.id);
    show(app, { screen: "stopped", grant, at, still: othersOf(app, grant.id).some(({ signIn }) => !signIn) });
  });
}

/** The grants in force by which the service of this one can look too, as the resident reads them. */
export function othersOf(app: App, id: string): readonly GrantLine[] {
  const items = itemsOf(theVault(app).opened.items, "grant");
  const service = items.get(id)?.service;
  return grantLines(app).filter((line) => line.id !== id && line.ended === null && items.get(line.id)?.service === service);
}

/** Ends a grant by the commit that `send` sends, and gives the time of it. Errors: `Failure` `conflict`. */
export async function endGrant(
  app: App, id: string,
  send: (body: { commit: Commit; revocation: string }) => Promise<unknown> = (body) => app.device.api.revoke(id, body),
): Promise<number> {
  const at = seconds(app);
  await commit(app, async ({ opened: { items } }) => {
    const { change, revocation } = await ending(items, id, at);
    return { change, send: (sealed) => send({ commit: sealed, revocation }) };
  });
  return at;
}

/** What ends a grant: in the vault, and the word for the server. Errors: `Failure` `conflict`. */
export async function ending(items: Items, id: string, at: number): Promise<{ change: Change; revocation: string }> {
  const item = itemsOf(items, "grant").get(id);
  if (item === undefined) throw new Failure("conflict");
  const relationship = itemsOf(items, "relationship").get(item.relationship);
  if (relationship === undefined) throw new Invalid("manifest/item-missing");
  const revocation = await makeRevocation(relationship, await readRecord(item.record), at);
  return { change: { put: [{ id, document: { ...item, ended: { at, why: "revoked" } } }], grants: { [id]: null } }, revocation };
}
