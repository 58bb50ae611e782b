/** The words of more.ts, and our list of words for passphrases. Another language is an object of the type `MoreText`. */
import { Failure } from "../client/failure.ts";
import { enMore } from "./en_more.ts";
import { follow } from "./index.ts";

export type MoreText = typeof enMore;

export let moreText: MoreText = enMore;
follow((welsh) => { moreText = welsh?.cyMore ?? enMore; });

/** 2048 words. */
export async function loadWords(): Promise<readonly string[]> {
  try {
    return (await import("./words_en.ts")).words;
  } catch {
    throw new Failure("network");
  }
}
