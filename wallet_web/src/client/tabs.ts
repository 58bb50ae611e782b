/** Tabs of one browser: a lock in one locks all, and commits take turns. */

export interface Tabs {
  readonly tellLocked: () => void;
  /** Runs one act at a time over all tabs, where the browser can (Web Locks). */
  readonly inTurn: <T>(act: () => Promise<T>) => Promise<T>;
}

export function tabs(whenLocked: () => void): Tabs {
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("pds") : null;
  if (channel !== null) channel.onmessage = (event) => { if (event.data === "locked") whenLocked(); };
  return {
    tellLocked: () => { channel?.postMessage("locked"); },
    inTurn: async <T>(act: () => Promise<T>): Promise<T> => {
      if (!("locks" in navigator)) return act();
      return await navigator.locks.request("pds-commit", act);
    },
  };
}
