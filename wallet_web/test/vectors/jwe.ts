import { CompactEncrypt, importJWK } from "jose";
import type { Bytes, JsonObject } from "../../src/core/encoding.ts";
import { publicPart, thumbprint } from "../../src/core/keys.ts";
import type { PrivateJwk } from "../../src/core/keys.ts";
import { fixed, keyPair } from "./keys.ts";

/** A compact JWE with a fixed ephemeral key, content key and nonce, so that it is the same each time. */
export async function fixedJwe(
  typ: string, plaintext: Bytes, recipient: PrivateJwk, header: JsonObject = {},
): Promise<string> {
  const whole = { alg: "ECDH-ES+A256KW", enc: "A256GCM", typ, kid: await thumbprint(recipient), ...header };
  const isCbc = whole.enc.endsWith("HS512");
  const jwe = new CompactEncrypt(plaintext).setProtectedHeader(whole).setInitializationVector(fixed("iv", isCbc ? 16 : 12));
  if (whole.alg !== "ECDH-ES") jwe.setContentEncryptionKey(fixed("cek", isCbc ? 64 : 32));
  const epk = await crypto.subtle.importKey("jwk", keyPair("ephemeral"), { name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  return jwe.setKeyManagementParameters({ epk }).encrypt(await importJWK(publicPart(recipient), whole.alg));
}
