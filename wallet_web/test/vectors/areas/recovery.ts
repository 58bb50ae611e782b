import { formatCode } from "../../../src/core/recovery.ts";
import { b64u } from "../../../src/core/encoding.ts";
import { fixed } from "../keys.ts";
import { Area } from "../recipe.ts";

/** `recovery.parse`, `recovery.format` (protocols/specs/vault.md, Recovery code). */
export function recovery(): Area {
  const area = new Area("recovery");
  const secret = fixed("recovery", 20);
  const bytes = b64u(secret);
  const code = formatCode(secret);
  const zeros = "0000-".repeat(8);
  const parse = (comment: string, text: string): Area => area.valid("recovery.parse", comment, { code: text }, bytes);
  area.valid("recovery.format", "as it is printed", { bytes }, code)
    .valid("recovery.format", "all zeros", { bytes: b64u(new Uint8Array(20)) }, `${zeros}98`)
    .valid("recovery.format", "all ones", { bytes: b64u(new Uint8Array(20).fill(255)) })
    .valid("recovery.parse", "all zeros, typed as the letter O", { code: `${zeros.replaceAll("0", "o")}98` }, b64u(new Uint8Array(20)));
  parse("as it is printed", code);
  parse("in lower case without hyphens", code.toLowerCase().replaceAll("-", ""));
  parse("with spaces, and hyphens in odd places", `  ${code.slice(0, 3)}-- ${code.slice(3)} `);
  area.valid("recovery.parse", "I and L are 1", { code: "IlL1-1111-1111-1111-1111-1111-1111-1111-" + checkOfOnes() });
  const wrong = (error: "recovery/length" | "recovery/character" | "recovery/check", comment: string, text: string): Area =>
    area.invalid("recovery.parse", error, comment, { code: text });
  wrong("recovery/length", "nothing", "");
  wrong("recovery/length", "without the check digits", code.slice(0, -3));
  wrong("recovery/length", "one character too many", `${code}0`);
  wrong("recovery/character", "U, which Crockford leaves out", `U${code.slice(1)}`);
  wrong("recovery/character", "a letter in the check digits", `${code.slice(0, -1)}A`);
  wrong("recovery/character", "a letter outside ASCII", `É${code.slice(1)}`);
  wrong("recovery/character", "digits of another script", `${code.slice(0, -2)}٩٨`);
  wrong("recovery/check", "the last two characters exchanged", swapped(code));
  wrong("recovery/check", "one character changed", `${code.startsWith("0") ? "1" : "0"}${code.slice(1)}`);
  wrong("recovery/check", "check digits 00", `${code.slice(0, -2)}00`);
  return area;
}

function checkOfOnes(): string {
  const secret = new Uint8Array(20);
  const bits = "00001".repeat(32);
  for (let at = 0; at < 20; at += 1) secret[at] = parseInt(bits.slice(8 * at, 8 * at + 8), 2);
  return formatCode(secret).slice(-2);
}

/** The code with its first two different neighbours exchanged. */
function swapped(code: string): string {
  const at = [...code].findIndex((character, index) => /\w/.test(code[index + 1] ?? "") && code[index + 1] !== character);
  return `${code.slice(0, at)}${code[at + 1] ?? ""}${code[at] ?? ""}${code.slice(at + 2)}`;
}
