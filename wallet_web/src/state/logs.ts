/** The whole log of every grant, each from its first entry on, verified by itself (protocols/specs/log.md). */
import type { ServerGrant } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { ENDS, readEntry } from "../core/chain.ts";
import type { LogEntry } from "../core/chain.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import type { GrantItem } from "../core/items.ts";
import type { Position } from "../core/manifest.ts";
import type { Fault } from "./activity_state.ts";
import type { App } from "./app.ts";
import { checkLog, fetchLog } from "./grants.ts";
import { theVault } from "./vault.ts";

const FROM_THE_FIRST: Position = { n: 0, head: "" };
const AT_ONCE = 8;

/**
 * A grant's log. `fault` is null where all of it holds, `unchecked` where it could not be had now. `entries` are as the
 * server gave them, where they can be read.
 */
export interface GrantLog {
  readonly item: GrantItem;
  readonly entries: readonly LogEntry[];
  readonly stated: Position;
  readonly fault: Fault["rule"] | "unchecked" | null;
}

/** The log of every grant that the vault holds, by the grant's id. Errors: `Failure` where the server gives no list. */
export async function readLogs(app: App): Promise<ReadonlyMap<string, GrantLog>> {
  const { grants } = await app.device.api.grants();
  const items = [...itemsOf(theVault(app).opened.items, "grant").values()];
  const logs = new Map<string, GrantLog>();
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const some = items.slice(at, at + AT_ONCE);
    const read = await Promise.all(some.map((item) => readOne(app, item, grants.find(({ id }) => id === item.grant_id))));
    for (const log of read) logs.set(log.item.grant_id, log);
  }
  return logs;
}

async function readOne(app: App, item: GrantItem, server: ServerGrant | undefined): Promise<GrantLog> {
  const none = { item, entries: [], stated: FROM_THE_FIRST };
  if (server === undefined) return { ...none, fault: "missing" };
  try {
    const { entries, stated } = await fetchLog(app, item.grant_id, 0, server);
    const found = { item, entries: readable(entries), stated };
    return { ...found, fault: await faultOf(app, item, entries, stated, server) };
  } catch (error) {
    if (!(error instanceof Failure) || error.status === 401) throw error;
    return { ...none, fault: error.status === 404 ? "missing" : "unchecked" };
  }
}

function readable(entries: readonly Json[]): readonly LogEntry[] {
  try {
    return entries.map(readEntry);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return [];
  }
}

async function faultOf(
  app: App, item: GrantItem, entries: readonly Json[], stated: Position, server: ServerGrant,
): Promise<GrantLog["fault"]> {
  try {
    await checkLog(app, item, entries, FROM_THE_FIRST, stated);
    const { pins, opened } = theVault(app);
    checkPinned(readable(entries), stated, pins.get(item.grant_id) ?? opened.manifest.grants[item.grant_id] ?? item.log);
    checkEnded(item, readable(entries));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return error.code;
  }
  return item.ended !== null && item.ended.why !== "expired" && server.state === "active" ? "revived" : null;
}

/** That a log which holds goes through the position that the vault has pinned. Errors: `log/…`. */
export function checkPinned(entries: readonly LogEntry[], stated: Position, pin: Position = FROM_THE_FIRST): void {
  if (stated.n < pin.n) throw new Invalid("log/rolled-back");
  const next = entries[pin.n];
  if (next === undefined && pin.n > 0 && stated.head !== pin.head) throw new Invalid("log/head");
  if (next !== undefined && next.prev !== pin.head) throw new Invalid("log/chain");
}

/** A grant that its item says was revoked or replaced has an end in its log too. Errors: `log/end`. */
function checkEnded({ ended }: GrantItem, entries: readonly LogEntry[]): void {
  const mine = ended?.why === "revoked" || ended?.why === "replaced";
  if (mine && !entries.some(({ kind }) => ENDS.includes(kind))) throw new Invalid("log/end", "not in the log");
}
