import { b64u, digest } from "../../../src/core/encoding.ts";
import type { Json, JsonObject } from "../../../src/core/encoding.ts";
import type { Code } from "../../../src/core/errors.ts";
import { formatCode } from "../../../src/core/counter.ts";
import { aDigest, fixed } from "../keys.ts";
import type { Inputs } from "../operations.ts";
import { Area } from "../recipe.ts";
import { CLIENT, ISSUER, NOW, detail, indexOf, requestClaims, requestOf, statementOf } from "../world.ts";

const PLACE = { en: "Seatown Library", cy: "Llyfrgell Trefymôr" };
const DESK = { id: "library-1", place: PLACE };
const ANNEXE = { id: "annexe", place: { ...PLACE, en: "Seatown Library Annexe" } };
const LATER = { redirect_uri: null, code_challenge: null, code_challenge_method: null, state: null };

/** Codes that join a phone to a desk, and requests made there (protocols/specs/counter.md). */
export async function counter(): Promise<Area> {
  const area = new Area("counter");
  addCodes(area);
  addStates(area);
  await requests(area);
  return area;
}

function addCodes(area: Area): void {
  const secret = fixed("counter", 16);
  const code = formatCode(secret);
  const prefix = `${ISSUER.toUpperCase()}/Q/`;
  area.valid("counter.format", "a code", { bytes: b64u(secret) }, code)
    .valid("counter.address", "a picture", { address: prefix + code, issuer: ISSUER }, code)
    .valid("counter.typed", "as people type", { typed: " o1li 9z9z " }, "01119Z9Z")
    .valid("counter.digits", "as people type", { typed: "0 0 0 7" }, "0007");
  const address = (error: Code, comment: string, text: string): Area =>
    area.invalid("counter.address", error, comment, { address: text, issuer: ISSUER });
  address("counter/origin", "the address that a browser shows", `${ISSUER}/Q/${code}`);
  address("counter/origin", "a Kelvin sign, whose small letter is k", `${prefix}${code}\u212a`);
  address("counter/origin", "another scheme", `JAVASCRIPT:${code}`);
  address("counter/origin", "a picture of something else", "WIFI:S:LIBRARY;;");
  address("counter/code", "a fragment", `${prefix}${code}#X`);
  address("counter/code", "a path that leads elsewhere", `${prefix}../${code}`);
  for (const typed of ["ABCD-EFG", "ABCD-EFGHI", "ABCD‑EFGH", "ΑBCD-EFGH"]) {
    area.invalid("counter.typed", "counter/typed", "not the eight characters", { typed });
  }
  for (const typed of ["007", "00007", "٠٠٠٧", "1e3 "]) {
    area.invalid("counter.digits", "counter/digits", "not four digits", { typed });
  }
}

function addStates(area: Area): void {
  area.valid("counter.follow", "the way from the beginning", { state: "waiting", act: "open" }, "opened")
    .valid("counter.follow", "the resident says no", { state: "paired", act: "decline" }, "decided")
    .invalid("counter.follow", "counter/state", "a decision before the digits", { state: "opened", act: "approve" })
    .invalid("counter.follow", "counter/state", "collected twice", { state: "collected", act: "collect" })
    .invalid("counter.follow", "counter/state", "nothing after the end", { state: "void", act: "open" });
}

async function requests(area: Area): Promise<void> {
  const counters = [{ ...DESK, purposes: ["blue-badge"] }, { ...ANNEXE, purposes: ["blue-badge", "in-the-area"] }] as const;
  const statement = await statementOf({ counters });
  const base = { statement, index: await indexOf(statement), issuer: ISSUER, now: NOW, shown: DESK.id };
  const made = async (desk: Json, more: JsonObject = {}, claims: JsonObject = {}): Promise<string> =>
    requestOf(requestClaims(await detail({ desk, ...more }), { ...LATER, dpop_jkt: aDigest("desk key"), ...claims }));
  const good = await made(DESK);
  area.valid("counter.request", "three details at a desk", { ...base, request: good },
    { request_hash: await digest(good), purpose: "blue-badge", attributes: ASKED, desk: DESK.id });
  const bad = (error: Code, comment: string, request: string, changes: Partial<Inputs["counter.request"]> = {}): Area =>
    area.invalid("counter.request", error, comment, { ...base, request, ...changes });
  bad("counter/desk", "the annexe's request, where the library was shown", await made(ANNEXE));
  bad("counter/desk", "the library's request, where the annexe was shown", good, { shown: ANNEXE.id });
  bad("request/desk", "the library's id with the annexe's place", await made({ ...DESK, place: ANNEXE.place }));
  bad("request/desk", "a purpose of another desk", await made(DESK, {
    purpose: "in-the-area", access: "once", attributes: { "address.lives_in_area": { zone: "centre" } },
  }));
  bad("request/desk", "no desk", await made(null));
  bad("request/members", "sent back to somewhere", await made(DESK, {}, { redirect_uri: `${CLIENT}return` }));
  bad("request/desk-key", "a key that is no thumbprint", await made(DESK, {}, { dpop_jkt: "key" }));
  const online = { statement: base.statement, index: base.index, issuer: ISSUER, now: NOW };
  area.invalid("request.verify", "request/response-type", "a counter's request, online", {
    ...online, request: await made(DESK, {}, { response_type: null }),
  });
  area.invalid("request.verify", "request/members", "a desk, online", { ...online, request: requestOf(requestClaims(await detail({ desk: DESK }))) });
}

const ASKED = ["contact.mobile", "health.conditions", "person.full_name"];
