/** Puts the wallet together: the browser on one side, states and views on the other. */
import { render } from "lit-html";
import { registrarKeys } from "virtual:release";
import { api } from "./client/api.ts";
import { keystore } from "./client/keystore.ts";
import { createPasskey, passkeysWork, usePasskey } from "./client/passkey.ts";
import { Failure } from "./client/failure.ts";
import { requestOfTab } from "./client/request.ts";
import { tongue } from "./client/tongue.ts";
import { tabs } from "./client/tabs.ts";
import { control, forms, loadActivity, loadCounter, loadForms, loadMore, more } from "./lazy.ts";
import type { Actions } from "./state/actions.ts";
import { act, newApp, show, showChrome } from "./state/app.ts";
import type { App, Device } from "./state/app.ts";
import { askToConfirm, codeLater, confirmCode, keepCode, makeCode, showCode } from "./state/code.ts";
import { create, exit, lock, unlock } from "./state/entry.ts";
import { changeLanguage, settleLanguage } from "./state/language.ts";
import { choose, edit, go, returnTo, stop } from "./state/navigate.ts";
import { goOnUnkept, lockedElsewhere, openedElsewhere, showUnsupported, start, watchIdle } from "./state/start.ts";
import type { Chrome, State } from "./state/state.ts";
import { applyTheme, brand } from "./style/theme.ts";
import { inLanguage, text } from "./text/index.ts";
import type { Language } from "./text/index.ts";
import { page } from "./views/page.ts";

const root = document.getElementById("app");
const request = requestOfTab(window);

