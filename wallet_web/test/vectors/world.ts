/** The scene of the vectors: a registrar, a service for permits, a resident and what her wallet makes. */
import { dayNumber } from "../../src/core/dates.ts";
import { digest, jcs, utf8 } from "../../src/core/encoding.ts";
import type { JsonObject } from "../../src/core/encoding.ts";
import type { Decisions, RelationshipItem } from "../../src/core/items.ts";
import { publicPart, thumbprint } from "../../src/core/keys.ts";
import type { PrivateJwk } from "../../src/core/keys.ts";
import { aDigest, anId, jws, keyPair } from "./keys.ts";

export const DAY = 86400;
/** 2026-11-23 14:41 UTC. */
export const NOW = (dayNumber("2026-11-23") ?? 0) * DAY + 14 * 3600 + 41 * 60;
export const HOUR = NOW - NOW % 3600;
export const ISSUER = "https://data.seatown.example";
export const CLIENT = "https://badges.seatown.example/";
export const REGISTRAR = "https://registrar.wales.example";
export const UNTIL = "2027-05-31";
export const ENDS = ((dayNumber(UNTIL) ?? 0) + 1) * DAY;

export const registrar = keyPair("registrar");
export const signing = keyPair("badges signs");
export const decrypting = keyPair("badges decrypts");
export const retired = keyPair("badges decrypted");
export const stranger = keyPair("stranger");
export const relationship: RelationshipItem = {
  kind: "relationship", sector: CLIENT, persona: "", sign: keyPair("subject"), deposit: keyPair("deposit"),
};
export const GRANT = anId("grant");
export const SALT = anId("salt");

const words = (en: string, cy: string): JsonObject => ({ en, cy });
const asked = (required: boolean): JsonObject => ({ required, why: words("To send you the badge", "I anfon y bathodyn atoch") });

const postcodes = Array.from({ length: 50 }, (_, at) => `SE1 ${Math.floor(at / 10)}A${"ABDEFGHJLN"[at % 10] ?? ""}`);

/** The one purpose that can be shared for, and a second that answers about an area, once. */
export const purposes: readonly JsonObject[] = [{
  id: "blue-badge", text: words("A Blue Badge", "Bathodyn Glas"), fallback: words("Apply by post", "Gwnewch gais drwy'r post"),
  lawful_basis: "consent", statute: null, zones: {}, access: ["until"], shortest_days: 30, longest_days: 365,
  retention_days: 1095, dpia: "DPIA-12",
  attributes: {
    "person.full_name": asked(true), "address.current": asked(true), "person.date_of_birth": asked(true),
    "contact.mobile": asked(false), "disability.mobility_award": asked(false), "health.conditions": asked(false),
  },
}, {
  id: "in-the-area", text: words("To see whether you live here", "I weld a ydych yn byw yma"),
  fallback: words("Show a letter", "Dangoswch lythyr"), lawful_basis: "public_task", statute: "Local Act 2019",
  zones: { centre: { name: words("Town centre", "Canol y dref"), postcodes } }, access: ["once"], shortest_days: 0,
  longest_days: 0, retention_days: 0, dpia: null,
  attributes: { "address.lives_in_area": asked(true), "contact.language": asked(false) },
}];

