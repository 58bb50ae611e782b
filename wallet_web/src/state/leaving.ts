/** A service wishes that the resident signs out (OpenID Connect RP-Initiated Logout): asked, unless it is proved. */
import { Failure } from "../client/failure.ts";
import { Invalid } from "../core/errors.ts";
import { verifyStatement } from "../core/registry.ts";
import { act, closeVault, seconds, show } from "./app.ts";
import type { App } from "./app.ts";
import { localesOf } from "../core/request.ts";
import { settleLanguage } from "./language.ts";
import { acceptIndex } from "./registry.ts";
import type { Words } from "./state.ts";

/** Who wishes it, and where the browser goes afterwards: both from the signed registry. */
export interface Leaving { readonly service: Words | null; readonly back: string | null }

export async function showLeaving(app: App, ticket: string): Promise<void> {
  const answer = await app.device.api.leaving(ticket);
  await settleLanguage(app, localesOf(answer.ui_locales));
  let leaving: Leaving = { service: null, back: null };
  if (answer.statement !== null && answer.index !== null) {
    const index = await acceptIndex(app, answer.index);
    const service = await verifyStatement(answer.statement, index, seconds(app));
    const back = answer.redirect_uri;
    if (back !== null && !service.postLogoutRedirectUris.includes(back)) throw new Invalid("request/redirect");
    leaving = { service: service.name, back: back === null ? null : withState(back, answer.state) };
  }
  // Nobody is signed in, or the ID token was given in this very session: there is nothing to ask.
  if (!answer.signed_in || answer.proved) await end(app, leaving);
  else show(app, { screen: "leaving", leaving, sending: false, trouble: null });
}

/** Yes. */
export function signOut(app: App): Promise<void> {
  const { state } = app;
  return state.screen === "leaving" ? act(app, () => end(app, state.leaving)) : Promise.resolve();
}

/** Locks every tab of this browser, and ends the session for every service. */
async function end(app: App, leaving: Leaving): Promise<void> {
  try {
    await app.device.api.logout();
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 401) throw error;
  }
  await closeVault(app, "done", true);
  show(app, { screen: "left", leaving });
  if (leaving.back !== null) app.device.leaveTo(leaving.back);
}

function withState(back: string, state: string | null): string {
  if (state === null) return back;
  return `${back}${back.includes("?") ? "&" : "?"}${new URLSearchParams({ state }).toString()}`;
}
