/** The words of a language as a flat table, sentences with gaps included. */

export interface Leaf { readonly path: string; readonly words: string }

/** What stands in the gaps of a sentence: neither a word nor a number of either language. */
export const GAPS = ["⟨1⟩", "⟨2⟩", "⟨3⟩"] as const;

/** Every string, and every sentence with its gaps filled. A path that is in `leftOut` takes something else than words. */
export function leaves(value: unknown, leftOut: readonly string[] = [], path = ""): Leaf[] {
  if (leftOut.includes(path)) return [];
  if (typeof value === "string") return [{ path, words: value }];
  if (typeof value === "function") return [{ path, words: (value as (...given: string[]) => string)(...GAPS.slice(0, value.length)) }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, leftOut, path === "" ? name : `${path}.${name}`));
}

/** The gaps that a sentence has, in the order of their numbers: each language has its own order of words. */
export function gapsOf(words: string): readonly string[] {
  return GAPS.filter((gap) => words.includes(gap));
}

/** What a sentence says around its gaps, where it is long enough to be no accident. */
export function pieces(words: string): string[] {
  return words.split(/⟨\d⟩/).map((piece) => piece.trim()).filter((piece) => piece.length > 12);
}
