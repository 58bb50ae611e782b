/** What happened, from logs that were verified and from what the vault remembers: never a value. Pure. */
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { LogEntry } from "../core/chain.ts";
import { itemsOf } from "../core/items.ts";
import { FORMER_NAMES } from "../core/preferences_item.ts";
import { SIGN_IN } from "../core/registry.ts";
import type { ActivityEvent, EventKind } from "./activity_state.ts";
import { describe, placeOf, purposeOf, serviceName } from "./items.ts";
import type { Items } from "./items.ts";
import type { GrantLog } from "./logs.ts";
import { isProtected, preferencesIn } from "./preferences.ts";
import type { GrantLine, Words } from "./state.ts";

const READS: readonly string[] = ["read", "read_unchanged"];

const KINDS: Readonly<Record<LogEntry["kind"], EventKind | null>> = {
  // What one machine fetches from another on its way: the file has it, nobody needs to read it.
  collected: null,
  approved: "shared", read: "read", read_unchanged: "unchanged", published: "published", paused: "paused", resumed: "resumed",
  revoked: "revoked", replaced: "replaced", expired: "expired", finished: "finished", relinquished: "relinquished",
};

/** What of signing in is an event: it is over by itself, and the next one replaces it. */
const OF_SIGN_IN: readonly (EventKind | null)[] = ["shared", "revoked", "relinquished", "paused", "resumed"];

/**
 * Whether a detail may be named. Under address protection nothing that gives the place away is, and no former name that
 * is kept to oneself: it looks as if it had not been shared.
 */
export function mayName(items: Items): (attribute: string) => boolean {
  const { addressProtection, openNames } = preferencesIn(items);
  const concealed = FORMER_NAMES.filter((name) => !openNames.includes(name));
  return (id) => !(addressProtection && isProtected(id)) && !concealed.some((name) => name === id);
}

/** Everything, the newest first. `lines` are the grants as their own screen has them. */
export function eventsOf(
  items: Items, logs: ReadonlyMap<string, GrantLog>, lines: readonly GrantLine[],
): readonly ActivityEvent[] {
  const named = mayName(items);
  const ended = new Map(lines.map((line) => [line.id, line.ended]));
  const all = [...[...logs.values()].flatMap((log) => ofGrant(log, ended.get(log.item.grant_id) ?? null, named)),
    ...ofRefusals(items), ...ofDeposits(items, named)];
  return all.sort((one, other) => other.at - one.at);
}

function ofGrant(
  { item, entries, fault }: GrantLog, ended: GrantLine["ended"], named: (attribute: string) => boolean,
): ActivityEvent[] {
  const signIn = purposeOf(item) === SIGN_IN;
  const shared = [...ATTRIBUTES.keys()].filter((id) => {
    const choice = item.choices[id];
    return choice?.choice === "share" && choice.absent === undefined && named(id);
  });
  const event = (at: number, kind: EventKind, picked: number | null = null): ActivityEvent => ({
    at, kind: signIn && kind === "shared" ? "signedIn" : kind, client: item.service, service: describe(item.statement).service,
    grant: item.grant_id, signIn, picked, place: kind === "shared" ? placeOf(item) : null,
    attributes: kind === "shared" ? shared : [],
  });
  const own = ended === null || signIn ? [] : [event(ended.at, ended.why)];
  // Of a log that does not hold only what the vault itself remembers is told.
  if (fault !== null) return [...own, event(item.created, "shared")];
  const found = entries.flatMap((entry): ActivityEvent[] => {
    const kind = KINDS[entry.kind];
    if (kind === null || (signIn && !OF_SIGN_IN.includes(kind))) return [];
    return [event(entry.at, kind, kind === "published" ? pickedUp(entry, entries) : null)];
  }).reverse();
  return found.some(({ kind }) => kind === ended?.why) ? found : [...own, ...found];
}

/** When its service first looked for this revision, or a newer one. */
function pickedUp({ n, revision }: LogEntry, entries: readonly LogEntry[]): number | null {
  return entries.find((one) => one.n > n && READS.includes(one.kind) && one.revision >= revision)?.at ?? null;
}

const OF_NO_GRANT = { grant: null, signIn: false, picked: null, place: null } as const;

function ofRefusals(items: Items): ActivityEvent[] {
  return [...itemsOf(items, "decisions").values()].flatMap(({ refusals }) =>
    refusals.map(({ at, service, name }): ActivityEvent => ({
      ...OF_NO_GRANT, at, kind: "refused", client: service, service: name ?? serviceName(items, service), attributes: [] })));
}

/** Deposits that were answered before the vault kept whose they were are not told. */
function ofDeposits(items: Items, named: (attribute: string) => boolean): ActivityEvent[] {
  return [...itemsOf(items, "deposits").values()].flatMap(({ answered }) =>
    answered.flatMap(({ at, service, name, kept = [] }): ActivityEvent[] => (service === undefined ? [] : [{
      ...OF_NO_GRANT, at, kind: kept.length === 0 ? "thrown" : "kept", client: service,
      service: name ?? serviceName(items, service), attributes: kept.filter(named) }])));
}

/** Each service that something happened with, by its newest name, in the order of the events. */
export function servicesIn(events: readonly ActivityEvent[]): readonly { readonly client: string; readonly name: Words }[] {
  const names = new Map<string, Words>();
  for (const { client, service } of events) if (!names.has(client)) names.set(client, service);
  return [...names].map(([client, name]) => ({ client, name }));
}

/** Services that know the resident by more than one subject: two records of one, side by side, say that it is one person. */
export function linkedIn(logs: readonly GrantLog[]): readonly string[] {
  const subjects = new Map<string, string>();
  const linked = new Set<string>();
  for (const { item: { service, sub } } of logs) {
    if ((subjects.get(service) ?? sub) !== sub) linked.add(service);
    subjects.set(service, sub);
  }
  return [...linked];
}