/** A statement's claims. `service` changes members of `resident_data_service`. */
export async function statementClaims(service: JsonObject = {}): Promise<JsonObject> {
  const encryption = async (key: PrivateJwk): Promise<JsonObject> =>
    ({ ...publicPart(key), use: "enc", alg: "ECDH-ES+A256KW", kid: await thumbprint(key) });
  return {
    iss: REGISTRAR, sub: CLIENT, iat: NOW - 3 * DAY, exp: NOW + 100 * DAY,
    jwks: { keys: [
      { ...publicPart(signing), use: "sig", alg: "ES256", kid: "badges-2026" },
      await encryption(decrypting), { ...await encryption(retired), retired: true },
    ] },
    metadata: {
      openid_relying_party: {
        redirect_uris: [`${CLIENT}return`, `${CLIENT}desk`], client_registration_types: ["explicit"],
        token_endpoint_auth_method: "private_key_jwt",
      },
      resident_data_service: {
        name: words("Seatown Blue Badges", "Bathodynnau Glas Trefymôr"),
        authority: { id: "seatown", name: words("Seatown Council", "Cyngor Trefymôr") },
        home: CLIENT, sector: CLIENT, tier: "council", counters: [], subject_proof: true, signed_sign_in: true,
        notice_uri: null, purposes, ...service,
      },
    },
  };
}

/** The compact statement. */
export async function statementOf(service: JsonObject = {}): Promise<string> {
  return jws({ alg: "ES256", typ: "entity-statement+jwt", kid: await thumbprint(registrar) },
    await statementClaims(service), registrar);
}

/** The compact index over one statement. */
export async function indexOf(statement: string): Promise<string> {
  const claims = {
    iss: REGISTRAR, seq: 41, iat: NOW - 2 * DAY, exp: NOW + 12 * DAY, jwks: { keys: [publicPart(registrar)] },
    statements: { [CLIENT]: await digest(statement) },
  };
  return jws({ alg: "ES256", typ: "registry-index+jwt", kid: await thumbprint(registrar) }, claims, registrar);
}

/** The `resident_data` object of a request. */
export async function detail(changes: JsonObject = {}): Promise<JsonObject> {
  return {
    type: "resident_data", locations: [`${ISSUER}/data`], purpose: "blue-badge",
    attributes: { "person.full_name": { required: true }, "contact.mobile": {}, "health.conditions": { required: false } },
    access: { until: UNTIL }, enc_jkt: await thumbprint(decrypting), ...changes,
  };
}

/** The claims of a request object; without details it is a sign-in. A change to null removes. */
export function requestClaims(details: JsonObject | null, changes: JsonObject = {}): JsonObject {
  const claims: JsonObject = {
    iss: CLIENT, client_id: CLIENT, aud: ISSUER, nbf: NOW - 3, iat: NOW - 3, exp: NOW + 57, jti: "r-1", response_type: "code",
    redirect_uri: `${CLIENT}return`, code_challenge: aDigest("challenge"), code_challenge_method: "S256", state: "form 7",
    ...(details === null ? { scope: "openid" } : { authorization_details: [details] }), ...changes,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}

/** The compact request object. */
export function requestOf(claims: JsonObject, header: JsonObject = { kid: "badges-2026" }, key = signing): string {
  return jws({ alg: "ES256", typ: "oauth-authz-req+jwt", ...header }, claims, key);
}

export const decisions: Decisions = {
  "person.full_name": "share", "contact.mobile": "withhold", "health.conditions": "share",
};

/** The claims of the record that answers a request. */
export async function recordClaims(request: string, changes: JsonObject = {}): Promise<JsonObject> {
  const sub = await thumbprint(relationship.sign);
  return {
    schema: "pds/sharing-record/1", iss: sub, sub, aud: CLIENT, authority: "seatown", jti: GRANT, iat: HOUR, exp: ENDS,
    request_hash: await digest(request), purpose: "blue-badge", lawful_basis: "consent",
    attributes: Object.keys(decisions).sort(), access: { until: UNTIL }, retention_days: 1095,
    decisions_hash: await digest(jcs([SALT, decisions])), ...changes,
  };
}

/** A document that the subject signs: its key goes into the header. */
export function bySubject(typ: string, claims: JsonObject, header: JsonObject = {}, key = relationship.sign): string {
  return jws({ alg: "ES256", typ, jwk: publicPart(key), ...header }, claims, key);
}

/** How many bytes a payload has. */
export function size(payload: JsonObject): number {
  return utf8(jcs(payload)).length;
}
