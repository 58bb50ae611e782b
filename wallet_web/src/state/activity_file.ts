/** A copy of the activity to keep (protocols/specs/activity.md): what happened, and the logs as they are. Pure. */
import type { LogEntry } from "../core/chain.ts";
import type { Json, JsonObject } from "../core/encoding.ts";
import type { ActivityEvent } from "./activity_state.ts";
import { dpopKeyOf } from "./grants.ts";
import { describe, purposeOf } from "./items.ts";
import type { GrantLog } from "./logs.ts";
import type { Words } from "./state.ts";

const SCHEMA = "pds/activity/1";

/**
 * `events` as they are shown, `logs` as they were read; only those of the service that was chosen, unless it is `""`. Each
 * record says as whom a service knows the resident. `made` is a time.
 */
export function activityFile(
  events: readonly ActivityEvent[], logs: ReadonlyMap<string, GrantLog>, chosen: string, issuer: string, made: number,
): JsonObject {
  const isListed = (client: string): boolean => chosen === "" || client === chosen;
  return {
    schema: SCHEMA, issuer, made,
    events: events.filter(({ client }) => isListed(client)).map(({ at, kind, client, service, grant, attributes }) =>
      ({ at, kind, service: client, name: named(service), grant_id: grant, attributes })),
    grants: [...logs.values()].filter(({ item }) => isListed(item.service)).map(grantOf),
  };
}

function grantOf({ item, entries, stated, fault }: GrantLog): Json {
  return {
    grant_id: item.grant_id, service: item.service, name: named(describe(item.statement).service), authority: item.authority,
    purpose: purposeOf(item), record: item.record, request_hash: item.request_hash, dpop_jkt: dpopKeyOf(item),
    log: { fault, n: stated.n, head: stated.head, entries: entries.map(entryOf) },
  };
}

function entryOf({ n, prev, at, kind, revision, evidence }: LogEntry): JsonObject {
  return { n, prev, at, kind, revision, evidence };
}

function named({ en, cy }: Words): JsonObject {
  return { en, cy };
}
