/** Showing again who one is, before the most sensitive details are seen, changed or shared (protocol.md, section 7). */
import { loadMore } from "../lazy.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { phraseOnly } from "./code.ts";
import { rootAgain } from "./entry.ts";

/** For so many seconds nobody is asked again. */
const FRESH = 300;

export function isFresh(app: App): boolean {
  return app.proved !== null && seconds(app) - app.proved < FRESH;
}

/**
 * By passkey at once: then it is true, and the caller goes on. By passphrase on a screen of its own: then it is false,
 * and `later` runs when the passphrase was typed. It is false too where the vault was locked meanwhile.
 */
export async function prove(app: App, later: () => Promise<void>): Promise<boolean> {
  if (isFresh(app)) return true;
  if (phraseOnly(app)) {
    app.afterProof = later;
    await (await loadMore()).showWithPassphrase(app, "detail");
    return false;
  }
  const id = app.vault?.id;
  (await rootAgain(app)).fill(0);
  // Locked meanwhile: nothing of what was on the screen comes back, and whoever unlocks has not proved anything.
  if (app.vault === null || app.vault.id !== id) return false;
  app.proved = seconds(app);
  return true;
}
