import { maxBytes } from "../../../src/core/catalogue.ts";
import { digest, jcs, unb64u, utf8 } from "../../../src/core/encoding.ts";
import type { Bytes, JsonObject } from "../../../src/core/encoding.ts";
import { b64u } from "../../../src/core/encoding.ts";
import type { Code } from "../../../src/core/errors.ts";
import { publicPart, thumbprint } from "../../../src/core/keys.ts";
import type { PrivateJwk } from "../../../src/core/keys.ts";
import { aDigest, anId, jwsOf, keyPair } from "../keys.ts";
import type { Inputs } from "../operations.ts";
import { fixedJwe } from "../jwe.ts";
import { Area } from "../recipe.ts";
import { CLIENT, ENDS, GRANT, HOUR, NOW, SALT, bySubject, decisions, decrypting, detail, recordClaims, relationship, requestClaims,
  requestOf, retired, size, stranger } from "../world.ts";

const TYP = "disclosure+jwt";
const CLAIMS: JsonObject = {
  "person.full_name": { value: "Siân O’Connor", source: "self_asserted", as_of: "2026-11-02" },
  "contact.mobile": { absent: "withheld" }, "health.conditions": { absent: "not_held" },
};

const encrypted = async (plaintext: Bytes, recipient: PrivateJwk = decrypting, header: JsonObject = {}): Promise<string> =>
  fixedJwe(TYP, plaintext, recipient, header);

type Base = Omit<Inputs["disclosure.open"], "disclosure">;

/** `disclosure.open`, `disclosure.capacity` (protocols/specs/disclosure.md). */
export async function disclosure(): Promise<Area> {
  const area = new Area("disclosure");
  const request = requestOf(requestClaims(await detail()));
  const base: Base = {
    key: decrypting, record: bySubject("sharing-record+jwt", await recordClaims(request)), request_hash: await digest(request),
    client_id: CLIENT, now: NOW, n: 5, last: { revision: 2, n: 4 },
  };
  capacities(area);
  await goodOnes(area, base);
  await badPayloads(area, base);
  await badInner(area, base);
  await badOuter(area, base);
  return area;
}

function capacities(area: Area): void {
  const cases: [string, string[], number][] = [
    ["one name", ["person.full_name"], 4096], ["an answer of yes or no", ["person.age_over_18"], 4096],
    ["an address fills the smallest size", ["address.current"], 4096], ["two addresses do not", ["address.current", "contact.correspondence_address"], 16384],
    ["a text in one's own words", ["health.conditions"], 16384], ["a list", ["household.members"], 16384],
    ["a list and a text", ["household.members", "health.conditions"], 32768],
    ["exactly 4096", ["person.full_name", "contact.email", "person.preferred_name"], 4096],
  ];
  for (const [comment, attributes, bytes] of cases) area.valid("disclosure.capacity", comment, { attributes }, bytes);
  const many = ["household.members", "person.previous_names", "address.history", "benefit.awards", "person.nationalities", "contact.communication_needs",
    "health.conditions"];
  area.invalid("disclosure.capacity", "disclosure/too-large", `${many.reduce((sum, id) => sum + 192 + maxBytes(id), 1280)} bytes`, { attributes: many });
}

async function goodOnes(area: Area, base: Base): Promise<void> {
  const good = async (comment: string, changes: JsonObject = {}, of: Base = base): Promise<Area> => {
    const payload = await payloadOf(of, changes);
    const output = { revision: payload["revision"] ?? 0, claims: payload["claims"] ?? {} };
    return area.valid("disclosure.open", comment, { ...of, disclosure: await sealedFor(payload) }, output);
  };
  await good("a name shared, a mobile withheld, a text not held");
  await good("everything shared", { claims: {
    ...CLAIMS, "health.conditions": { value: "Asthma", source: "self_asserted", as_of: "2026-11-02" },
  } });
  await good("the first one that the service reads", { revision: 1 }, { ...base, last: null, n: 3 });
  await good("the same revision again", { revision: 2 }, { ...base, n: 4 });
  await good("a derived value", { claims: { ...CLAIMS, "person.full_name": { value: true, source: "derived", as_of: "2024-02-29" } } });
  await good("withheld looks like not held", { claims: { ...CLAIMS, "contact.mobile": { absent: "not_held" } } });
  await good("the last second", {}, { ...base, now: ENDS - 1 });
}

