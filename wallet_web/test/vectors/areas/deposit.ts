import { jcs, utf8 } from "../../../src/core/encoding.ts";
import type { JsonObject } from "../../../src/core/encoding.ts";
import type { Code } from "../../../src/core/errors.ts";
import { thumbprint } from "../../../src/core/keys.ts";
import { fixedJwe } from "../jwe.ts";
import { aDigest, anId, jws, jwsOf } from "../keys.ts";
import type { Inputs } from "../operations.ts";
import { Area } from "../recipe.ts";
import { CLIENT, DAY, NOW, indexOf, relationship, signing, size, statementOf, stranger } from "../world.ts";

const TYP = "deposit+jwt";
const VALUES: JsonObject = {
  "contact.mobile": { value: "+447700900123", as_of: "2026-11-22" }, "person.full_name": { value: "Siân O’Connor", as_of: "2026-11-23" },
};

/** `deposit.open` (protocols/specs/deposit.md). */
export async function deposit(): Promise<Area> {
  const area = new Area("deposit");
  const statement = await statementOf();
  const sub = await thumbprint(relationship.sign);
  const base = { key: relationship.deposit, sub, statement, index: await indexOf(statement), now: NOW };
  const made = async (changes: JsonObject, header: JsonObject = {}, signer = signing): Promise<Inputs["deposit.open"]> => {
    const claims = { iss: CLIENT, aud: sub, jti: anId("deposit"), iat: NOW - 60, exp: NOW + 30 * DAY, why: "typed", values: VALUES,
      pad: "", ...changes };
    const filled = { ...claims, pad: claims.pad === "" ? "0".repeat(4096 - size(claims)) : claims.pad };
    const inner = jws({ alg: "ES256", typ: TYP, kid: "badges-2026", ...header }, filled, signer);
    return { ...base, deposit: await fixedJwe(TYP, utf8(inner), relationship.deposit) };
  };
  const good = async (comment: string, changes: JsonObject = {}): Promise<Area> =>
    area.valid("deposit.open", comment, await made(changes), { id: anId("deposit"), why: "typed", values: VALUES, ...changes });
  const bad = async (error: Code, comment: string, changes: JsonObject): Promise<Area> =>
    area.invalid("deposit.open", error, comment, await made(changes));

  await good("what was typed into a form");
  await good("what the authority holds", { why: "held", values: { "person.date_of_birth": { value: "2008-02-29", as_of: "2020-01-01" } } });
  await bad("deposit/members", "a message to the resident", { message: "Ring this number" });
  await bad("deposit/members", "no values", { values: {} });
  await bad("deposit/members", "21 values", { values: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`a.${at}`, VALUES["contact.mobile"] ?? null])) });
  await bad("deposit/members", "a value without its date", { values: { "contact.mobile": { value: "+447700900123" } } });
  await bad("deposit/members", "another reason", { why: "guessed" });
  await bad("deposit/issuer", "in another service's name", { iss: "https://parking.seatown.example/" });
  await bad("deposit/audience", "for somebody else", { aud: aDigest("somebody") });
  await bad("deposit/time", "from the future", { iat: NOW + 11 });
  await bad("deposit/time", "over", { exp: NOW });
  await bad("deposit/time", "for more than 90 days", { exp: NOW - 60 + 90 * DAY + 1 });
  await bad("deposit/attribute", "not in any purpose", { values: { "contact.email": { value: "a@example.org", as_of: "2026-11-22" } } });
  await bad("deposit/attribute", "a derived answer", { values: { "address.lives_in_area": { value: true, as_of: "2026-11-22" } } });
  await bad("deposit/attribute", "not in the catalogue", { values: { "person.shoe_size": { value: "9", as_of: "2026-11-22" } } });
  await bad("deposit/value", "a telephone number as people write it", { values: { "contact.mobile": { value: "07700 900123", as_of: "2026-11-22" } } });
  await bad("deposit/value", "a name that turns the text around", { values: { "person.full_name": { value: "Siân \u202enhoJ", as_of: "2026-11-22" } } });
  area.invalid("deposit.open", "jose/signature", "signed by a stranger under the service's kid", await made({}, {}, stranger));
  area.invalid("deposit.open", "jose/key", "a kid that the statement has not", await made({}, { kid: "badges-2020" }));
  area.invalid("deposit.open", "jose/type", "a request object inside", await made({}, { typ: "JWT" }));
  const wrong = async (error: Code, comment: string, inner: string, to = relationship.deposit, header: JsonObject = {}): Promise<Area> =>
    area.invalid("deposit.open", error, comment, { ...base, deposit: await fixedJwe(TYP, utf8(inner), to, header) });
  await wrong("jose/malformed", "not signed", jcs({ values: VALUES }));
  await wrong("jose/key", "to the key that signs for the subject", "x.y.z", relationship.sign);
  await wrong("deposit/decrypt", "to another key under this kid", "x.y.z", stranger, { kid: await thumbprint(relationship.deposit) });
  await wrong("jose/type", "a disclosure outside", "x.y.z", relationship.deposit, { typ: "disclosure+jwt" });
  await wrong("jose/payload", "a claim twice", jwsOf(jcs({ alg: "ES256", typ: TYP, kid: "badges-2026" }), "{\"iss\":\"a\",\"iss\":\"b\"}", signing));
  return area;
}
