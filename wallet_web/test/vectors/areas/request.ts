import { digest } from "../../../src/core/encoding.ts";
import type { Json, JsonObject } from "../../../src/core/encoding.ts";
import type { Code } from "../../../src/core/errors.ts";
import { publicPart, thumbprint } from "../../../src/core/keys.ts";
import { jwsOf } from "../keys.ts";
import type { Inputs } from "../operations.ts";
import { Area } from "../recipe.ts";
import { CLIENT, ISSUER, NOW, detail, indexOf, requestClaims, requestOf, retired, signing, statementOf,
  stranger } from "../world.ts";

type Base = Omit<Inputs["request.verify"], "request">;

const DATA = "person.full_name";

/** `request.verify` (protocols/specs/request.md): what a service may ask. */
export async function request(): Promise<Area> {
  const area = new Area("request");
  const statement = await statementOf();
  const base: Base = { statement, index: await indexOf(statement), issuer: ISSUER, now: NOW };
  await goodRequests(area, base);
  await badObjects(area, base);
  await badClaims(area, base);
  await badDetails(area, base);
  return area;
}

async function goodRequests(area: Area, base: Base): Promise<void> {
  const good = async (comment: string, compact: string, purpose = "blue-badge", attributes: readonly string[] = ASKED): Promise<Area> =>
    area.valid("request.verify", comment, { ...base, request: compact }, { request_hash: await digest(compact), purpose, attributes });
  const details = await detail();
  await good("three details until a day", requestOf(requestClaims(details)));
  await good("and openid", requestOf(requestClaims(details, { scope: "openid" })));
  await good("no kid: each key is tried", requestOf(requestClaims(details), {}));
  await good("typ JWT", requestOf(requestClaims(details), { typ: "JWT", kid: "badges-2026" }));
  await good("the audience in an array", requestOf(requestClaims(details, { aud: [ISSUER] })));
  await good("claims that we do not know", requestOf(requestClaims(details, { prompt: "login", max_age: 60, claims: {} })));
  await good("its times are not judged again", requestOf(requestClaims(details, { nbf: NOW - 9000, exp: NOW - 8940 })));
  await good("the other redirect_uri", requestOf(requestClaims(details, { redirect_uri: `${CLIENT}desk` })));
  await good("the first day that it may end", requestOf(requestClaims(await detail({ access: { until: "2026-12-23" } }))));
  await good("the last day that it may end", requestOf(requestClaims(await detail({ access: { until: "2027-11-24" } }))));
  const area1 = { purpose: "in-the-area", access: "once", attributes: { "address.lives_in_area": { zone: "centre", required: true } } };
  await good("an area answer, once", requestOf(requestClaims(await detail(area1))), "in-the-area", ["address.lives_in_area"]);
  await good("a sign-in", requestOf(requestClaims(null)), "sign-in", []);
}

const ASKED = ["contact.mobile", "health.conditions", DATA].sort();

async function badObjects(area: Area, base: Base): Promise<void> {
  const claims = requestClaims(await detail());
  const bad = (error: Code, comment: string, compact: string): Area =>
    area.invalid("request.verify", error, comment, { ...base, request: compact }, "Jose");
  bad("jose/too-long", "over 32768 bytes", requestOf({ ...claims, state: "s".repeat(24000) }));
  bad("jose/header", "the key in the header", requestOf(claims, { kid: "badges-2026", jwk: publicPart(stranger) }, stranger));
  bad("jose/header", "an address of keys in the header", requestOf(claims, { kid: "badges-2026", jku: `${CLIENT}jwks` }));
  bad("jose/algorithm", "alg none", requestOf(claims, { kid: "badges-2026", alg: "none" }));
  bad("jose/algorithm", "HS256", requestOf(claims, { kid: "badges-2026", alg: "HS256" }));
  bad("jose/algorithm", "RS256", requestOf(claims, { kid: "badges-2026", alg: "RS256" }));
  bad("jose/type", "typ of a client assertion", requestOf(claims, { kid: "badges-2026", typ: "client-authentication+jwt" }));
  bad("jose/type", "typ in capitals", requestOf(claims, { kid: "badges-2026", typ: "OAUTH-AUTHZ-REQ+JWT" }));
  bad("jose/key", "a kid that the statement lacks", requestOf(claims, { kid: "badges-2025" }));
  bad("jose/key", "the kid of the encryption key", requestOf(claims, { kid: await thumbprint(retired) }, retired));
  bad("jose/key", "PS256 with a P-256 key", requestOf(claims, { kid: "badges-2026", alg: "PS256" }));
  bad("jose/signature", "signed by a stranger", requestOf(claims, { kid: "badges-2026" }, stranger));
  bad("jose/signature", "signed by a stranger, without kid", requestOf(claims, {}, stranger));
  const [head = "", , tail = ""] = requestOf(claims).split(".");
  const payload = requestOf({ ...claims, state: "another" }).split(".")[1] ?? "";
  bad("jose/signature", "another payload", `${head}.${payload}.${tail}`);
  const twice = JSON.stringify(claims).replace("{", "{\"state\":\"twice\",");
  const header = "{\"alg\":\"ES256\",\"kid\":\"badges-2026\"}";
  bad("jose/payload", "a claim twice", jwsOf(header, twice, signing));
  bad("jose/payload", "a fraction", jwsOf(header, "{\"exp\":1.5}", signing));
  bad("jose/malformed", "alg twice", jwsOf("{\"alg\":\"none\",\"alg\":\"ES256\"}", "{}", signing));
}

