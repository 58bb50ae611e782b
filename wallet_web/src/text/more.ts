/** The words of more.ts, and our list of words for passphrases. Another language is an object of the type `MoreText`. */
import { Failure } from "../client/failure.ts";
import { enMore } from "./en_more.ts";

export type MoreText = typeof enMore;

export const moreText: MoreText = enMore;

/** 2048 words. */
export async function loadWords(): Promise<readonly string[]> {
  try {
    return (await import("./words_en.ts")).words;
  } catch {
    throw new Failure("network");
  }
}
