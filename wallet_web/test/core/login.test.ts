import { afterEach, describe, expect, it, vi } from "vitest";
import { loginJwk, makeLoginProof, verifyLoginProof } from "../../src/core/login.ts";
import { NOW } from "../vectors/world.ts";
import { random } from "./scene.ts";

const LOGIN = { origin: "https://data.seatown.example", vault: "v", method: "m", nonce: "n", now: NOW };

/** A browser that does not know Ed25519 yet. */
function withoutEd25519(): void {
  const original = crypto.subtle.importKey.bind(crypto.subtle) as (...all: unknown[]) => Promise<CryptoKey>;
  vi.spyOn(crypto.subtle, "importKey").mockImplementation(async (...all: unknown[]) => {
    if (all[2] === "Ed25519") throw new DOMException("unknown algorithm", "NotSupportedError");
    return original(...all);
  });
}

afterEach(() => { vi.restoreAllMocks(); });

describe("signing in with a recovery code", () => {
  it("works the same in a browser that lacks Ed25519", async () => {
    const seed = random(32);
    const [jwk, proof] = [await loginJwk(seed), await makeLoginProof(seed, LOGIN)];
    await expect(verifyLoginProof(proof, jwk.x, LOGIN)).resolves.toEqual({ iat: NOW });
    withoutEd25519();
    expect(await loginJwk(seed)).toEqual(jwk);
    expect(await makeLoginProof(seed, LOGIN)).toBe(proof);
    await expect(verifyLoginProof(proof, jwk.x, LOGIN)).resolves.toEqual({ iat: NOW });
    await expect(verifyLoginProof(await makeLoginProof(random(32), LOGIN), jwk.x, LOGIN)).rejects.toThrow("jose/signature");
  });

  it("is of no use to another site, another vault or a minute later", async () => {
    const seed = random(32);
    const [{ x }, proof] = [await loginJwk(seed), await makeLoginProof(seed, LOGIN)];
    await expect(verifyLoginProof(proof, x, { ...LOGIN, origin: "https://evil.example" })).rejects.toThrow("login/audience");
    await expect(verifyLoginProof(proof, x, { ...LOGIN, vault: "w" })).rejects.toThrow("login/vault");
    await expect(verifyLoginProof(proof, x, { ...LOGIN, nonce: "o" })).rejects.toThrow("login/nonce");
    await expect(verifyLoginProof(proof, x, { ...LOGIN, now: NOW + 61 })).rejects.toThrow("login/time");
  });
});
