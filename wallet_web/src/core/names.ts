/** The name of a vault: twelve characters by which a passphrase login finds it (protocols/specs/vault.md). */
import type { Random } from "./encoding.ts";
import { Invalid } from "./errors.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS = 12;

/** A fresh name: 60 random bits, five of each byte. */
export function newName(random: Random): string {
  return [...random(CHARACTERS)].map((byte) => ALPHABET[byte & 31]).join("");
}

/** As it is shown and printed: XXXX-XXXX-XXXX. Errors: those of `parseName`. */
export function formatName(name: string): string {
  return (parseName(name).match(/.{4}/g) ?? []).join("-");
}

/** The twelve characters, however they were typed. Errors: `name/length`, `name/character`. */
export function parseName(typed: string): string {
  const name = typed.replace(/[ -]/g, "").replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replaceAll("O", "0").replace(/[IL]/g, "1");
  if ([...name].length !== CHARACTERS) throw new Invalid("name/length");
  if (!/^[0-9A-HJKMNP-TV-Z]{12}$/.test(name)) throw new Invalid("name/character");
  return name;
}
