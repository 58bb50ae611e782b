/** Compact JWE (RFC 7516). The cryptography is the `jose` library's; what comes before it is in jose.ts. */
import { CompactEncrypt, compactDecrypt, importJWK } from "jose";
import type { Bytes } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import type { Form } from "./forms.ts";
import { ENCRYPTION, readHeader } from "./jose.ts";
import { p256Public, thumbprint } from "./keys.ts";
import type { PrivateJwk, PublicJwk } from "./keys.ts";

const KEY_WRAPPING = "ECDH-ES+A256KW";

/** A compact JWE to a P-256 key, which its thumbprint names. */
export async function encrypt(plaintext: Bytes, form: Form, recipient: PublicJwk): Promise<string> {
  const header = { alg: KEY_WRAPPING, enc: ENCRYPTION, typ: String(form.types[0]), kid: await thumbprint(recipient) };
  return new CompactEncrypt(plaintext).setProtectedHeader(header).encrypt(await importJWK(recipient, KEY_WRAPPING));
}

/** The plaintext. Errors: `jose/…` for the form, `disclosure/decrypt` or `deposit/decrypt` for the cryptography. */
export async function decrypt(token: string, form: Form, key: PrivateJwk): Promise<Bytes> {
  const header = readHeader(token, form, 5);
  await p256Public(header["epk"]);
  if (header["kid"] !== await thumbprint(key)) throw new Invalid("jose/key");
  try {
    const algorithms = { keyManagementAlgorithms: [KEY_WRAPPING], contentEncryptionAlgorithms: [ENCRYPTION] };
    const { plaintext } = await compactDecrypt(token, await importJWK(key, KEY_WRAPPING), algorithms);
    return new Uint8Array(plaintext);
  } catch {
    throw new Invalid(form.types[0] === "deposit+jwt" ? "deposit/decrypt" : "disclosure/decrypt");
  }
}
