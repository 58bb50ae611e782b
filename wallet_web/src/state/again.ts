/** The service wants a fresh sign-in, or somebody else: an unlock on the way to the answer, with nothing lost. */
import { Failure } from "../client/failure.ts";
import { loadForms } from "../lazy.ts";
import { act, closeVault, seconds, show } from "./app.ts";
import type { App } from "./app.ts";
import { rootAgain } from "./entry.ts";
import { kindsOf } from "./items.ts";
import { showWithPassphrase } from "./passphrase.ts";
import { theVault } from "./vault.ts";

/** A service may want a fresh sign-in, or somebody else (OpenID Connect Core, section 3.1.2.1): an unlock comes first. */
export function unlockFirst(app: App, error: unknown): { told: null; prepared: null } {
  if (!(error instanceof Failure) || (error.trouble !== "stale" && error.trouble !== "somebodyElse")) throw error;
  showAgain(app, error.trouble);
  return { told: null, prepared: null };
}

function showAgain(app: App, why: "stale" | "somebodyElse"): void {
  const { asking } = app;
  if (asking === null) return;
  const kinds = kindsOf(theVault(app).opened);
  show(app, { screen: "again", why, asker: asking.asker, passkey: kinds.includes("passkey") && app.device.passkeys(),
    phrase: kinds.includes("passphrase"), sending: false, trouble: null });
}

/** Signs in anew with a passkey of this vault, and goes back to the question. */
export function againByPasskey(app: App): Promise<void> {
  return act(app, async () => {
    (await rootAgain(app)).fill(0);
    app.proved = seconds(app);
    await (await loadForms()).showAsked(app);
  });
}

export function againByPassphrase(app: App): Promise<void> {
  app.afterProof = async () => { await (await loadForms()).showAsked(app); };
  return act(app, () => showWithPassphrase(app, "again"));
}

/** Locks this vault; the question waits for whoever unlocks theirs. */
export function useAnother(app: App): Promise<void> {
  return act(app, () => closeVault(app, "other", true));
}