function device(): Device {
  return {
    api, secretOf, passkeys: passkeysWork, createPasskey, usePasskey, registrarKeys, request,
    keys: keystore(globalThis.indexedDB),
    tabs: tabs({ locked: () => { void lockedElsewhere(app); }, opened: () => { void openedElsewhere(app); } }),
    tongue: tongue(window),
    cookies: () => navigator.cookieEnabled,
    now: () => Date.now(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    origin: location.origin,
    leaveTo: (url) => { location.assign(url); },
    blank,
    replaceBy: (url) => { location.replace(url); },
    after: (ms, run) => { setTimeout(run, ms); },
    push,
    back: () => { history.back(); },
    print: () => { print(); },
    save: download,
    report: (error) => { reportError(error); },
  };
}

/** The first screen takes the place of the page that loaded, so that the back button leads to where people came from. */
function push(screen: string): void {
  if (history.state === null) history.replaceState(screen, "", "/");
  else if (history.state !== screen) history.pushState(screen, "", "/");
}

async function secretOf(...given: Parameters<Device["secretOf"]>): ReturnType<Device["secretOf"]> {
  const { deriveSecret } = await import("./client/kdf.ts").catch(() => { throw new Failure("network"); });
  return deriveSecret(...given);
}

function blank(): void {
  gone = true;
  root?.replaceChildren();
  document.title = text.page.quietTitle;
}

function download(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  const anchor = Object.assign(document.createElement("a"), { href: address, download: name });
  anchor.click();
  setTimeout(() => { URL.revokeObjectURL(address); }, 10_000);
}

/** The resident has left: nothing is drawn any more. */
let gone = false;
let onScreen = "";
let errorsShown = false;
let language = "";

/** Says of the page in which language it is, and whose. */
function label({ quiet }: Chrome): void {
  document.documentElement.lang = text.language;
  document.title = quiet ? text.page.quietTitle : text.page.title(inLanguage(brand.name, text.language as Language));
}

/** Renders, and moves the focus: to the heading of a new screen, to the list of errors when one appears. */
function draw(state: State, chrome: Chrome): void {
  if (root === null || gone) return;
  label(chrome);
  // In another language a list is in another order: what is chosen in it stays chosen.
  const chosen = language === text.language ? [] : [...root.querySelectorAll("select")].map((list) => [list, list.value] as const);
  language = text.language;
  render(page(state, chrome, actions, text), root);
  for (const [list, value] of chosen) list.value = value;
  const summary = root.querySelector<HTMLElement>(".govuk-error-summary");
  const screen = state.screen === "edit" ? `edit ${state.attribute.id}`
    : state.screen === "asked" && state.own !== null ? `own ${state.own}` : state.screen;
  if (screen !== onScreen) {
    onScreen = screen;
    scrollTo(0, 0);
    root.querySelector<HTMLElement>("h1")?.focus();
  } else if (summary !== null && !errorsShown) {
    summary.focus();
  }
  errorsShown = summary !== null && !("sending" in state && state.sending);
}

const app: App = newApp(device(), draw);
const ignore = (done: Promise<void> | undefined): void => { void done; };

/** A no can be said before the vault is open, and before its file is here. */
async function refuse(): Promise<void> {
  if (forms() === null) await act(app, async () => { await loadForms(); });
  await forms()?.refuse(app);
}

const actions: Actions = {
  go: (place, shared) => { ignore(go(app, place, shared)); },
  back: () => { history.back(); },
  stayUnlocked: () => { idle.touched(); },
  lock: () => { ignore(lock(app)); },
  create: (shared) => { ignore(create(app, shared)); },
  unlock: (shared) => { ignore(unlock(app, shared)); },
  recover: (code, shared) => { ignore(more()?.recover(app, code, shared)); },
  addPasskey: () => { ignore(more()?.addPasskey(app)); },
  leaveRecovered: () => { ignore(more()?.leaveRecovered(app)); },
  againByPasskey: () => { ignore(more()?.againByPasskey(app)); },
  againByPassphrase: () => { ignore(more()?.againByPassphrase(app)); },
  useAnother: () => { ignore(more()?.useAnother(app)); },
  makeCode: () => { ignore(makeCode(app)); },
  otherWords: () => { ignore(more()?.otherWords(app)); },
  ownPassphrase: (own) => { more()?.choose(app, own); },
  hide: (hidden) => { more()?.hide(app, hidden); },
  makeWithPassphrase: (typed) => { errorsShown = false; ignore(more()?.makeWithPassphrase(app, typed)); },
  provePassphrase: (typed) => { errorsShown = false; ignore(more()?.provePassphrase(app, typed)); },
  passkeyByPassphrase: () => { ignore(act(app, async () => { await (await loadMore()).showWithPassphrase(app, "passkey"); })); },
  printCode: () => { ignore(keepCode(app, "print")); },
  saveCode: () => { ignore(keepCode(app, "save")); },
  codeSaved: () => { askToConfirm(app); },
  showCodeAgain: () => { showCode(app); },
  confirmCode: (first, second) => { ignore(confirmCode(app, first, second)); },
  codeLater: () => { ignore(codeLater(app)); },
  tick: (attribute, on, draft) => { forms()?.tickDetail(app, attribute, on, draft); },
  change: (attribute, draft) => { forms()?.changeDetail(app, attribute, draft); },
  type: (draft) => { forms()?.typeDetail(app, draft); },
  keepMine: (attribute, draft) => { forms()?.keepDetail(app, attribute, draft); },
  showOwn: (attribute, draft) => { forms()?.showOwn(app, attribute, draft); },
  answerOwn: (share, draft) => { errorsShown = false; forms()?.answerOwn(app, share, draft); },
  share: (draft) => { errorsShown = false; ignore(forms()?.share(app, draft)); },
  refuse: () => { ignore(refuse()); },
  giveUp: () => { ignore(forms()?.refuse(app, "failed")); },
  moreTime: () => { ignore(forms()?.moreTime(app)); },
  leave: () => { if (app.leaving === null) ignore(refuse()); else forms()?.leave(app); },
  edit: (attribute, item) => { ignore(edit(app, attribute, item)); },
  reveal: (draft) => {
    ignore(app.state.screen === "asked" ? forms()?.revealAsked(app, draft)
      : app.state.screen === "inbox" ? forms()?.revealInbox(app, draft) : forms()?.reveal(app));
  },
  redraft: (draft) => {
    if (app.state.screen === "edit") show(app, { ...app.state, draft, errors: [], same: false });
    else forms()?.redraftAsked(app, draft);
  },
  save: (draft) => { errorsShown = false; ignore(forms()?.save(app, draft)); },
  remove: () => { ignore(forms()?.remove(app)); },
  keepOffered: (deposit, draft) => { errorsShown = false; ignore(forms()?.keepOffered(app, deposit, draft)); },
  throwAway: (deposit, draft) => { ignore(forms()?.throwAway(app, deposit, draft)); },
  look: () => { if (app.state.screen === "asked") show(app, { ...app.state, look: true }); },
  meet: (persona) => { errorsShown = false; ignore(forms()?.meet(app, persona)); },
  onlyOnce: (on) => { ignore(forms()?.onlyOnce(app, on)); },
  persona: (what, given = "") => { errorsShown = false; ignore(control()?.personaAct(app, what, given)); },
  choose: (of) => { ignore(choose(app, of)); },
  prefer: (draft) => { ignore(control()?.prefer(app, draft)); },
  protect: (draft) => { errorsShown = false; ignore(control()?.protect(app, draft)); },
  speak: (wanted) => { ignore(changeLanguage(app, wanted)); },
  exit: () => { ignore(exit(app)); },
  pause: (paused) => { ignore(more()?.pauseAll(app, paused)); },
  stop: (grant) => { ignore(stop(app, grant)); },
  confirmStop: () => { ignore(more()?.confirmStop(app)); },
  signOut: () => { ignore(more()?.signOut(app)); },
  stayIn: () => { ignore(start(app)); },
  endSession: (id) => { ignore(more()?.endSession(app, id)); },
  endSessions: () => { ignore(more()?.endSessions(app)); },
  goOnUnkept: () => { ignore(goOnUnkept(app)); },
  counter: (what, given = "") => {
    errorsShown = false;
    const counter = loadCounter();
    // The file did not come: said on a screen that can try again. Else the act says what went wrong by itself.
    ignore(counter.then((loaded) => loaded.counterAct(app, what, given), () => act(app, async () => { await counter; })));
  },
  activity: (what, given = "") => {
    const file = loadActivity();
    ignore(file.then((loaded) => loaded.activityAct(app, what, given), () => act(app, async () => { await file; })));
  },
  retry: () => { if (app.again !== null) ignore(app.again()); },
};

const idle = watchIdle(app);

applyTheme(document.documentElement);
root?.replaceChildren();
if (!navigator.onLine) app.chrome = { ...app.chrome, offline: true };
addEventListener("popstate", (event) => { ignore(returnTo(app, event.state)); });
addEventListener("online", () => {
  showChrome(app, { offline: false });
  // What only the network stopped goes on by itself.
  if (app.state.screen === "problem" && app.state.trouble === "network") actions.retry();
});
addEventListener("offline", () => { showChrome(app, { offline: true }); });
for (const sign of ["pointerdown", "keydown"] as const)
  addEventListener(sign, () => { idle.touched(); }, { passive: true, capture: true });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

ignore(settleLanguage(app, []).then(async () => {
  label(app.chrome);
  if (!("subtle" in crypto)) showUnsupported(app);
  else await start(app);
}));
