import { expect, test } from "vitest";
import { estimate, NEEDED, WORD_BITS, WORDS } from "../../src/core/strength.ts";
import { words } from "../../src/text/words_en.ts";

const known = new Set(words);
const worth = (passphrase: string): number => estimate(passphrase, known);

test("our list has 2048 different words of 3 to 8 letters, no two one letter apart", () => {
  expect(known.size).toBe(2048);
  expect(words.filter((word) => !/^[a-z]{3,8}$/.test(word))).toEqual([]);
  const without = words.flatMap((word) => [...word].map((_, at) => [`${word.slice(0, at)}?${word.slice(at + 1)}`, word] as const));
  const near = without.filter(([shape], at) => without.findIndex(([other]) => other === shape) !== at);
  expect(near).toEqual([]);
});

test("a passphrase of our words has exactly what is needed", () => {
  expect(worth(words.slice(100, 100 + WORDS).join(" "))).toBe(NEEDED);
  expect(NEEDED).toBe(WORDS * WORD_BITS);
});

test.each([
  "", "password", "Password1!", "Anytown2024!", "qwertyuiop", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabcabcabc",
  "1234567890", "12345678901234567890", "apple apple apple apple apple apple apple apple", "ThequickbrownfoxJumpsoverthelazydog",
  "PaSsWoRdPaSsWoRdPaSsWoRd", "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", "Siân O’Connor 23/11/1980", "apple river lantern pebble orbit velvet",
])("%j is too easy to guess", (passphrase) => {
  expect(worth(passphrase)).toBeLessThan(NEEDED);
});

test.each([
  "apple river lantern pebble orbit velvet canoe", "seven grey herons waded past our crooked gate before breakfast",
  "k7Qm-2xHr-9tZd-W4pV-b8Ns-3fYj", "Łódź zamek rzeka wiosna latarnia kamień ogród jabłko",
])("%j is hard enough", (passphrase) => {
  expect(worth(passphrase)).toBeGreaterThanOrEqual(NEEDED);
});

test("the same passphrase in another normal form is worth the same", () => {
  expect(worth("cro\u0302g".repeat(3))).toBe(worth("cr\u00f4g".repeat(3)));
});
