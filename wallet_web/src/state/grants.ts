/** Who can see my details: the grants sealed in the vault, compared with the server's list and verified logs. */
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { ServerGrant } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { ENDS, verifyChain, verifyEnds, verifyPauses } from "../core/chain.ts";
import type { LogEntry, Position } from "../core/chain.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import type { GrantItem } from "../core/items.ts";
import { grantEnd } from "../core/request.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { SIGN_IN } from "../core/registry.ts";
import { describe, isPaused, payload, placeOf, purposeOf } from "./items.ts";
import type { GrantLine } from "./state.ts";
import { theVault } from "./vault.ts";
import type { Vault } from "./vault.ts";

/** What was learned of one grant since the vault was opened. */
export interface Learned {
  readonly log: GrantLine["log"]; readonly missing: boolean; readonly lastRead: number | null;
  /** The server lists it as active, although the resident ended it. */
  readonly revived?: boolean;
}

/** Compares the server's list with the vault's own and verifies each log from its pin on. */
export async function refreshGrants(app: App): Promise<void> {
  const { grants } = await app.device.api.grants();
  const vault = theVault(app);
  const pins = new Map(vault.pins);
  const over = new Map(vault.over);
  const learned = new Map(app.learned);
  for (const [id, item] of itemsOf(vault.opened.items, "grant")) {
    if (!(id in vault.opened.manifest.grants)) continue;
    const ends = grantEnd(item.access, item.created);
    if (ends <= seconds(app)) over.set(id, { at: ends, why: "expired" });
    const server = grants.find((grant) => grant.id === id);
    if (server === undefined) {
      learned.set(id, { log: "unchecked", missing: true, lastRead: null });
      continue;
    }
    const before = learned.get(id)?.lastRead ?? server.last_read;
    try {
      const pin = pins.get(id) ?? vault.opened.manifest.grants[id] ?? { n: 0, head: "" };
      const { position, lastRead, ended } = await readLog(app, item, pin, server);
      pins.set(id, position);
      if (ended !== null) over.set(id, ended);
      learned.set(id, { log: "good", missing: false, lastRead: lastRead ?? before });
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Failure)) throw error;
      learned.set(id, { log: error instanceof Invalid ? "tampered" : "unchecked", missing: false, lastRead: before });
    }
  }
  for (const [id, item] of itemsOf(vault.opened.items, "grant")) {
    if (item.ended === null || item.ended.why === "expired") continue;
    const revived = grants.some((grant) => grant.id === id && grant.state === "active");
    learned.set(id, { log: "good", missing: false, lastRead: null, revived });
  }
  app.learned = learned;
  app.planted = planted(vault, grants);
  app.vault = { ...theVault(app), pins, over };
}

/** Services for which the server lists access that the vault did not give. */
function planted(vault: Vault, grants: readonly ServerGrant[]): string[] {
  const own = vault.opened.items;
  return [...new Set(grants.filter((grant) => !own.has(grant.id)).map((grant) => grant.service))];
}

type Ended = { readonly at: number; readonly why: "expired" | "finished" | "relinquished" } | null;

async function readLog(
  app: App, item: GrantItem, pin: Position, server: ServerGrant,
): Promise<{ position: Position; lastRead: number | null; ended: Ended }> {
  const { entries, stated } = await fetchLog(app, item.grant_id, pin.n, server);
  const position = await checkLog(app, item, entries, pin, stated);
  const good = entries as unknown as readonly LogEntry[];
  const reads = good.filter(({ kind }) => kind === "read" || kind === "read_unchanged").map(({ at }) => at);
  const last = good.flatMap(({ at, kind }) => (kind === "expired" || kind === "finished" || kind === "relinquished"
    ? [{ at, why: kind }] : [])).at(-1) ?? null;
  return { position, lastRead: reads.length === 0 ? null : Math.max(...reads), ended: last };
}

/** What the server gives of a log after entry `after`, up to `stated` or what it states meanwhile. */
export async function fetchLog(
  app: App, id: string, after: number, { n, head }: Position,
): Promise<{ entries: readonly Json[]; stated: Position }> {
  const entries: Json[] = [];
  let stated: Position = { n, head };
  while (after + entries.length < stated.n) {
    const page = await app.device.api.log(id, after + entries.length);
    entries.push(...page.entries as readonly Json[]);
    stated = { n: page.n, head: page.head };
    if (page.entries.length === 0) break;
  }
  return { entries, stated };
}

/** The position to which the entries lead from `pin`, where they are all that a log has to be. Errors: `log/…`. */
export async function checkLog(
  app: App, item: GrantItem, entries: readonly Json[], pin: Position, { n, head }: Position,
): Promise<Position> {
  const position = await verifyChain({ grantId: item.grant_id, record: item.record, entries, pin, n, head,
    issuer: app.device.origin, dpopJkt: dpopKeyOf(item) });
  const good = entries as unknown as readonly LogEntry[];
  await verifyEnds(good, item.record);
  const over = item.ended !== null || good.some(({ kind }) => ENDS.includes(kind));
  const { opened } = theVault(app);
  await verifyPauses(good, item.record, over ? null : { paused: isPaused(opened), seq: opened.manifest.seq });
  return position;
}

export function dpopKeyOf(item: GrantItem): string | null {
  const claims = item.request === "" ? item.parameters : payload(item.request);
  const key = claims?.["dpop_jkt"];
  return typeof key === "string" ? key : null;
}

/** The grants of the vault as the resident reads them: those in force first, the newest first. */
export function grantLines(app: App): GrantLine[] {
  const { opened, over } = theVault(app);
  return [...itemsOf(opened.items, "grant")].map(([id, item]): GrantLine & { created: number } => {
    const { service, purposes } = describe(item.statement);
    const purpose = purposes.get(purposeOf(item));
    const learned = app.learned.get(id);
    const until = item.access === "once" ? null : item.access.until;
    const ends = grantEnd(item.access, item.created);
    const ended = item.ended ?? over.get(id)
      ?? (ends <= seconds(app) ? { at: ends, why: "expired" as const } : null)
      ?? (id in opened.manifest.grants ? null : { at: item.created, why: "finished" as const });
    return {
      id, service, purpose: purpose?.text ?? { en: "", cy: "" }, signIn: purposeOf(item) === SIGN_IN,
      attributes: [...ATTRIBUTES.keys()].filter((attribute) => item.choices[attribute]?.choice === "share"),
      until, retentionDays: purpose?.retentionDays ?? 0, lastRead: learned?.lastRead ?? null,
      missing: learned?.missing ?? false, revived: learned?.revived ?? false, log: learned?.log ?? "good", ended,
      created: item.created, place: placeOf(item),
    };
  }).sort((one, other) => Number(one.ended !== null) - Number(other.ended !== null) || other.created - one.created);
}

/** Without a network the list is still the vault's own; it says what it could not check. */
export async function tryRefresh(app: App): Promise<void> {
  try {
    await refreshGrants(app);
  } catch (error) {
    if (!(error instanceof Failure) || error.status === 401) throw error;
    app.learned = new Map(grantLines(app).map(({ id, lastRead }) => [id, { log: "unchecked", missing: false, lastRead }]));
  }
}
