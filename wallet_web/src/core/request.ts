/** What a service asks, and whether it may (protocols/specs/request.md). */
import { DAY, dateOf, dayNumber, dayOf } from "./dates.ts";
import { digest, hour, isArray, isObject, jcs } from "./encoding.ts";
import type { Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { REQUEST_OBJECT } from "./forms.ts";
import { readHeader, verify } from "./jose.ts";
import { entries, exactly } from "./members.ts";
import { SIGN_IN } from "./registry.ts";
import type { Purpose, Service } from "./registry.ts";
import { keysNamed } from "./statement.ts";

const MAX_ATTRIBUTES = 64;
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const AREA_ANSWER = "address.lives_in_area";

/** `until` is a date; the grant ends at 00:00 UTC of the following day. */
export type Access = "once" | { readonly until: string };

export interface Wish { readonly required: boolean; readonly zone: string | null }

/** A request that its service may make. `purpose` is null for a sign-in. */
export interface Request {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly dpopJkt: string | null;
  /** Languages that the service wishes for, the dearest first (OpenID Connect Core 3.1.2.1); a wish that is none counts as none. */
  readonly uiLocales: readonly string[];
  readonly purpose: Purpose | null;
  readonly attributes: ReadonlyMap<string, Wish>;
  readonly access: Access;
  readonly requestHash: string;
}

/** Of whom and when a request is judged: `issuer` is the server's address, `now` a time. */
export interface Judging { readonly issuer: string; readonly now: number }

/** The request, if the service signed it and may ask it. Its own times are the server's to judge. Errors: `jose/…`, `request/…`. */
export async function verifyRequest(compact: string, service: Service, judging: Judging): Promise<Request> {
  const claims = await readSigned(compact, service, judging);
  const common = readCommon(claims, service);
  const details = claims["authorization_details"];
  const asked = details === undefined ? signInOf(claims) : readDetails(details, service, judging);
  return { ...common, ...asked, requestHash: await digest(compact) };
}

/** The claims of a request object that the service signed for this server. Errors: `jose/…`, `request/…`. */
export async function readSigned(compact: string, service: Service, judging: Judging): Promise<JsonObject> {
  const kid = readHeader(compact, REQUEST_OBJECT)["kid"];
  const { claims } = await verify(compact, REQUEST_OBJECT, keysNamed(service, kid));
  if (claims["iss"] !== service.clientId || claims["client_id"] !== service.clientId) throw new Invalid("request/client");
  const audience = claims["aud"];
  if (audience !== judging.issuer && !(isArray(audience) && audience.includes(judging.issuer))) {
    throw new Invalid("request/audience");
  }
  return claims;
}

/** An unsigned sign-in, as the server stored its parameters. Errors: `request/…`. */
export async function verifySignIn(parameters: JsonObject, service: Service): Promise<Request> {
  if (parameters["client_id"] !== service.clientId) throw new Invalid("request/client");
  const common = readCommon(parameters, service);
  if ("authorization_details" in parameters || service.signedSignIn) throw new Invalid("request/unsigned");
  return { ...common, ...signInOf(parameters), requestHash: await digest(jcs(parameters)) };
}

/** The id of a request's purpose. */
export function purposeId(request: Request): string {
  return request.purpose?.id ?? SIGN_IN;
}

/** When a grant that is made now ends, as a time. */
export function grantEnd(access: Access, now: number): number {
  if (access === "once") return hour(now) + DAY;
  return ((dayNumber(access.until) ?? 0) + 1) * DAY;
}

/** The last days that a resident may choose from, the shortest first; none for access once. */
export function untils(request: Request, now: number): readonly string[] {
  if (request.access === "once" || request.purpose === null) return [];
  const shortest = dateOf(dayOf(now) + request.purpose.shortestDays);
  return shortest < request.access.until ? [shortest, request.access.until] : [request.access.until];
}

type Common = Pick<Request, "clientId" | "redirectUri" | "state" | "dpopJkt" | "uiLocales">;
type Asked = Pick<Request, "purpose" | "attributes" | "access">;

function readCommon(claims: JsonObject, service: Service): Common {
  if (claims["response_type"] !== "code") throw new Invalid("request/response-type");
  const redirectUri = service.redirectUris.find((address) => address === claims["redirect_uri"]);
  if (redirectUri === undefined) throw new Invalid("request/redirect");
  if (claims["scope"] !== undefined && claims["scope"] !== "openid") throw new Invalid("request/scope");
  checkPkce(claims);
  for (const name of ["nonce", "response_mode"]) optionalText(claims, name);
  return {
    clientId: service.clientId, redirectUri, state: optionalText(claims, "state"), dpopJkt: optionalText(claims, "dpop_jkt"),
    uiLocales: localesOf(claims["ui_locales"]),
  };
}

/** BCP 47 tags with spaces between. */
export function localesOf(wished: Json | undefined): readonly string[] {
  return typeof wished === "string" ? wished.split(" ").filter((tag) => tag !== "") : [];
}

/** RFC 7636 section 4.2, S256 only (FAPI 2.0 section 5.3.2.2). */
function checkPkce(claims: JsonObject): void {
  const challenge = claims["code_challenge"];
  if (claims["code_challenge_method"] !== "S256" || typeof challenge !== "string" || !CHALLENGE.test(challenge)) {
    throw new Invalid("request/pkce");
  }
}

export function optionalText(claims: JsonObject, name: string): string | null {
  const value = claims[name] ?? null;
  if (value !== null && typeof value !== "string") throw new Invalid("request/members", name);
  return value;
}

function signInOf(claims: JsonObject): Asked {
  if (claims["scope"] !== "openid") throw new Invalid("request/scope");
  return { purpose: null, attributes: new Map(), access: "once" };
}

/** RFC 9396, the type `resident_data`; at a counter `checkMore` looks at what it names beside. */
export function readDetails(
  value: Json, service: Service, { issuer, now }: Judging, more: readonly string[] = [],
  checkMore?: (detail: JsonObject, purpose: Purpose) => void,
): Asked {
  if (!isArray(value) || value.length !== 1) throw new Invalid("request/members", "authorization_details");
  const detail = exactly(value[0], ["type", "locations", "purpose", "attributes", "access", "enc_jkt", ...more],
    "request/members");
  const wishes = readWishes(detail);
  const { locations } = detail;
  if (!isArray(locations) || locations.length !== 1 || locations[0] !== `${issuer}/data`) {
    throw new Invalid("request/location");
  }
  const purpose = typeof detail["purpose"] === "string" ? service.purposes.get(detail["purpose"]) : undefined;
  if (purpose === undefined) throw new Invalid("request/purpose");
  checkMore?.(detail, purpose);
  const attributes = checkWishes(wishes, purpose);
  const access = readAccess(detail["access"], purpose, now);
  if (detail["enc_jkt"] !== service.encJkt) throw new Invalid("request/encryption-key");
  return { purpose, attributes, access };
}

/** As it is asked, before it is compared with the purpose. */
interface RawWish { readonly required: boolean; readonly zone: Json | undefined }

function readWishes(detail: JsonObject): ReadonlyMap<string, RawWish> {
  if (detail["type"] !== "resident_data") throw new Invalid("request/members", "type");
  const asked = entries(detail["attributes"], "request/members");
  if (asked.length < 1 || asked.length > MAX_ATTRIBUTES) throw new Invalid("request/members", "attributes");
  return new Map(asked.map(([id, value]) => {
    const { required = false, zone } = exactly(value, [], "request/members", ["required", "zone"]);
    if (typeof required !== "boolean") throw new Invalid("request/members", "required");
    return [id, { required, zone }];
  }));
}

function checkWishes(wishes: ReadonlyMap<string, RawWish>, purpose: Purpose): ReadonlyMap<string, Wish> {
  const asked = [...wishes];
  if (!asked.every(([id]) => purpose.attributes.has(id))) throw new Invalid("request/attribute");
  if (asked.some(([id, { required }]) => required && purpose.attributes.get(id)?.required !== true)) {
    throw new Invalid("request/required");
  }
  return new Map(asked.map(([id, { required, zone }]) => [id, { required, zone: checkZone(id, zone, purpose) }]));
}

function checkZone(id: string, zone: Json | undefined, purpose: Purpose): string | null {
  if (id !== AREA_ANSWER && zone === undefined) return null;
  if (id !== AREA_ANSWER || typeof zone !== "string" || !purpose.zones.has(zone)) throw new Invalid("request/zone");
  return zone;
}

function readAccess(value: Json | undefined, purpose: Purpose, now: number): Access {
  const access = accessOf(value);
  if (access === null || !purpose.access.includes(access === "once" ? "once" : "until")) throw new Invalid("request/access");
  if (access === "once") return access;
  const days = (dayNumber(access.until) ?? 0) - dayOf(now);
  if (days < purpose.shortestDays || days > purpose.longestDays + 1) throw new Invalid("request/duration");
  return access;
}

/** `"once"` or `{"until": date}`, else null. */
export function accessOf(value: Json | undefined): Access | null {
  if (value === "once") return "once";
  if (!isObject(value) || Object.keys(value).join(" ") !== "until") return null;
  const { until } = value;
  return typeof until === "string" && dayNumber(until) !== null ? { until } : null;
}
