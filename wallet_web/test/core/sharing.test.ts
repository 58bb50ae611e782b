import { describe, expect, it } from "vitest";
import { disclosurePayload, makeDisclosure, openDisclosure } from "../../src/core/disclosure.ts";
import type { Claims } from "../../src/core/disclosure.ts";
import { digest, jcs, newId, utf8 } from "../../src/core/encoding.ts";
import type { Decisions, RelationshipItem } from "../../src/core/items.ts";
import { makeRecord, verifyRecord } from "../../src/core/record.ts";
import type { SharingRecord } from "../../src/core/record.ts";
import type { Service } from "../../src/core/registry.ts";
import { untils, verifySignIn } from "../../src/core/request.ts";
import type { Access, Request } from "../../src/core/request.ts";
import { makeRevocation, verifyRevocation } from "../../src/core/revocation.ts";
import { makeRelationship, makeSubjectProof, subjectOf, verifySubjectProof } from "../../src/core/subject.ts";
import { CLIENT, ISSUER, NOW, UNTIL, decrypting, requestClaims } from "../vectors/world.ts";
import { aRequest, random } from "./scene.ts";

const SHARED: Claims = {
  "person.full_name": { value: "Siân O’Connor", source: "self_asserted", as_of: "2026-11-02" },
  "contact.mobile": { value: "+447700900123", source: "self_asserted", as_of: "2026-11-02" },
  "health.conditions": { value: "Asthma\n".repeat(900), source: "self_asserted", as_of: "2026-11-02" },
};
const NOTHING: Claims = Object.fromEntries(Object.keys(SHARED).map((id) => [id, { absent: "withheld" }]));
const all = (decision: "share" | "withhold"): Decisions => Object.fromEntries(Object.keys(SHARED).map((id) => [id, decision]));

interface Approved { relationship: RelationshipItem; record: SharingRecord; service: Service; request: Request; salt: string }

async function approved(decisions: Decisions, access: Access = { until: UNTIL }): Promise<Approved> {
  const { request, service } = await aRequest();
  const relationship = await makeRelationship(service.sector, "");
  const salt = newId(random);
  const record = await makeRecord({ relationship, request, service, grantId: newId(random), access, salt, decisions, now: NOW });
  return { relationship, record, service, request, salt };
}

describe("what a resident shares", () => {
  it("is read by the service that asked, and by its key only", async () => {
    const decisions = all("share");
    const { relationship, record, service, request, salt } = await approved(decisions);
    const jwe = await makeDisclosure({ relationship, record, service, revision: 1, claims: SHARED, decisions, salt, now: NOW });
    const expected = { record: record.compact, requestHash: request.requestHash, clientId: CLIENT, now: NOW, n: 1, last: null };
    const opened = await openDisclosure(jwe, { ...expected, key: decrypting });
    expect(opened).toEqual({ revision: 1, claims: SHARED, depositJwk: expect.objectContaining({ x: relationship.deposit.x }) as unknown });
    await expect(openDisclosure(jwe, { ...expected, key: relationship.deposit })).rejects.toThrow("jose/key");
  });

  it("has one size, whether something was shared, withheld or not held", async () => {
    const sizes = new Set<number>();
    for (const [decision, claims] of [["share", SHARED], ["withhold", NOTHING]] as const) {
      const decisions = all(decision);
      const whole = { ...await approved(decisions), revision: 1, claims, decisions, now: NOW };
      expect(utf8(jcs(disclosurePayload(whole))).length).toBe(16384);
      sizes.add((await makeDisclosure(whole)).length);
    }
    expect(sizes.size).toBe(1);
  });

  it("is known to each service under another name", async () => {
    const [parking, library] = [await makeRelationship("https://a.example", ""), await makeRelationship("https://b.example", "")];
    expect(await subjectOf(parking)).not.toBe(await subjectOf(library));
    expect(parking.deposit).not.toEqual(parking.sign);
  });

  it("is proved to the service without the server, and ended by the resident's own word", async () => {
    const { relationship, record, service, request } = await approved(all("share"), { until: "2026-12-31" });
    await expect(verifyRecord(record.compact, request, service, NOW + 3600)).resolves.toEqual(record);
    const proof = await verifySubjectProof(await makeSubjectProof(relationship, record, NOW), { clientId: CLIENT, requestHash: request.requestHash });
    expect(proof).toMatchObject({ sub: record.sub, grantId: record.grantId, recordHash: record.hash });
    const revoked = { clientId: CLIENT, sub: record.sub, grantId: record.grantId, recordHash: record.hash };
    await expect(verifyRevocation(await makeRevocation(relationship, record, NOW), revoked)).resolves.toEqual({ iat: NOW });
    const stranger = await makeRelationship(CLIENT, "");
    await expect(verifyRevocation(await makeRevocation(stranger, record, NOW), revoked)).rejects.toThrow("subject/mismatch");
  });

  it("ends on the day that was asked, or on the shortest that is useful", async () => {
    const { request } = await aRequest();
    expect(untils(request, NOW)).toEqual(["2026-12-23", UNTIL]);
    expect(untils((await aRequest({ access: { until: "2026-12-23" } })).request, NOW)).toEqual(["2026-12-23"]);
    expect(untils({ ...request, access: "once" }, NOW)).toEqual([]);
  });
});

describe("an unsigned sign-in", () => {
  it("is known by its parameters, and refused where the service must sign or asks for more", async () => {
    const { service } = await aRequest();
    const loose: Service = { ...service, signedSignIn: false };
    const parameters = requestClaims(null, { iss: null, aud: null, nbf: null, exp: null, iat: null, jti: null });
    const request = await verifySignIn(parameters, loose);
    expect(request).toMatchObject({ purpose: null, access: "once", requestHash: await digest(jcs(parameters)) });
    await expect(verifySignIn(parameters, service)).rejects.toThrow("request/unsigned");
    await expect(verifySignIn({ ...parameters, authorization_details: [] }, loose)).rejects.toThrow("request/unsigned");
    await expect(verifySignIn({ ...parameters, client_id: ISSUER }, loose)).rejects.toThrow("request/client");
  });
});