async function badPayloads(area: Area, base: Base): Promise<void> {
  const bad = async (error: Code, comment: string, changes: JsonObject, of: Base = base): Promise<Area> =>
    area.invalid("disclosure.open", error, comment, { ...of, disclosure: await sealedFor(await payloadOf(of, changes)) });
  await bad("disclosure/members", "a claim more", { name: "Siân" });
  await bad("disclosure/members", "claims that are an array", { claims: [] });
  await bad("disclosure/members", "revision 0", { revision: 0 });
  await bad("disclosure/members", "the private deposit key", { deposit_jwk: relationship.deposit });
  await bad("disclosure/members", "pad that is a number", { pad: 0 });
  await bad("subject/mismatch", "another sub", { sub: aDigest("sub") });
  await bad("subject/mismatch", "another iss", { iss: aDigest("iss") });
  await bad("disclosure/audience", "for another service", { aud: "https://parking.seatown.example/" });
  await bad("disclosure/grant", "of another grant", { grant_id: anId("another grant") });
  await bad("disclosure/request", "for another request", { request_hash: aDigest("request") });
  await bad("disclosure/expired", "the first second after its end", {}, { ...base, now: ENDS });
  await bad("disclosure/expired", "another end than the record's", { exp: ENDS + 1 });
  const { "contact.mobile": mobile, ...rest } = CLAIMS;
  await bad("disclosure/attributes", "an attribute is missing", { claims: rest });
  await bad("disclosure/attributes", "an attribute that was not asked", { claims: { ...CLAIMS, "contact.email": mobile ?? null } });
  await bad("disclosure/attributes", "a decision is missing", { decisions: { "person.full_name": "share" } });
  const claim = (value: JsonObject | null): JsonObject => ({ claims: { ...CLAIMS, "person.full_name": value } });
  await bad("disclosure/claim", "value and absent", claim({ value: "Siân", absent: "withheld", source: "self_asserted", as_of: "2026-11-02" }));
  await bad("disclosure/claim", "a value without its source", claim({ value: "Siân", as_of: "2026-11-02" }));
  await bad("disclosure/claim", "attested, which comes with deposits", claim({ value: "Siân", source: "attested", as_of: "2026-11-02" }));
  await bad("disclosure/claim", "as_of that is no day", claim({ value: "Siân", source: "self_asserted", as_of: "2026-11-31" }));
  await bad("disclosure/claim", "an unknown reason of absence", claim({ absent: "secret" }));
  await bad("disclosure/claim", "null", claim(null));
  await bad("disclosure/decision", "a value although it was withheld",
    { claims: { ...CLAIMS, "contact.mobile": { value: "+447700900123", source: "self_asserted", as_of: "2026-11-02" } } });
  await bad("disclosure/decision", "a decision that is none", { decisions: { ...decisions, "contact.mobile": "ask" } });
  await bad("disclosure/decisions", "another salt", { decisions_salt: anId("another salt") });
  await bad("disclosure/decisions", "another decision than the record's", { decisions: { ...decisions, "health.conditions": "withhold" } });
  await bad("disclosure/rolled-back", "an older revision", { revision: 1 });
  await bad("disclosure/rolled-back", "an older position in the log", {}, { ...base, n: 3 });
}

async function badInner(area: Area, base: Base): Promise<void> {
  const payload = await payloadOf(base);
  const bad = async (error: Code, comment: string, inner: string): Promise<Area> =>
    area.invalid("disclosure.open", error, comment, { ...base, disclosure: await encrypted(utf8(inner)) }, "Jose");
  await bad("jose/malformed", "no JWS inside", jcs(payload));
  await bad("jose/type", "a sharing record inside", base.record);
  await bad("jose/algorithm", "an unsigned JWS inside", bySubject(TYP, payload, { alg: "none" }));
  await bad("jose/header", "a kid in the inner header", bySubject(TYP, payload, { kid: "1" }));
  await bad("jose/key", "no key in the inner header", jwsOf(jcs({ alg: "ES256", typ: TYP }), jcs(payload), relationship.sign));
  await bad("jose/signature", "signed by a stranger, with the subject's key in the header",
    jwsOf(jcs({ alg: "ES256", typ: TYP, jwk: publicPart(relationship.sign) }), jcs(payload), stranger));
  await bad("subject/mismatch", "a stranger names the subject", bySubject(TYP, payload, {}, stranger));
  const strangers = await thumbprint(stranger);
  await bad("subject/mismatch", "a stranger signs as himself", bySubject(TYP, { ...payload, sub: strangers, iss: strangers }, {}, stranger));
  await bad("jose/payload", "a claim twice", jwsOf(jcs({ alg: "ES256", typ: TYP, jwk: publicPart(relationship.sign) }),
    jcs(payload).replace("{", "{\"revision\":9,"), relationship.sign));
}

