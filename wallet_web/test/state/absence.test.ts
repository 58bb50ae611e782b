import { afterEach, expect, test, vi } from "vitest";
import { makeDisclosure } from "../../src/core/disclosure.ts";
import { newId } from "../../src/core/encoding.ts";
import type { AttributeItem, Choice, GrantItem, ItemDocument } from "../../src/core/items.ts";
import { makeRecord } from "../../src/core/record.ts";
import { makeRelationship } from "../../src/core/subject.ts";
import { sealItem } from "../../src/core/manifest.ts";
import { claimsOf } from "../../src/state/present.ts";
import { aRequest, random } from "../core/scene.ts";
import { NOW, UNTIL, statementOf } from "../vectors/world.ts";

const MOBILE = "contact.mobile";

interface Made { readonly operations: readonly string[]; readonly record: number; readonly disclosure: number; readonly item: number }

/** Every operation of the browser's cryptography, with how many bytes it was given. */
function countOperations(): string[] {
  const seen: string[] = [];
  for (const name of ["digest", "sign", "verify", "encrypt", "wrapKey", "deriveBits", "deriveKey", "importKey", "generateKey"] as const) {
    const original = crypto.subtle[name].bind(crypto.subtle) as (...given: unknown[]) => Promise<unknown>;
    vi.spyOn(crypto.subtle, name).mockImplementation(((...given: unknown[]) => {
      const sizes = given.map((one) => (ArrayBuffer.isView(one) || one instanceof ArrayBuffer ? one.byteLength : ""));
      seen.push(`${name} ${sizes.join(" ")}`);
      return original(...given);
    }) as never);
  }
  return seen;
}

afterEach(() => { vi.restoreAllMocks(); });

/** One approval of the same request, by a vault that has this choice and this detail. */
async function approval(choice: Choice, held: AttributeItem | null): Promise<Made> {
  const { request, service, compact } = await aRequest();
  const relationship = await makeRelationship(service.sector, "");
  const items = new Map<string, ItemDocument>(held === null ? [] : [["a".repeat(22), held]]);
  const decisions = Object.fromEntries([...request.attributes.keys()].map((id) => [id, id === MOBILE ? "share" as const : "withhold" as const]));
  const salt = newId(random);
  const root = random(32);
  const operations = countOperations();
  const record = await makeRecord({ relationship, request, service, grantId: newId(random), access: { until: UNTIL }, salt, decisions, now: NOW });
  const item: GrantItem = {
    kind: "grant", grant_id: record.grantId, service: service.clientId, authority: service.authority.id, sub: record.sub, sector: service.sector,
    persona: "", relationship: newId(random), request: compact, parameters: null, request_hash: request.requestHash, statement: await statementOf(),
    record: record.compact, salt, decisions, access: { until: UNTIL }, revision: 1, created: NOW, ended: null,
    choices: Object.fromEntries([...request.attributes.keys()].map((id) => [id, id === MOBILE ? choice : { choice: "withhold" as const }])),
  };
  const claims = claimsOf(item, items, NOW);
  expect(claims[MOBILE]).toEqual({ absent: "not_held" });
  const disclosure = await makeDisclosure({ relationship, record, service, revision: 1, claims, decisions, salt, now: NOW });
  const context = { vault: newId(random), id: record.grantId, rev: 1, epoch: 1 };
  const sealed = await sealItem(root, context, item, random(12));
  vi.restoreAllMocks();
  return { operations, record: record.compact.length, disclosure: disclosure.length, item: sealed.length };
}

test("what is withheld to look like not held takes the same operations and bytes as what is not held", async () => {
  const phone: AttributeItem = { kind: "attribute", attribute: MOBILE, value: "+447700900123", source: "self_asserted", as_of: "2026-11-02", history: [] };
  const withheld = await approval({ choice: "withhold" }, phone);
  const lacking = await approval({ choice: "withhold" }, null);
  const wished = await approval({ choice: "share" }, null);
  expect(withheld.operations.length).toBeGreaterThan(8);
  expect(withheld.operations.some((one) => one.startsWith("sign")), "signatures were seen").toBe(true);
  expect(lacking).toEqual(withheld);
  // A wish to share what is not there says so in the sealed item alone, whose padding hides the words.
  expect(wished).toEqual(withheld);
});
