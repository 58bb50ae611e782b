import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { registrarKeysOf } from "../../scripts/plugins.ts";
import { publicPart } from "../../src/core/keys.ts";
import { registrar } from "../vectors/world.ts";

function file(jwks: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), "pds-")), "registrar.jwks");
  writeFileSync(path, JSON.stringify(jwks));
  return path;
}

describe("a release of the wallet", () => {
  it("carries the registrar's public keys and nothing else of their file", () => {
    const jwks = { keys: [{ ...publicPart(registrar), kid: "registrar-1", use: "sig", alg: "ES256" }] };
    expect(registrarKeysOf(file(jwks))).toEqual([publicPart(registrar)]);
  });

  it("is not built from a private key, from another kind of key or from none", () => {
    expect(() => registrarKeysOf(file({ keys: [registrar] }))).toThrow("private key");
    expect(() => registrarKeysOf(file({ keys: [{ kty: "OKP", crv: "Ed25519", x: "x" }] }))).toThrow("P-256");
    expect(() => registrarKeysOf(file({ keys: [] }))).toThrow("no registrar key");
  });
});