async function badClaims(area: Area, base: Base): Promise<void> {
  const details = await detail();
  const bad = (error: Code, comment: string, changes: JsonObject, of: JsonObject | null = details): Area =>
    area.invalid("request.verify", error, comment, { ...base, request: requestOf(requestClaims(of, changes)) });
  bad("request/client", "another iss", { iss: "https://elsewhere.example/" });
  bad("request/client", "no iss", { iss: null });
  bad("request/client", "another client_id", { client_id: "https://elsewhere.example/" });
  bad("request/client", "client_id without its slash", { client_id: CLIENT.slice(0, -1) });
  bad("request/audience", "no audience", { aud: null });
  bad("request/audience", "another server", { aud: "https://data.elsewhere.example" });
  bad("request/audience", "two other audiences", { aud: ["https://a.example", "https://data.elsewhere.example"] });
  bad("request/audience", "the audience with a slash", { aud: `${ISSUER}/` });
  bad("request/response-type", "an implicit token", { response_type: "token" });
  bad("request/response-type", "code and token", { response_type: "code token" });
  bad("request/redirect", "an unregistered address", { redirect_uri: "https://evil.example/" });
  bad("request/redirect", "a registered address with a query", { redirect_uri: `${CLIENT}return?x=1` });
  bad("request/redirect", "no address", { redirect_uri: null });
  bad("request/scope", "more than openid", { scope: "openid profile" });
  bad("request/scope", "a sign-in without openid", { scope: null }, null);
  bad("request/pkce", "no challenge", { code_challenge: null });
  bad("request/pkce", "the plain method", { code_challenge_method: "plain" });
  bad("request/pkce", "a challenge of 42 characters", { code_challenge: "a".repeat(42) });
  bad("request/pkce", "a challenge that is padded", { code_challenge: `${"a".repeat(43)}=` });
  bad("request/members", "a state that is a number", { state: 7 });
  bad("request/members", "no details in the array", { authorization_details: [] });
  bad("request/members", "details twice", { authorization_details: [details, details] });
  bad("request/members", "details that are no array", { authorization_details: details });
}

async function badDetails(area: Area, base: Base): Promise<void> {
  const bad = async (error: Code, comment: string, changes: JsonObject): Promise<Area> =>
    area.invalid("request.verify", error, comment, { ...base, request: requestOf(requestClaims(await detail(changes))) });
  const wish = (value: Json, id = DATA): JsonObject => ({ attributes: { [id]: value } });
  await bad("request/members", "another type", { type: "account_information" });
  await bad("request/members", "a member that we do not know", { actions: ["read"] });
  await bad("request/members", "nothing asked", { attributes: {} });
  await bad("request/members", "an attribute with more to it", wish({ required: true, source: "attested" }));
  await bad("request/members", "required that is no boolean", wish({ required: "yes" }));
  await bad("request/members", "an attribute that is true", wish(true));
  await bad("request/location", "another server's data", { locations: ["https://data.elsewhere.example/data"] });
  await bad("request/location", "two locations", { locations: [`${ISSUER}/data`, `${ISSUER}/data`] });
  await bad("request/purpose", "an unregistered purpose", { purpose: "marketing" });
  await bad("request/purpose", "the reserved purpose of a sign-in", { purpose: "sign-in" });
  await bad("request/attribute", "an attribute outside the purpose", wish({}, "contact.email"));
  await bad("request/attribute", "an attribute called constructor", wish({}, "constructor"));
  await bad("request/required", "required although the purpose has it optional", wish({ required: true }, "contact.mobile"));
  const answer = (attributes: JsonObject): JsonObject => ({ purpose: "in-the-area", access: "once", attributes });
  await bad("request/zone", "an area answer without an area", answer({ "address.lives_in_area": {} }));
  await bad("request/zone", "an unregistered area", answer({ "address.lives_in_area": { zone: "my street" } }));
  await bad("request/zone", "an area for something else", answer({ "contact.language": { zone: "centre" } }));
  await bad("request/access", "once, although the purpose has only until", { access: "once" });
  await bad("request/access", "until, although the purpose has only once", { ...answer({ "contact.language": {} }), access: { until: "2026-11-24" } });
  await bad("request/access", "for ever", { access: "always" });
  await bad("request/access", "a day that is none", { access: { until: "2027-02-29" } });
  await bad("request/access", "more than until", { access: { until: "2027-05-31", reads: 3 } });
  await bad("request/duration", "a day too short", { access: { until: "2026-12-22" } });
  await bad("request/duration", "a day too long", { access: { until: "2027-11-25" } });
  await bad("request/duration", "over already", { access: { until: "2026-01-01" } });
  await bad("request/encryption-key", "the retired key", { enc_jkt: await thumbprint(retired) });
  await bad("request/encryption-key", "a stranger's key", { enc_jkt: await thumbprint(stranger) });
}
