/** Reading the claims of a service's registry statement (protocols/specs/registry.md, Statement). */
import { ATTRIBUTES } from "./catalogue.ts";
import { isObject } from "./encoding.ts";
import type { Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { supplierKey, thumbprint } from "./keys.ts";
import type { PublicJwk, SignatureJwk } from "./keys.ts";
import { array, asText, entries, exactly, flag, integer, oneOf, text, texts, words } from "./members.ts";
import type { Words } from "./members.ts";

const MEMBERS = "registry/members";
const PURPOSE = "registry/purpose";
const KEYS = "registry/keys";
const PURPOSE_ID = /^[a-z0-9-]{1,64}$/;
const LOGOUT_URI = "backchannel_logout_uri";
const LOGOUT_SESSION = "backchannel_logout_session_required";
const SMALLEST_ZONE = 50;
const MOST_DAYS = 36500;

/** Plain http is for loopback names only (RFC 6761): a demonstration, never a deployment. */
const URL =
  /^(?:https:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])|http:\/\/(?:[a-z0-9-]+\.)*localhost)(?::[0-9]{1,5})?(?:[/?][!-"$-~]*)?$/;

/** Where a service takes notices: a host name that is no IP address and of no local network (notices.md). */
const NOTICE_URI = new RegExp("^https://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+(?!(?:localhost|local|internal)(?:[:/?]|$))"
  + "[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?::(?:443|8443))?(?:[/?][!-\"$-~]*)?$");

/** The reserved id of the purpose of a sign-in. */
export const SIGN_IN = "sign-in";

export type LawfulBasis = "consent" | "contract" | "legal_obligation" | "vital_interests" | "public_task"
  | "legitimate_interests";

const BASES: readonly LawfulBasis[] = ["consent", "contract", "legal_obligation", "vital_interests", "public_task",
  "legitimate_interests"];

/** A registered reason of a service. Durations are in days. */
export interface Purpose {
  readonly id: string;
  readonly text: Words;
  readonly fallback: Words;
  readonly lawfulBasis: LawfulBasis;
  readonly statute: string | null;
  readonly attributes: ReadonlyMap<string, { readonly required: boolean; readonly why: Words }>;
  readonly zones: ReadonlyMap<string, { readonly name: Words; readonly postcodes: readonly string[] }>;
  readonly access: readonly ("once" | "until")[];
  readonly shortestDays: number;
  readonly longestDays: number;
  readonly retentionDays: number;
  readonly dpia: string | null;
}

export interface SignatureKey { readonly kid: string; readonly jwk: SignatureJwk }

/** A place where the service meets residents, and the purposes that it may ask there. */
export interface Desk { readonly id: string; readonly place: Words; readonly purposes: readonly string[] }

/** One service, as the registrar describes it. `expires` is a time, `statement` the compact statement. */
export interface Service {
  readonly clientId: string;
  readonly name: Words;
  readonly authority: { readonly id: string; readonly name: Words };
  readonly home: string;
  readonly sector: string;
  readonly tier: "council" | "partner" | "sandbox";
  readonly counters: readonly Desk[];
  readonly subjectProof: boolean;
  readonly signedSignIn: boolean;
  readonly noticeUri: string | null;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly signatureKeys: readonly SignatureKey[];
  readonly encryptionKey: PublicJwk;
  /** Thumbprint of `encryptionKey`. */
  readonly encJkt: string;
  readonly purposes: ReadonlyMap<string, Purpose>;
  readonly expires: number;
  readonly statement: string;
}

type Data = Pick<Service, "name" | "authority" | "home" | "sector" | "tier" | "counters" | "subjectProof" | "signedSignIn"
  | "noticeUri">;

type Addresses = Pick<Service, "redirectUris" | "postLogoutRedirectUris">;

/** Everything of a statement that `registry/members` is about; keys and purposes are still to be read. */
export interface StatementClaims {
  readonly issuer: string;
  readonly clientId: string;
  readonly issued: number;
  readonly expires: number;
  readonly addresses: Addresses;
  readonly data: Data;
  readonly jwks: Json;
  readonly purposes: readonly Json[];
}

/** Errors: `registry/members`. */
export function readStatement(claims: JsonObject): StatementClaims {
  exactly(claims, ["iss", "sub", "iat", "exp", "jwks", "metadata"], MEMBERS);
  const metadata = exactly(claims["metadata"], ["openid_relying_party", "resident_data_service"], MEMBERS);
  const data = exactly(metadata["resident_data_service"], ["name", "authority", "home", "sector", "tier", "counters",
    "subject_proof", "signed_sign_in", "notice_uri", "purposes"], MEMBERS);
  return {
    issuer: text(claims, "iss", MEMBERS),
    clientId: text(claims, "sub", MEMBERS, URL),
    issued: integer(claims, "iat", MEMBERS),
    expires: integer(claims, "exp", MEMBERS),
    addresses: addresses(metadata["openid_relying_party"]),
    data: readData(data),
    jwks: claims["jwks"] ?? null,
    purposes: array(data["purposes"], MEMBERS, 64),
  };
}

/** The signature keys that a header's `kid` names, or all of them where it names none. */
export function keysNamed(service: Pick<Service, "signatureKeys">, kid: Json | undefined): readonly SignatureJwk[] {
  return service.signatureKeys.filter((key) => kid === undefined || key.kid === kid).map(({ jwk }) => jwk);
}

/**
 * The keys that sign for the service, and the one to which new disclosures go; older ones may be listed as retired.
 * Errors: `registry/keys`.
 */
export async function readKeys(jwks: Json): Promise<Pick<Service, "signatureKeys" | "encryptionKey" | "encJkt">> {
  const signatureKeys: SignatureKey[] = [];
  const encryptionKeys: PublicJwk[] = [];
  for (const key of array(exactly(jwks, ["keys"], KEYS)["keys"], KEYS, 16)) {
    if (!isObject(key)) throw new Invalid(KEYS);
    const jwk = await supplierKey(key, KEYS);
    const kid = text(key, "kid", KEYS);
    if (key["use"] === "sig") signatureKeys.push({ kid, jwk });
    else if (key["use"] !== "enc" || jwk.kty !== "EC" || kid !== await thumbprint(jwk)) throw new Invalid(KEYS);
    else if (key["retired"] !== true) encryptionKeys.push(jwk);
  }
  const [encryptionKey, another] = encryptionKeys;
  if (signatureKeys.length === 0 || encryptionKey === undefined || another !== undefined) throw new Invalid(KEYS);
  return { signatureKeys, encryptionKey, encJkt: await thumbprint(encryptionKey) };
}

/** Errors: `registry/purpose`. */
export function readPurposes(purposes: readonly Json[]): ReadonlyMap<string, Purpose> {
  const byId = new Map(purposes.map(readPurpose).map((purpose) => [purpose.id, purpose]));
  if (byId.size !== purposes.length || byId.has(SIGN_IN)) throw new Invalid(PURPOSE, "an id twice, or reserved");
  return byId;
}

/** Each desk once, and each asks purposes of this statement. Errors: `registry/counter`. */
export function checkDesks(desks: readonly Desk[], purposes: ReadonlyMap<string, Purpose>): void {
  const good = desks.every((desk) => new Set(desk.purposes).size === desk.purposes.length
    && desk.purposes.every((id) => purposes.has(id)));
  if (!good || new Set(desks.map(({ id }) => id)).size !== desks.length) throw new Invalid("registry/counter");
}

function readData(data: JsonObject): Data {
  const authority = exactly(data["authority"], ["id", "name"], MEMBERS);
  const counters = array(data["counters"], MEMBERS).map((value) => {
    const counter = exactly(value, ["id", "place", "purposes"], MEMBERS);
    const asked = texts(counter["purposes"], MEMBERS);
    if (asked.length < 1 || asked.length > 64) throw new Invalid(MEMBERS, "purposes");
    return { id: text(counter, "id", MEMBERS, PURPOSE_ID), place: words(counter["place"], MEMBERS), purposes: asked };
  });
  return {
    name: words(data["name"], MEMBERS),
    authority: { id: text(authority, "id", MEMBERS), name: words(authority["name"], MEMBERS) },
    home: text(data, "home", MEMBERS, URL),
    sector: text(data, "sector", MEMBERS, URL),
    tier: oneOf(data["tier"], ["council", "partner", "sandbox"], MEMBERS),
    counters,
    subjectProof: flag(data, "subject_proof", MEMBERS),
    signedSignIn: flag(data, "signed_sign_in", MEMBERS),
    noticeUri: data["notice_uri"] === null ? null : text(data, "notice_uri", MEMBERS, NOTICE_URI),
  };
}

function addresses(value: Json | undefined): Addresses {
  const client = exactly(value, ["redirect_uris", "client_registration_types", "token_endpoint_auth_method"], MEMBERS,
    ["post_logout_redirect_uris", LOGOUT_URI, LOGOUT_SESSION]);
  const types = texts(client["client_registration_types"], MEMBERS);
  if (types.join(" ") !== "explicit") throw new Invalid(MEMBERS, "client_registration_types");
  oneOf(client["token_endpoint_auth_method"], ["private_key_jwt"], MEMBERS);
  const redirectUris = texts(client["redirect_uris"], MEMBERS, URL);
  if (redirectUris.length === 0) throw new Invalid(MEMBERS, "redirect_uris");
  // OpenID Connect Back-Channel Logout section 2.2: for the server to use; here only that it is well formed.
  if (client[LOGOUT_SESSION] !== undefined) {
    flag(client, LOGOUT_SESSION, MEMBERS);
    text(client, LOGOUT_URI, MEMBERS);
  }
  if (client[LOGOUT_URI] !== undefined) text(client, LOGOUT_URI, MEMBERS, NOTICE_URI);
  const after = client["post_logout_redirect_uris"];
  return { redirectUris, postLogoutRedirectUris: after === undefined ? [] : texts(after, MEMBERS, URL) };
}

function readPurpose(value: Json): Purpose {
  const purpose = exactly(value, ["id", "text", "fallback", "lawful_basis", "statute", "attributes", "zones", "access",
    "shortest_days", "longest_days", "retention_days", "dpia"], PURPOSE);
  const shortestDays = integer(purpose, "shortest_days", PURPOSE);
  const longestDays = integer(purpose, "longest_days", PURPOSE);
  const access = array(purpose["access"], PURPOSE, 2).map((kind) => oneOf(kind, ["once", "until"], PURPOSE));
  if (access.length === 0 || shortestDays > longestDays || longestDays > MOST_DAYS) throw new Invalid(PURPOSE, "access");
  return {
    id: text(purpose, "id", PURPOSE, PURPOSE_ID),
    text: words(purpose["text"], PURPOSE),
    fallback: words(purpose["fallback"], PURPOSE),
    lawfulBasis: oneOf(purpose["lawful_basis"], BASES, PURPOSE),
    statute: purpose["statute"] === null ? null : text(purpose, "statute", PURPOSE),
    attributes: new Map(entries(purpose["attributes"], PURPOSE).map(readAsked)),
    zones: new Map(entries(purpose["zones"], PURPOSE).map(readZone)),
    access,
    shortestDays,
    longestDays,
    retentionDays: integer(purpose, "retention_days", PURPOSE),
    dpia: purpose["dpia"] === null ? null : text(purpose, "dpia", PURPOSE),
  };
}

function readAsked([id, value]: readonly [string, Json]): [string, { required: boolean; why: Words }] {
  const asked = exactly(value, ["required", "why"], PURPOSE);
  if (!ATTRIBUTES.has(id)) throw new Invalid(PURPOSE, `no attribute ${id}`);
  return [id, { required: flag(asked, "required", PURPOSE), why: words(asked["why"], PURPOSE) }];
}

function readZone([id, value]: readonly [string, Json]): [string, { name: Words; postcodes: readonly string[] }] {
  const zone = exactly(value, ["name", "postcodes"], PURPOSE);
  const postcodes = array(zone["postcodes"], PURPOSE, 20000).map((postcode) => asText(postcode, PURPOSE));
  // A zone of a few postcodes would be an address in disguise.
  if (new Set(postcodes).size < SMALLEST_ZONE) throw new Invalid(PURPOSE, "a zone too small");
  return [id, { name: words(zone["name"], PURPOSE), postcodes }];
}
