/** The language is picked here and nowhere else. Its words are there before anything is drawn. */
import { Failure } from "../client/failure.ts";
import { en } from "./en.ts";

/** The words of one language; `cy.ts` has to have each of them. */
export type Text = typeof en;
export type Language = "en" | "cy";
/** Every word in Welsh, in a file of its own that only people who read it fetch. */
export type Welsh = typeof import("./welsh.ts");

/** What each language calls itself. */
export const NAMES: Readonly<Record<Language, string>> = { en: "English", cy: "Cymraeg" };

/** The words to show. `speak` changes them, for everybody who imports them. */
export let text: Text = en;

let spoken: Welsh | null = null;
let fetched: Welsh | null = null;
const followers: ((welsh: Welsh | null) => void)[] = [];

/** Changes every word to this language. Errors: `Failure` `network`, and then nothing has changed. */
export async function speak(language: Language): Promise<void> {
  if (language === "cy") fetched ??= await import("./welsh.ts").catch(() => { throw new Failure("network"); });
  spoken = language === "cy" ? fetched : null;
  text = spoken?.cy ?? en;
  for (const follower of followers) follower(spoken);
}

/** The words of another file of the wallet: taken now and at each change of language. Null: English, which it has itself. */
export function follow(take: (welsh: Welsh | null) => void): void {
  followers.push(take);
  take(spoken);
}

/** A text of the registry or theme in the language that is shown. */
export function inLanguage(words: { readonly en: string; readonly cy?: string | null }, language: Language): string {
  return (language === "cy" ? words.cy : words.en) ?? words.en;
}
