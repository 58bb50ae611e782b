import { digest, jcs } from "../../../src/core/encoding.ts";
import type { Json, JsonObject } from "../../../src/core/encoding.ts";
import type { Code } from "../../../src/core/errors.ts";
import { publicPart, thumbprint } from "../../../src/core/keys.ts";
import { grantEnd } from "../../../src/core/request.ts";
import { aDigest, anId, jws } from "../keys.ts";
import type { Inputs } from "../operations.ts";
import { Area } from "../recipe.ts";
import { CLIENT, ENDS, GRANT, HOUR, ISSUER, NOW, SALT, bySubject, decisions, detail, indexOf, recordClaims, relationship,
  requestClaims, requestOf, statementOf, stranger } from "../world.ts";

const RECORD = "sharing-record+jwt";
const PROOF = "subject-proof+jwt";
const PAUSE = "pause+jwt";
const REVOCATION = "revocation+jwt";

type Base = Omit<Inputs["record.verify"], "record">;

/** `record.verify`, `decisions.hash`, `proof.verify`, `revocation.verify`, `pause.verify` (protocols/specs/grant.md). */
export async function grant(): Promise<Area> {
  const area = new Area("grant");
  const statement = await statementOf();
  const request = requestOf(requestClaims(await detail()));
  const base: Base = { request, statement, index: await indexOf(statement), issuer: ISSUER, now: NOW };
  await goodRecords(area, base);
  await badRecords(area, base);
  await badRecordKeys(area, base);
  await hashes(area);
  const hash = await digest(bySubject(RECORD, await recordClaims(request)));
  await proofs(area, await digest(request), hash);
  await revocations(area, hash);
  await pauses(area, hash);
  return area;
}

async function goodRecords(area: Area, base: Base): Promise<void> {
  const sub = await thumbprint(relationship.sign);
  const good = async (comment: string, changes: JsonObject, of: Base = base): Promise<Area> => {
    const record = bySubject(RECORD, await recordClaims(of.request, changes));
    return area.valid("record.verify", comment, { ...of, record }, { sub, grant_id: GRANT, record_hash: await digest(record) });
  };
  await good("what was asked", {});
  await good("an earlier end", { access: { until: "2026-11-30" }, exp: endOf("2026-11-30") });
  await good("it ends today", { access: { until: "2026-11-23" }, exp: endOf("2026-11-23") });
  await good("made two hours ago", { iat: HOUR - 7200 });
  await good("a clock that is 10 s ahead at the hour", { iat: HOUR }, { ...base, now: HOUR - 10 });
  const signIn: Base = { ...base, request: requestOf(requestClaims(null)) };
  await good("a sign-in", SIGN_IN, signIn);
}

const SIGN_IN: JsonObject = {
  purpose: "sign-in", lawful_basis: "public_task", attributes: [], access: "once", exp: HOUR + 86400, retention_days: 0,
  decisions_hash: "",
};

function endOf(until: string): number {
  return grantEnd({ until }, NOW);
}

