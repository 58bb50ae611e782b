/** Tabs of one browser: a lock in one locks all, an unlock opens all, and commits take turns. */

export interface Tabs {
  readonly tellLocked: () => void;
  readonly tellOpened: () => void;
  /** Runs one act at a time over all tabs, where the browser can (Web Locks). */
  readonly inTurn: <T>(act: () => Promise<T>) => Promise<T>;
}

export function tabs({ locked, opened }: { readonly locked: () => void; readonly opened: () => void }): Tabs {
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("pds") : null;
  if (channel !== null) channel.onmessage = ({ data }) => {
    if (data === "locked") locked();
    if (data === "opened") opened();
  };
  return {
    tellLocked: () => { channel?.postMessage("locked"); },
    tellOpened: () => { channel?.postMessage("opened"); },
    inTurn: async <T>(act: () => Promise<T>): Promise<T> => {
      if (!("locks" in navigator)) return act();
      return await navigator.locks.request("pds-commit", act);
    },
  };
}
