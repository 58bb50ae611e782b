/** The counter: codes that join a phone to a desk, and what may follow what (protocols/specs/counter.md). */
import { digest, isObject } from "./encoding.ts";
import type { Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { DIGEST } from "./members.ts";
import { ALPHABET, asTyped } from "./recovery.ts";
import type { Desk, Purpose, Service } from "./registry.ts";
import { localesOf, optionalText, readDetails, readSigned } from "./request.ts";
import type { Judging, Request } from "./request.ts";

export type State = "waiting" | "opened" | "paired" | "decided" | "collected" | "void";
export type Act = "open" | "claim" | "miss" | "lock" | "pair" | "leave" | "approve" | "decline" | "collect" | "cancel" | "lapse";

const OVER = { cancel: "void", lapse: "void" } as const;
/** What may happen in which state, and where it leads: all that is not here is refused. */
const TABLE: ReadonlyMap<string, Readonly<Partial<Record<Act, State>>>> = new Map<State, Partial<Record<Act, State>>>([
  ["waiting", { ...OVER, open: "opened" }],
  ["opened", { ...OVER, claim: "opened", miss: "opened", lock: "void", pair: "paired", leave: "void" }],
  ["paired", { ...OVER, approve: "decided", decline: "decided", leave: "void" }],
  ["decided", { ...OVER, collect: "collected" }],
]);

const CODE = /^[0-9A-HJKMNP-TV-Z]{25}[048CGMRW]$/;
const TYPED = /^[0-9A-HJKMNP-TV-Z]{8}$/;
const DIGITS = /^[0-9]{4}$/;
const CODE_BYTES = 16;
const NEVER_HERE = ["redirect_uri", "code_challenge", "code_challenge_method", "response_mode", "state"];

/** A request at a counter, and the desk that the service signed in it. */
export interface CounterRequest extends Request { readonly desk: Desk }

/** The state after an act. Errors: `counter/state`. */
export function follow(state: State, act: Act): State {
  const next = TABLE.get(state)?.[act];
  if (next === undefined) throw new Invalid("counter/state", `${act} in ${state}`);
  return next;
}

/** 16 bytes as 26 characters: the bits from the left, five to a character, two zero bits at the end. */
export function formatCode(secret: Uint8Array): string {
  if (secret.length !== CODE_BYTES) throw new Invalid("counter/code");
  const number = secret.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n) << 2n;
  return Array.from({ length: 26 }, (_, at) => ALPHABET[Number(number >> BigInt(125 - 5 * at) & 31n)]).join("");
}

/** The code, if it is one of ours to the last bit. Errors: `counter/code`. */
export function parseCode(code: string): string {
  if (!CODE.test(code)) throw new Invalid("counter/code");
  return code;
}

/** The code of a picture of this server's, and of no other's. Errors: `counter/origin`, `counter/code`. */
export function parseAddress(address: string, issuer: string): string {
  const prefix = `${issuer.toUpperCase()}/Q/`;
  // Byte for byte: what a Unicode rule would call equal to a capital of ours is another address.
  if (!/^[ -~]*$/.test(address) || !address.startsWith(prefix)) throw new Invalid("counter/origin");
  return parseCode(address.slice(prefix.length));
}

/** The eight characters, however they were typed. Errors: `counter/typed`. */
export function parseTyped(typed: string): string {
  const characters = asTyped(typed);
  if (!TYPED.test(characters)) throw new Invalid("counter/typed");
  return characters;
}

/** The four digits, however they were typed. Errors: `counter/digits`. */
export function parseDigits(typed: string): string {
  const digits = typed.replaceAll(" ", "");
  if (!DIGITS.test(digits)) throw new Invalid("counter/digits");
  return digits;
}

/** The request, if the service signed it and may ask it at the desk that it names. Errors: `jose/…`, `request/…`. */
export async function verifyCounterRequest(compact: string, service: Service, judging: Judging): Promise<CounterRequest> {
  const claims = await readSigned(compact, service, judging);
  const dpopJkt = readCommon(claims);
  const found: { desk?: Desk } = {};
  const asked = readDetails(claims["authorization_details"] ?? null, service, judging, ["desk"], (detail, purpose) => {
    found.desk = signedDesk(detail["desk"], service.counters, purpose);
  });
  if (found.desk === undefined) throw new Invalid("request/desk");
  return {
    clientId: service.clientId, redirectUri: "", state: null, dpopJkt, uiLocales: localesOf(claims["ui_locales"]), ...asked,
    requestHash: await digest(compact), desk: found.desk,
  };
}

/** The desk that the service signed is the one that the resident was shown before pairing. Errors: `counter/desk`. */
export function checkDesk(signed: Desk, shown: Desk): void {
  if (signed.id !== shown.id || signed.place.en !== shown.place.en || signed.place.cy !== shown.place.cy) {
    throw new Invalid("counter/desk", signed.id);
  }
}

/** What differs from a request online: nobody is sent anywhere, and the desk's key is there. */
function readCommon(claims: JsonObject): string {
  const strange = NEVER_HERE.find((name) => Object.hasOwn(claims, name));
  if (strange !== undefined) throw new Invalid("request/members", strange);
  if (Object.hasOwn(claims, "response_type") && claims["response_type"] !== "code") throw new Invalid("request/response-type");
  if (claims["scope"] !== undefined && claims["scope"] !== "openid") throw new Invalid("request/scope");
  optionalText(claims, "nonce");
  const jkt = claims["dpop_jkt"];
  if (typeof jkt !== "string" || !DIGEST.test(jkt)) throw new Invalid("request/desk-key");
  return jkt;
}

function signedDesk(value: Json | undefined, desks: readonly Desk[], purpose: Purpose): Desk {
  const named = isObject(value) && Object.keys(value).sort().join(" ") === "id place" ? value : {};
  const desk = desks.find(({ id }) => id === named["id"]);
  const place = named["place"];
  const same = desk !== undefined && isObject(place) && Object.keys(place).length === 2
    && place["en"] === desk.place.en && place["cy"] === desk.place.cy;
  if (!same || !desk.purposes.includes(purpose.id)) throw new Invalid("request/desk");
  return desk;
}
