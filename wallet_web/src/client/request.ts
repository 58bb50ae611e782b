/** What brought this tab here: out of the address bar at once, kept for this tab only. It names no one. */

const KEY = "request";
/** Where what was typed is kept: a question at a counter takes nothing from one that waits online. */
const DRAFTS = { online: "draft", counter: "counter-draft" } as const;
const COUNTER = "counter";

export type Asked = keyof typeof DRAFTS;

type Page = Pick<Window, "location" | "history" | "sessionStorage">;

export interface RequestOfTab {
  readonly get: () => string | null;
  /** A service's wish that the resident signs out: given once. */
  readonly takeTicket: () => string | null;
  /** Forgets it, and what was typed for it. */
  readonly clear: () => void;
  /** What was typed for a question, sealed. */
  readonly draft: (of: Asked) => string | null;
  readonly keepDraft: (of: Asked, sealed: string | null) => void;
  /** What is under way at a counter (state/counter.ts); empty for nothing. */
  readonly counter: () => string;
  readonly setCounter: (kept: string) => void;
  /** Whether it is kept over a reload: some browsers refuse. */
  readonly kept: boolean;
}

export function requestOfTab(page: Page): RequestOfTab {
  const { location, history } = page;
  const id = /^#request=([A-Za-z0-9_-]{1,128})$/.exec(location.hash)?.[1];
  let ticket = /^#logout=([A-Za-z0-9_.-]{1,8192})$/.exec(location.hash)?.[1] ?? null;
  const takeTicket = (): string | null => {
    const taken = ticket;
    ticket = null;
    return taken;
  };
  const counter = /^#counter(?:=([0-9A-Z]{26}))?$/.exec(location.hash);
  if (location.hash !== "") history.replaceState(null, "", "/");
  try {
    // Even looking at it throws where it is refused.
    const { sessionStorage } = page;
    const set = (key: string, value: string): void => { sessionStorage.setItem(key, value); };
    set("probe", "");
    sessionStorage.removeItem("probe");
    if (id !== undefined) set(KEY, id);
    if (counter !== null) set(COUNTER, `code ${counter[1] ?? ""}`);
    return {
      takeTicket,
      get: () => sessionStorage.getItem(KEY),
      clear: () => {
        sessionStorage.removeItem(KEY);
        sessionStorage.removeItem(DRAFTS.online);
      },
      draft: (of) => sessionStorage.getItem(DRAFTS[of]),
      keepDraft: (of, sealed) => {
        if (sealed === null) sessionStorage.removeItem(DRAFTS[of]);
        else set(DRAFTS[of], sealed);
      },
      counter: () => sessionStorage.getItem(COUNTER) ?? "",
      setCounter: (kept) => { set(COUNTER, kept); },
      kept: true,
    };
  } catch {
    const nothing = (): undefined => undefined;
    let atCounter = counter === null ? "" : `code ${counter[1] ?? ""}`;
    return {
      takeTicket, get: () => id ?? null, clear: nothing, draft: () => null, keepDraft: nothing, kept: false,
      counter: () => atCounter, setCounter: (kept) => { atCounter = kept; },
    };
  }
}
