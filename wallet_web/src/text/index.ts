/** The language is picked here and nowhere else. */
import { en } from "./en.ts";

/** The words of one language; `cy.ts` has to have each of them. */
export type Text = typeof en;
export type Language = "en" | "cy";

/** The words to show. There is one language so far. */
export const text: Text = en;

/** A text of the registry or theme in the language that is shown. */
export function inLanguage(words: { readonly en: string; readonly cy?: string | null }, language: Language): string {
  return (language === "cy" ? words.cy : words.en) ?? words.en;
}