async function badOuter(area: Area, base: Base): Promise<void> {
  const good = await sealedFor(await payloadOf(base));
  const [header = "", wrapped = "", iv = "", ciphertext = "", tag = ""] = good.split(".");
  const bad = (error: Code, comment: string, jwe: string, changes: Partial<Base> = {}): Area =>
    area.invalid("disclosure.open", error, comment, { ...base, ...changes, disclosure: jwe }, "Jose");
  const headed = (changes: JsonObject): string => {
    const members = { ...JSON.parse(Buffer.from(header, "base64url").toString()) as JsonObject, ...changes };
    return [b64u(utf8(jcs(members))), wrapped, iv, ciphertext, tag].join(".");
  };
  const epk = publicPart(keyPair("ephemeral"));
  bad("jose/too-long", "over 65536 bytes", `${good}${"A".repeat(65537 - good.length)}`);
  bad("jose/malformed", "four parts", [header, wrapped, iv, ciphertext].join("."));
  bad("jose/malformed", "a padded tag", `${good}==`);
  bad("jose/header", "compressed", headed({ zip: "DEF" }));
  bad("jose/header", "cty", headed({ cty: "JWT" }));
  bad("jose/header", "crit", headed({ crit: ["exp"] }));
  bad("jose/header", "apu", headed({ apu: "QQ" }));
  bad("jose/algorithm", "alg dir", headed({ alg: "dir" }));
  bad("jose/algorithm", "enc A128GCM", headed({ enc: "A128GCM" }));
  bad("jose/algorithm", "direct key agreement", await encrypted(utf8("x.y.z"), decrypting, { alg: "ECDH-ES" }));
  bad("jose/algorithm", "enc A256CBC-HS512", await encrypted(utf8("x.y.z"), decrypting, { enc: "A256CBC-HS512" }));
  bad("jose/type", "no typ", await encrypted(utf8("x.y.z"), decrypting, { typ: "JWT" }));
  bad("jose/key", "an ephemeral key that is no point of the curve", headed({ epk: { ...epk, y: aDigest("y") } }));
  bad("jose/key", "the private ephemeral key", headed({ epk: keyPair("ephemeral") }));
  bad("jose/key", "an ephemeral key with a kid", headed({ epk: { ...epk, kid: "1" } }));
  bad("jose/key", "no ephemeral key", headed({ epk: null }));
  bad("jose/key", "for another key", await encrypted(utf8("x.y.z"), retired));
  bad("jose/key", "a kid that is no thumbprint", headed({ kid: "badges" }));
  const kid = await thumbprint(decrypting);
  bad("disclosure/decrypt", "encrypted to another key under this kid", await encrypted(utf8("x.y.z"), stranger, { kid }));
  bad("disclosure/decrypt", "another ephemeral key", headed({ epk: publicPart(keyPair("another ephemeral")) }));
  bad("disclosure/decrypt", "a changed key", [header, changed(wrapped), iv, ciphertext, tag].join("."));
  bad("disclosure/decrypt", "a changed nonce", [header, wrapped, changed(iv), ciphertext, tag].join("."));
  bad("disclosure/decrypt", "a changed ciphertext", [header, wrapped, iv, changed(ciphertext), tag].join("."));
  bad("disclosure/decrypt", "a changed tag", [header, wrapped, iv, ciphertext, changed(tag)].join("."));
  bad("disclosure/decrypt", "a shortened tag", [header, wrapped, iv, ciphertext, b64u(unb64u(tag).slice(0, 12))].join("."));
  bad("disclosure/decrypt", "a shortened nonce", [header, wrapped, b64u(unb64u(iv).slice(0, 8)), ciphertext, tag].join("."));
  bad("disclosure/decrypt", "no tag", [header, wrapped, iv, ciphertext, ""].join("."));
  bad("disclosure/decrypt", "another header, the same key", headed({ typ: TYP, kid, epk: { ...epk } }).replace(header, b64u(utf8(reordered(header)))));
}

/** The same header with its members in another order: other bytes are authenticated. */
function reordered(header: string): string {
  const members = JSON.parse(Buffer.from(header, "base64url").toString()) as JsonObject;
  return JSON.stringify(Object.fromEntries(Object.entries(members).reverse()));
}

/** The payload, padded to the size of what was asked. */
async function payloadOf(base: Base, changes: JsonObject = {}): Promise<JsonObject> {
  const sub = await thumbprint(relationship.sign);
  const payload = {
    iss: sub, sub, aud: CLIENT, grant_id: GRANT, request_hash: base.request_hash, revision: 3, iat: HOUR, exp: ENDS, claims: CLAIMS,
    decisions, decisions_salt: SALT, deposit_jwk: publicPart(relationship.deposit), pad: "", ...changes,
  };
  return { ...payload, pad: payload.pad === "" ? "0".repeat(16384 - size(payload)) : payload.pad };
}

async function sealedFor(payload: JsonObject): Promise<string> {
  return encrypted(utf8(bySubject(TYP, payload)));
}

function changed(part: string): string {
  const bytes = unb64u(part);
  return b64u(bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte)));
}