async function badRecords(area: Area, base: Base): Promise<void> {
  const bad = async (error: Code, comment: string, changes: JsonObject, of: Base = base): Promise<Area> =>
    area.invalid("record.verify", error, comment, { ...of, record: bySubject(RECORD, await recordClaims(of.request, changes)) });
  for (const [comment, changes] of Object.entries<JsonObject>({
    "another schema": { schema: "pds/sharing-record/2" }, "a claim that we do not know": { note: "" },
    "an id that is none": { jti: "grant-1" }, "iat as a text": { iat: String(HOUR) }, "attributes as a text": { attributes: "person.full_name" },
    "access for ever": { access: "always" }, "access until no day": { access: { until: "2027-02-29" } },
    "no decisions hash although something was asked": { decisions_hash: "" }, "a decisions hash that is none": { decisions_hash: "x" },
    "retention below nothing": { retention_days: -1 },
  })) await bad("record/members", comment, changes);
  await bad("subject/mismatch", "another sub", { sub: aDigest("sub") });
  await bad("subject/mismatch", "another iss", { iss: aDigest("iss") });
  await bad("record/request", "the hash of another request", { request_hash: aDigest("request") });
  await bad("record/audience", "another service", { aud: "https://parking.seatown.example/" });
  await bad("record/authority", "another authority", { authority: "anytown" });
  await bad("record/purpose", "another purpose of the service", { purpose: "in-the-area" });
  await bad("record/purpose", "another lawful basis", { lawful_basis: "public_task" });
  const asked = Object.keys(decisions).sort();
  await bad("record/attributes", "one attribute more than was asked", { attributes: [...asked, "address.current"].sort() });
  await bad("record/attributes", "one attribute less", { attributes: asked.slice(1) });
  await bad("record/attributes", "not sorted", { attributes: [...asked].reverse() });
  await bad("record/attributes", "one attribute twice", { attributes: [...asked, "person.full_name"] });
  await bad("record/access", "a later end", { access: { until: "2027-06-01" }, exp: ENDS + 86400 });
  await bad("record/access", "once instead of until", { access: "once", exp: HOUR + 86400 });
  await bad("record/access", "over since yesterday", { access: { until: "2026-11-22" }, exp: endOf("2026-11-22") });
  await bad("record/time", "iat within the hour", { iat: NOW });
  await bad("record/time", "iat of the next hour", { iat: HOUR + 3600 });
  await bad("record/time", "three hours old", { iat: HOUR - 10800 });
  await bad("record/time", "exp a day after its until", { exp: ENDS + 86400 });
  await bad("record/time", "exp at the beginning of its until", { exp: ENDS - 86400 });
  await bad("record/retention", "they keep it longer", { retention_days: 1096 });
  const signIn: Base = { ...base, request: requestOf(requestClaims(null)) };
  await bad("record/purpose", "a record for data where a sign-in was asked", {}, signIn);
  await bad("record/purpose", "a sign-in where data was asked", SIGN_IN);
  await bad("record/attributes", "a sign-in that shares", { ...SIGN_IN, attributes: ["person.full_name"] }, signIn);
  await bad("record/members", "a sign-in with decisions", { ...SIGN_IN, decisions_hash: aDigest("decisions") }, signIn);
  await bad("record/time", "a sign-in that lasts", { ...SIGN_IN, exp: HOUR + 2 * 86400 }, signIn);
  area.invalid("record.verify", "request/audience", "the request is for another server",
    { ...base, issuer: "https://data.anytown.example", record: bySubject(RECORD, await recordClaims(base.request)) });
}

async function badRecordKeys(area: Area, base: Base): Promise<void> {
  const claims = await recordClaims(base.request);
  const bad = (error: Code, comment: string, record: string): Area =>
    area.invalid("record.verify", error, comment, { ...base, record }, "Jose");
  bad("subject/mismatch", "signed by a stranger's key, which is in the header", bySubject(RECORD, claims, {}, stranger));
  bad("jose/signature", "signed by a stranger, with the subject's key in the header",
    jws({ alg: "ES256", typ: RECORD, jwk: publicPart(relationship.sign) }, claims, stranger));
  bad("jose/key", "no key in the header", jws({ alg: "ES256", typ: RECORD }, claims, relationship.sign));
  bad("jose/key", "the private key in the header", bySubject(RECORD, claims, { jwk: relationship.sign }));
  bad("jose/key", "a kid in the key", bySubject(RECORD, claims, { jwk: { ...publicPart(relationship.sign), kid: "1" } }));
  bad("jose/header", "a kid in the header", bySubject(RECORD, claims, { kid: "1" }));
  bad("jose/type", "a subject proof's typ", bySubject(PROOF, claims));
  bad("jose/too-long", "over 16384 bytes", bySubject(RECORD, { ...claims, purpose: "p".repeat(12000) }));
}

async function hashes(area: Area): Promise<void> {
  const hashed = async (salt: string, members: Json): Promise<string> => digest(jcs([salt, members]));
  area.valid("decisions.hash", "share and withhold", { salt: SALT, decisions }, await hashed(SALT, decisions));
  area.valid("decisions.hash", "in another order", { salt: SALT, decisions: Object.fromEntries(Object.entries(decisions).reverse()) },
    await hashed(SALT, decisions));
  area.valid("decisions.hash", "another salt", { salt: anId("another salt"), decisions }, await hashed(anId("another salt"), decisions));
}

