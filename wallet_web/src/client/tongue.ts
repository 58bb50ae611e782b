/**
 * The language that the resident has chosen to read. It names no one, but a shared computer keeps nothing: so it is this
 * tab's, and the device's only beside a vault that the device knows. A browser that keeps nothing has it until the page goes.
 */
import type { Language } from "../text/index.ts";

const KEY = "language";

type Page = Pick<Window, "sessionStorage" | "localStorage" | "navigator">;

export interface Tongue {
  /** What was chosen, here or before; null for nothing. */
  readonly chosen: () => Language | null;
  readonly choose: (language: Language) => void;
  /** The device remembers what was chosen in this tab. */
  readonly keep: () => void;
  /** This tab forgets it. */
  readonly forget: () => void;
  /** What the browser prefers, the dearest first. */
  readonly browser: readonly string[];
}

/** The first of these that we speak: RFC 4647, section 3.4 (lookup). Null for none. */
export function bestOf(tags: readonly string[]): Language | null {
  for (const tag of tags) {
    const [primary = ""] = tag.toLowerCase().split("-");
    if (primary === "en" || primary === "cy") return primary;
  }
  return null;
}

export function tongue(page: Page): Tongue {
  let chosen: Language | null = null;
  // Even looking at it throws where it is refused.
  const quietly = <T>(act: () => T): T | null => {
    try {
      return act();
    } catch {
      return null;
    }
  };
  const kept = (store: () => Storage): Language | null => bestOf([quietly(() => store().getItem(KEY)) ?? ""]);
  return {
    browser: page.navigator.languages,
    chosen: () => chosen ?? kept(() => page.sessionStorage) ?? kept(() => page.localStorage),
    choose: (language) => {
      chosen = language;
      quietly(() => { page.sessionStorage.setItem(KEY, language); });
    },
    keep: () => {
      const here = chosen ?? kept(() => page.sessionStorage);
      if (here !== null) quietly(() => { page.localStorage.setItem(KEY, here); });
    },
    forget: () => {
      chosen = null;
      quietly(() => { page.sessionStorage.removeItem(KEY); });
    },
  };
}
