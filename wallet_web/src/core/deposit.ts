/** What a service offers back to the resident; the inbox is taken for hostile (protocols/specs/deposit.md). */
import { ATTRIBUTES, checkValue } from "./catalogue.ts";
import { DAY, dayNumber } from "./dates.ts";
import { isObject, jcs } from "./encoding.ts";
import type { Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { DEPOSIT, DEPOSIT_JWE } from "./forms.ts";
import { readHeader, verify } from "./jose.ts";
import { decrypt } from "./jwe.ts";
import type { PrivateJwk } from "./keys.ts";
import { DIGEST, ID, entries, exactly, integer, oneOf, text } from "./members.ts";
import type { Service } from "./registry.ts";
import { keysNamed } from "./statement.ts";

const MEMBERS = "deposit/members";
const MAX_SECONDS = 90 * DAY;
const MAX_VALUES = 20;
const TOLERANCE_SECONDS = 10;

/** `as_of` is a date. */
export interface Offer { readonly value: Json; readonly as_of: string }

/** A deposit that is what it claims to be. `id` is its `jti`. */
export interface Deposit {
  readonly id: string;
  readonly clientId: string;
  /** `typed` by the resident in that service's form, or `held` by its authority. */
  readonly why: "typed" | "held";
  readonly values: ReadonlyMap<string, Offer>;
}

/** Whose inbox it lies in: the deposit key of a relationship, and its subject. `now` is a time. */
export interface Inbox { readonly key: PrivateJwk; readonly sub: string; readonly now: number }

/**
 * The deposit, if `service` made it for this subject and may ask for everything in it. Whether it was answered before is
 * the caller's to know. Errors: `jose/…`, `deposit/…`, in the order of the spec.
 */
export async function openDeposit(compact: string, service: Service, { key, sub, now }: Inbox): Promise<Deposit> {
  const inner = new TextDecoder("latin1").decode(await decrypt(compact, DEPOSIT_JWE, key));
  const { claims } = await verify(inner, DEPOSIT, keysNamed(service, readHeader(inner, DEPOSIT)["kid"]));
  const shape = readShape(claims);
  if (shape.issuer !== service.clientId) throw new Invalid("deposit/issuer");
  if (shape.audience !== sub) throw new Invalid("deposit/audience");
  if (shape.issued > now + TOLERANCE_SECONDS || shape.ends <= now || shape.ends > shape.issued + MAX_SECONDS) {
    throw new Invalid("deposit/time");
  }
  const values = [...shape.values].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [id] of values) if (!isOffered(id, service)) throw new Invalid("deposit/attribute", id);
  for (const [id, { value }] of values) if (!isNormal(id, value)) throw new Invalid("deposit/value", id);
  return { id: shape.id, clientId: service.clientId, why: shape.why, values: new Map(values) };
}

interface Shape {
  readonly issuer: string;
  readonly audience: string;
  readonly id: string;
  readonly issued: number;
  readonly ends: number;
  readonly why: "typed" | "held";
  readonly values: readonly (readonly [string, Offer])[];
}

function readShape(claims: JsonObject): Shape {
  exactly(claims, ["iss", "aud", "jti", "iat", "exp", "why", "values", "pad"], MEMBERS);
  const values = entries(claims["values"], MEMBERS).map(([id, offer]) => [id, readOffer(offer)] as const);
  if (values.length < 1 || values.length > MAX_VALUES || typeof claims["pad"] !== "string") throw new Invalid(MEMBERS);
  return {
    values,
    issuer: text(claims, "iss", MEMBERS),
    audience: text(claims, "aud", MEMBERS, DIGEST),
    id: text(claims, "jti", MEMBERS, ID),
    issued: integer(claims, "iat", MEMBERS),
    ends: integer(claims, "exp", MEMBERS),
    why: oneOf(claims["why"], ["typed", "held"], MEMBERS),
  };
}

function readOffer(offer: Json): Offer {
  const { value = null, as_of: asOf } = exactly(offer, ["value", "as_of"], MEMBERS);
  if (!isObject(offer) || typeof asOf !== "string" || dayNumber(asOf) === null) throw new Invalid(MEMBERS, "as_of");
  return { value, as_of: asOf };
}

/** Who may not ask for something does not write it either. */
function isOffered(id: string, service: Service): boolean {
  const attribute = ATTRIBUTES.get(id);
  const isAskable = [...service.purposes.values()].some(({ attributes }) => attributes.has(id));
  return attribute !== undefined && attribute.derived_from === undefined && attribute.type !== "file" && isAskable;
}

function isNormal(id: string, value: Json): boolean {
  try {
    return jcs(checkValue(id, value)) === jcs(value);
  } catch {
    return false;
  }
}
