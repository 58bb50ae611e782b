/**
 * How hard a passphrase of somebody's own choosing is to guess: low rather than high, because people choose what others
 * choose. A passphrase of our words has exactly `NEEDED`.
 */

/** One word of our list of 2048. */
export const WORD_BITS = 11;
export const WORDS = 7;
export const NEEDED = WORD_BITS * WORDS;

const FAMILIAR = ["password", "passphrase", "letmein", "welcome", "iloveyou", "admin", "vault", "council", "secret", "login"];
const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop"];

/** Bits. `known` are the words of our list: each counts as it is drawn. */
export function estimate(passphrase: string, known: ReadonlySet<string>): number {
  const runs = passphrase.normalize("NFC").match(/[\p{L}\p{M}’']+|\p{N}+|[^\p{L}\p{M}\p{N}\s]+/gu) ?? [];
  const seen = new Set<string>();
  let bits = 0;
  for (const run of runs) {
    const plain = run.toLowerCase();
    bits += seen.has(plain) ? 1 : ofRun(run, plain, known);
    seen.add(plain);
  }
  return bits;
}

function ofRun(run: string, plain: string, known: ReadonlySet<string>): number {
  if (known.has(plain)) return WORD_BITS;
  const block = /^(.{1,8}?)\1+$/u.exec(plain)?.[1];
  if (block !== undefined && [...plain].length > 1) return ofRun(block, block, known) + 1;
  if (isFamiliar(plain)) return 4;
  const length = [...plain].length;
  if (/^\p{N}+$/u.test(plain)) return /^(19|20)\d\d$/.test(plain) ? 6 : 3.3 * length;
  if (!/^\p{L}/u.test(plain)) return 4 * Math.min(length, 2);
  return ofLetters(length) + changesOfCase(run);
}

function isFamiliar(plain: string): boolean {
  if (FAMILIAR.includes(plain) || (plain.length > 2 && ROWS.some((row) => row.includes(plain)))) return true;
  const codes = [...plain].map((character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, at) => code - (codes[at] ?? 0)));
  const [step = 9] = steps;
  return codes.length > 2 && steps.size === 1 && Math.abs(step) <= 1;
}

/** A word, as far as one can tell: five letters are worth one of ours; of long runs each further letter a little. */
function ofLetters(length: number): number {
  if (length < 4) return [0, 4, 6, 7][length] ?? 0;
  return length <= 8 ? Math.min(WORD_BITS, 3 + 1.6 * length) : WORD_BITS + 1.5 * (length - 8);
}

/** Capitals inside a word; a first capital is no surprise. */
function changesOfCase(run: string): number {
  const letters = [...run].slice(1);
  return letters.filter((letter, at) => at > 0 && isCapital(letter) !== isCapital(letters[at - 1] ?? "")).length;
}

function isCapital(letter: string): boolean {
  return letter !== letter.toLowerCase();
}
