/** The page around every screen, and which view belongs to which screen. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { Chrome, Screen, State } from "../state/state.ts";
import { brand } from "../style/theme.ts";
import { NAMES, inLanguage } from "../text/index.ts";
import type { Language, Text } from "../text/index.ts";
import { activity, atCounter, control, forms, more } from "../lazy.ts";
import { code, confirm, makeCode } from "./code.ts";
import { locked, start } from "./entry.ts";
import { home } from "./home.ts";
import { button, instead } from "./parts.ts";
import type { View } from "./parts.ts";
import { problem } from "./problem.ts";
import { refused, shared } from "./shared.ts";

function screen(state: State, act: Actions, text: Text): View | undefined {
  switch (state.screen) {
    case "starting": return html`<p class="govuk-body" role="status">${text.page.working}</p>`;
    case "start": return start(state, act, text);
    case "locked": return locked(state, act, text);
    case "recover": return more()?.recoverView(state, act, text);
    case "recovered": return more()?.recovered(state, act, text);
    case "newPassphrase": return more()?.newPassphrase(state, act, text);
    case "withPassphrase": return more()?.withPassphrase(state, act, text);
    case "ways": return more()?.ways(state, act, text);
    case "again": return more()?.again(state, act, text);
    case "noPrf": return more()?.noPrf(state, act, text);
    case "makeCode": return makeCode(state, act, text);
    case "code": return code(state, act, text);
    case "confirm": return confirm(state, act, text);
    case "home": return home(state, act, text);
    case "asked": return forms()?.asked(state, act, text);
    case "shared": return shared(state, act, text);
    case "refused": return refused(state, text);
    case "details": return forms()?.details(state, act, text);
    case "inbox": return forms()?.inbox(state, act, text);
    case "hidden": return forms()?.hidden(state, act, text);
    case "edit": return forms()?.edit(state, act, text);
    case "who": return more()?.who(state, act, text);
    case "stop": return more()?.stop(state, act, text);
    case "stopped": return more()?.stopped(state, act, text);
    case "preferences": return control()?.preferences(state, act, text);
    case "preference": return control()?.preference(state, act, text);
    case "persona": return control()?.persona(state, act, text);
    case "personaName": return control()?.personaName(state, act, text);
    case "own": return control()?.own(state, act, text);
    case "knownAs": return control()?.knownAs(state, act, text);
    case "protect": return control()?.protectView(state, act, text);
    case "leaving": return more()?.leaving(state, act, text);
    case "left": return more()?.left(state, act, text);
    case "sessions": return more()?.sessions(state, act, text);
    case "activity": case "notMe": case "notMeDone": case "late": return activity()?.activityView(state, act, text);
    case "problem": return problem(state, act, text);
    case "counterFind": case "counterScan": case "counterHere": case "counterDigits": case "counterDone": case "counterOver":
    case "counterReport": case "counterReported": return atCounter()?.counterView(state, act, text);
  }
}

/** Where the menu would lead away from something half done, it is not shown. */
const WITHOUT_MENU: readonly Screen[] = ["starting", "start", "locked", "recover", "recovered", "again", "noPrf",
  "newPassphrase", "withPassphrase",
  "asked", "shared", "refused", "leaving", "left",
  "code", "confirm", "makeCode",
  "counterHere", "counterDigits"];

/** Everything in the body. */
export function page(state: State, chrome: Chrome, act: Actions, text: Text): View {
  const authority = inLanguage(brand.name, text.language as Language);
  return html`
    ${state.screen === "code" ? more()?.kit(state, text) : nothing}
    <a href="#main" class="govuk-skip-link"
      @click=${(event: Event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>${text.page.skip}</a>
    <header class="app-header"><div class="govuk-generic-header">
      <div class="govuk-generic-header__container govuk-width-container"><div class="govuk-generic-header__logo">
        <a href="/" class="govuk-generic-header__homepage-link"
          @click=${(event: Event) => { event.preventDefault(); act.go("home"); }}>${authority}</a>
      </div>${languages(act, text)}</div>
    </div></header>
    ${chrome.open && state.screen !== "starting" ? menu(state.screen, chrome.quiet, act, text) : nothing}
    <div class="govuk-width-container">
      <div role="status" id="status">${chrome.unkept ? strip("unkept", text.unkept.title, text.unkept.text) : nothing}${
        chrome.offline ? strip("offline", text.offline.title, text.offline.text) : nothing}${
        chrome.counter ? strip("counter", text.counter.title, text.counter.text) : nothing}</div>
      ${chrome.lockSoon ? html`<div role="alert">${strip("idle", text.idle.title, text.idle.text)}
        ${button(text.idle.stay, act.stayUnlocked, { kind: "govuk-button--secondary" })}</div>` : nothing}
      <main class="govuk-main-wrapper ${chrome.unkept ? "app-unkept" : ""}" id="main" tabindex="-1">
        <div class="app-column">${screen(state, act, text)}</div>
      </main>
    </div>
    <footer class="app-footer"><div class="govuk-width-container">${text.page.help}</div></footer>`;
}

/** The other language, in its own words. */
function languages(act: Actions, text: Text): View {
  const other: Language = text.language === "cy" ? "en" : "cy";
  return html`<nav class="app-language" aria-label=${text.page.language}><a href="/" id="language" class="app-language__link"
    lang=${other} hreflang=${other} @click=${instead(() => { act.speak(other); })}>${NAMES[other]}</a></nav>`;
}

function strip(id: string, title: string, words: string): View {
  return html`<div class="govuk-inset-text" id=${id}><strong>${title}</strong><br>${words}</div>`;
}

function menu(current: Screen, quiet: boolean, act: Actions, text: Text): View {
  const places = [["home", text.page.home], ["details", text.page.details], ["who", text.page.who],
    ["preferences", text.page.preferences]] as const;
  const lock = html`<li class="app-nav__item--end"><a href="/" class="app-nav__link" id="lock"
    @click=${(event: Event) => { event.preventDefault(); act.lock(); }}>${text.page.lock}</a></li>`;
  return html`
    <nav class="app-nav" aria-label=${text.page.menu}><div class="govuk-width-container"><ul class="app-nav__list">
      ${WITHOUT_MENU.includes(current) ? nothing : places.map(([place, label]) => html`<li><a href="/" class="app-nav__link"
        aria-current=${place === current ? "page" : nothing}
        @click=${(event: Event) => { event.preventDefault(); act.go(place); }}>${label}</a></li>`)}
      ${lock}
      ${quiet ? html`<li><a href="/" class="app-nav__link app-nav__exit" id="exit"
        @click=${(event: Event) => { event.preventDefault(); act.exit(); }}>${text.page.exit}</a></li>` : nothing}
    </ul></div></nav>`;
}
