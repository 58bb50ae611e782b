/** What happens when the page loads, and what happens by itself: locking, lost networks, other tabs. */
import { Failure } from "../client/failure.ts";
import { idleLimit, isOver } from "../client/keystore.ts";
import { loadCounter, loadForms, loadMore } from "../lazy.ts";
import { act, closeVault, showChrome, show } from "./app.ts";
import type { App } from "./app.ts";
import { dropDrafts, loadAsking } from "./asking.ts";
import { settleLanguage } from "./language.ts";
import { arrive, showEntry } from "./navigate.ts";
import { recallRegistry } from "./registry.ts";
import { isQuiet } from "./items.ts";
import { openVault, theVault } from "./vault.ts";

/** Opens what can be opened without asking: the request of this tab, and a vault that is still unlocked. */
export function start(app: App): Promise<void> {
  return act(app, async () => {
    await checkKeeping(app);
    await recallRegistry(app);
    const ticket = app.device.request.takeTicket();
    if (ticket !== null) {
      await (await loadMore()).showLeaving(app, ticket);
      return;
    }
    await reopen(app);
    // The file with the question's screen comes beside the question. Where it does not, showing it says so.
    if (app.device.request.get() !== null) void loadForms().catch(() => undefined);
    // What was typed is gone with the key.
    if (app.vault === null) dropDrafts(app);
    await loadAsking(app);
    if (app.asking !== null) await settleLanguage(app, app.asking.request.uiLocales);
    if (app.vault === null && app.device.request.counter() !== "" && !await (await loadCounter()).holdCounter(app)) return;
    await (app.vault === null ? showEntry(app) : arrive(app));
  });
}

/** A browser that keeps nothing for us cannot hold a vault open: said before anything is typed. */
async function checkKeeping(app: App): Promise<void> {
  const { cookies, request, keys } = app.device;
  if (!cookies()) throw new Failure("cookies");
  if (app.chrome.unkept) return;
  if (!request.kept) throw new Failure("storage");
  if (await keys.open() === null) await keys.probe();
}

/** Goes on in a browser that keeps nothing: the vault is open in this page only, as on a shared computer. */
export async function goOnUnkept(app: App): Promise<void> {
  const none = (): Promise<null> => Promise.resolve(null);
  const done = (): Promise<void> => Promise.resolve();
  app.device = { ...app.device, keys: { open: none, memory: none, memories: () => Promise.resolve([]), keep: done, erase: done,
    remember: done, forget: done, probe: done } };
  app.chrome = { ...app.chrome, unkept: true };
  await start(app);
}

/** One unlock serves every service: the key is still here, and the session too. */
async function reopen(app: App): Promise<void> {
  const { keys, api, now } = app.device;
  const kept = await keys.open();
  if (kept === null) return;
  if (isOver(kept, now())) {
    await keys.erase();
    return;
  }
  const session = await api.session();
  if (!session.signed_in || session.vault !== kept.vault) return;
  await openVault(app, { vault: kept.vault, epoch: kept.epoch, root: kept.root, shared: false });
  // In quiet mode a vault locks sooner; only the open vault says so.
  if (now() - kept.used >= idleLimit(isQuiet(theVault(app).opened))) await closeVault(app, "idle", true);
}

const WARN_BEFORE = 60_000;
const LOOK_EVERY = 10_000;
const HIDE_AFTER = 1000;

/** Watches for idleness: warns a minute before locking. `touched` is called at every sign of a person. */
export function watchIdle(app: App): { readonly touched: () => void } {
  let used = app.device.now();
  let kept = used;
  const lock = async (): Promise<void> => { used = await lockIdle(app) ?? used; };
  const look = (): void => {
    app.device.after(LOOK_EVERY, look);
    const { vault } = app;
    if (vault === null) return;
    const left = idleLimit(vault.shared || isQuiet(vault.opened)) - (app.device.now() - used);
    if (left <= 0) void lock();
    else if ((left <= WARN_BEFORE) !== app.chrome.lockSoon) showChrome(app, { lockSoon: left <= WARN_BEFORE });
  };
  app.device.after(LOOK_EVERY, look);
  return {
    touched: () => {
      const { vault } = app;
      const now = app.device.now();
      if (vault !== null && now - used >= idleLimit(vault.shared || isQuiet(vault.opened))) {
        void lock();
        return;
      }
      used = now;
      // Not at once: what is above a button must not vanish between the press and the release of a finger on it.
      if (app.chrome.lockSoon) app.device.after(HIDE_AFTER, () => { showChrome(app, { lockSoon: false }); });
      if (vault === null || vault.shared || now - kept < LOOK_EVERY) return;
      kept = now;
      void app.device.keys.keep({
        vault: vault.id, epoch: vault.opened.manifest.epoch, root: vault.root, used: now,
      });
    },
  };
}

/** Locks, unless another tab was used meanwhile: then it gives the time of that. */
async function lockIdle(app: App): Promise<number | null> {
  const kept = await app.device.keys.open();
  if (kept !== null && !isOver(kept, app.device.now())) return kept.used;
  await closeVault(app, "idle", true);
  try {
    await app.device.api.logout();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  return null;
}

/** Another tab has locked. */
export async function lockedElsewhere(app: App): Promise<void> {
  if (app.vault !== null) await closeVault(app, "tab", false);
}

/** Another tab has unlocked: this one need not ask, and must not make a second vault. */
export async function openedElsewhere(app: App): Promise<void> {
  if (app.vault === null && !app.busy && ["start", "locked", "noPrf"].includes(app.state.screen)) await start(app);
}

/** Something in the browser is missing: said at once, before anything is asked. */
export function showUnsupported(app: App): void {
  show(app, { screen: "problem", trouble: "unsupported", open: false });
}