async function proofs(area: Area, requestHash: string, recordHash: string): Promise<void> {
  const sub = await thumbprint(relationship.sign);
  const whole: JsonObject = {
    aud: CLIENT, sub, request_hash: requestHash, grant_id: GRANT, record_hash: recordHash, iat: HOUR,
    deposit_jwk: publicPart(relationship.deposit),
  };
  const input = (subject_proof: string): Inputs["proof.verify"] => ({ subject_proof, client_id: CLIENT, request_hash: requestHash });
  const bad = (error: Code, comment: string, changes: JsonObject): Area =>
    area.invalid("proof.verify", error, comment, input(bySubject(PROOF, { ...whole, ...changes })));
  area.valid("proof.verify", "as the wallet sends it", input(bySubject(PROOF, whole)), { sub, grant_id: GRANT, record_hash: recordHash });
  bad("proof/members", "a claim more", { exp: HOUR });
  bad("proof/members", "a grant id that is none", { grant_id: 7 });
  bad("proof/members", "the private deposit key", { deposit_jwk: relationship.deposit });
  bad("proof/members", "a deposit key that is no point of the curve", { deposit_jwk: { ...publicPart(relationship.deposit), y: aDigest("y") } });
  bad("proof/members", "no deposit key", { deposit_jwk: null });
  bad("subject/mismatch", "another sub", { sub: aDigest("sub") });
  bad("proof/audience", "for another service", { aud: "https://parking.seatown.example/" });
  bad("proof/request", "for another request", { request_hash: aDigest("request") });
  area.invalid("proof.verify", "subject/mismatch", "a stranger names the subject", input(bySubject(PROOF, whole, {}, stranger)));
  area.invalid("proof.verify", "jose/type", "a revocation's typ", input(bySubject(REVOCATION, whole)));
  area.invalid("proof.verify", "jose/signature", "signed by a stranger, with the subject's key in the header",
    input(jws({ alg: "ES256", typ: PROOF, jwk: publicPart(relationship.sign) }, whole, stranger)));
}

async function revocations(area: Area, recordHash: string): Promise<void> {
  const sub = await thumbprint(relationship.sign);
  const whole: JsonObject = { aud: CLIENT, sub, grant_id: GRANT, record_hash: recordHash, iat: NOW };
  const input = (revocation: string, expected = sub): Inputs["revocation.verify"] =>
    ({ revocation, client_id: CLIENT, sub: expected, grant_id: GRANT, record_hash: recordHash });
  const bad = (error: Code, comment: string, changes: JsonObject): Area =>
    area.invalid("revocation.verify", error, comment, input(bySubject(REVOCATION, { ...whole, ...changes })));
  area.valid("revocation.verify", "as the wallet makes it", input(bySubject(REVOCATION, whole)), { iat: NOW });
  bad("revocation/members", "a claim more", { why: "I moved" });
  bad("revocation/members", "a time before 1970", { iat: -1 });
  bad("revocation/members", "a record hash that is none", { record_hash: "" });
  bad("subject/mismatch", "another sub", { sub: aDigest("sub") });
  bad("revocation/grant", "of another grant", { grant_id: anId("another grant") });
  bad("revocation/record", "of another record", { record_hash: aDigest("record") });
  bad("revocation/audience", "for another service", { aud: "https://parking.seatown.example/" });
  const strangers = await thumbprint(stranger);
  area.invalid("revocation.verify", "subject/mismatch", "a stranger revokes as himself",
    input(bySubject(REVOCATION, { ...whole, sub: strangers }, {}, stranger)));
  area.invalid("revocation.verify", "jose/type", "a sharing record is no revocation", input(bySubject(RECORD, whole)));
}

async function pauses(area: Area, recordHash: string): Promise<void> {
  const sub = await thumbprint(relationship.sign);
  const whole: JsonObject = { aud: CLIENT, sub, grant_id: GRANT, record_hash: recordHash, paused: true, seq: 12, iat: NOW };
  const input = (word: string, paused = true): Inputs["pause.verify"] =>
    ({ word, client_id: CLIENT, sub, grant_id: GRANT, record_hash: recordHash, paused });
  const bad = (error: Code, comment: string, changes: JsonObject): Area =>
    area.invalid("pause.verify", error, comment, input(bySubject(PAUSE, { ...whole, ...changes })));
  area.valid("pause.verify", "as the wallet makes it", input(bySubject(PAUSE, whole)), { seq: 12 });
  area.valid("pause.verify", "as the wallet resumes", input(bySubject(PAUSE, { ...whole, paused: false }), false), { seq: 12 });
  bad("pause/members", "a claim more", { why: "a rest" });
  bad("pause/members", "a number that is none", { seq: "12" });
  bad("pause/members", "a sub that is none", { sub: "me" });
  bad("subject/mismatch", "another sub", { sub: aDigest("sub") });
  bad("pause/audience", "for another service", { aud: "https://parking.seatown.example/" });
  bad("pause/grant", "of another grant", { grant_id: anId("another grant") });
  bad("pause/record", "of another record", { record_hash: aDigest("record") });
  bad("pause/paused", "the opposite", { paused: false });
  area.invalid("pause.verify", "jose/type", "a revocation is no pause", input(bySubject(REVOCATION, whole)));
}
