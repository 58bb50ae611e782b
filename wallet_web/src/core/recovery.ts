/** The recovery code: 160 bits that a person can write down (protocols/specs/vault.md). */
import type { Bytes } from "./encoding.ts";
import { Invalid } from "./errors.ts";

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SECRET_BYTES = 20;
const CHARACTERS = 32;

/** 20 bytes as 32 Crockford characters and two check digits (ISO/IEC 7064 MOD 97-10), in groups of four. */
export function formatCode(secret: Uint8Array): string {
  if (secret.length !== SECRET_BYTES) throw new Invalid("recovery/length");
  const number = secret.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
  const shifts = Array.from({ length: CHARACTERS }, (_, at) => BigInt(5 * (CHARACTERS - 1 - at)));
  const characters = shifts.map((shift) => ALPHABET[Number(number >> shift & 31n)]).join("") + check(number);
  return (characters.match(/.{1,4}/g) ?? []).join("-");
}

/** The characters of a code that a person typed: capitals, look-alikes as Crockford reads them, no separators. */
export function asTyped(code: string): string {
  return code.replace(/[ -]/g, "").replace(/[a-z]/g, (letter) => letter.toUpperCase()).replaceAll("O", "0").replace(/[IL]/g, "1");
}

/** The 20 bytes, however the code was typed. Errors: `recovery/length`, `recovery/character`, `recovery/check`. */
export function parseCode(code: string): Bytes {
  const characters = asTyped(code);
  if ([...characters].length !== CHARACTERS + 2) throw new Invalid("recovery/length");
  if (!/^[0-9A-HJKMNP-TV-Z]{32}[0-9]{2}$/.test(characters)) throw new Invalid("recovery/character");
  const values = [...characters.slice(0, CHARACTERS)].map((character) => BigInt(ALPHABET.indexOf(character)));
  const number = values.reduce((sum, value) => sum << 5n | value, 0n);
  if (check(number) !== characters.slice(CHARACTERS)) throw new Invalid("recovery/check");
  return Uint8Array.from({ length: SECRET_BYTES }, (_, at) => Number(number >> BigInt(8 * (SECRET_BYTES - 1 - at)) & 255n));
}

function check(number: bigint): string {
  return String(98n - number * 100n % 97n).padStart(2, "0");
}
