/** What the vault holds, in the clear (protocols/specs/vault.md, Items). Unknown kinds are kept untouched. */
import type { Json, JsonObject } from "./encoding.ts";
import type { PrivateJwk } from "./keys.ts";
import type { PreferencesItem } from "./preferences_item.ts";
import type { Access } from "./request.ts";

export type ItemDocument = JsonObject & { readonly kind: string };

/** What a signed statement called a service, in both languages. */
type Called = { readonly en: string; readonly cy: string };

export type Source = "self_asserted" | "derived";

/** `as_of` is a date. */
export type PastValue = { readonly value: Json; readonly as_of: string; readonly source: Source };

export type AttributeItem = PastValue & {
  readonly kind: "attribute";
  readonly attribute: string;
  /** Newest first; empty unless the catalogue keeps history. */
  readonly history: readonly PastValue[];
  /** Where it was kept from a deposit. */
  readonly from?: Origin;
};

/** The service that offered a value, by its client id; the resident typed it there, or its authority held it. */
export type Origin = { readonly service: string; readonly why: "typed" | "held" };

/**
 * Deposits that the resident has answered, the newest first. `at` is a time; `service` offered it, and of it the
 * attributes in `kept` were kept.
 */
export type DepositsItem = {
  readonly kind: "deposits";
  readonly answered: readonly {
    readonly jti: string; readonly at: number;
    readonly service?: string; readonly name?: Called; readonly kept?: readonly string[];
  }[];
};

/** The keys by which the services of one sector know the resident, or one persona of theirs (`""`: none). */
export type RelationshipItem = {
  readonly kind: "relationship";
  readonly sector: string;
  readonly persona: string;
  readonly sign: PrivateJwk;
  readonly deposit: PrivateJwk;
};

export type Decision = "share" | "withhold";
export type Decisions = { readonly [attribute: string]: Decision };

/**
 * `value` is there only for a value that is used with this grant alone, with its `source` and `as_of` where it was the
 * vault's; `absent` where this grant is told that there is none; `item` where the vault may hold several: this one.
 * `persona`: the grant's persona answers, with what it is now; `as_of` is the day on which that was last changed.
 */
export type Choice = {
  readonly choice: Decision; readonly value?: Json; readonly source?: Source; readonly as_of?: string; readonly item?: string;
  readonly absent?: "not_held" | "not_applicable"; readonly persona?: true;
};

/** What there is of one attribute. `as_of` is a date. */
export type Present =
  | { readonly value: Json; readonly source: Source; readonly as_of: string }
  | { readonly absent: "not_held" | "not_applicable" };

/** What a service is told of it. */
export type Claim = Present | { readonly absent: "withheld" };

export type GrantItem = {
  readonly kind: "grant";
  readonly grant_id: string;
  readonly service: string;
  readonly authority: string;
  readonly sub: string;
  readonly sector: string;
  readonly persona: string;
  /** Id of the relationship's item. */
  readonly relationship: string;
  readonly request: string;
  readonly parameters: JsonObject | null;
  readonly request_hash: string;
  readonly statement: string;
  readonly record: string;
  readonly salt: string;
  readonly decisions: Decisions;
  readonly choices: { readonly [attribute: string]: Choice };
  /** What the service was last told of attributes that are worked out (protocols/specs/derived.md). */
  readonly derived?: { readonly [attribute: string]: Claim };
  readonly access: Access;
  readonly revision: number;
  readonly created: number;
  readonly ended: null | { readonly at: number; readonly why: "revoked" | "replaced" | "expired" | "relinquished" };
  /** How far its log had been verified when it left the manifest's list. */
  readonly log?: { readonly n: number; readonly head: string };
};

/** Refusals, the newest last. `at` is a time, `name` what the service's statement called it. */
export type DecisionsItem = {
  readonly kind: "decisions";
  readonly refusals: readonly {
    readonly service: string; readonly purpose: string; readonly at: number; readonly name?: Called;
  }[];
};

/** The vault's name, by which a passphrase login finds it. `method` is the id of the passphrase method. */
export type NameItem = { readonly kind: "name"; readonly method: string; readonly name: string };

interface ByKind {
  attribute: AttributeItem;
  relationship: RelationshipItem;
  grant: GrantItem;
  decisions: DecisionsItem;
  name: NameItem;
  deposits: DepositsItem;
  preferences: PreferencesItem;
}

/**
 * The items of one kind, by id. Their shape is that of the kind: only a holder of the root can have sealed them.
 */
export function itemsOf<K extends keyof ByKind>(items: ReadonlyMap<string, ItemDocument>, kind: K): ReadonlyMap<string, ByKind[K]> {
  const found = [...items].filter(([, document]) => document.kind === kind);
  return new Map(found as unknown as [string, ByKind[K]][]);
}
