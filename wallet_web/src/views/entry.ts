/** Coming in: create and unlock. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { Asker, State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { button, checkbox, heading, link, orAgain, say, sending, submit, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

type On<S extends State["screen"]> = Extract<State, { screen: S }>;

export function asker(who: Asker | null, text: Text): View | typeof nothing {
  if (who === null) return nothing;
  const sentence = who.signIn ? text.asker.signIn : text.asker.sentence;
  return html`<div class="govuk-inset-text" id="asker">${
    sentence(say(who.service, text), say(who.authority, text))} ${text.asker.next}</div>`;
}

export function leave(who: Asker | null, act: Actions, text: Text): View | typeof nothing {
  return who === null ? nothing : html`<p class="govuk-body">${link(text.asker.without(say(who.service, text)), act.leave)}</p>`;
}

export function sharedTick(shared: boolean, text: Text): View {
  return html`<div class="govuk-form-group app-shared-tick"><div class="govuk-checkboxes govuk-checkboxes--small">
    ${checkbox("shared-computer", text.start.shared, shared, { hint: text.start.sharedHint })}</div></div>`;
}

/** What the tick says now, on a screen that is left by another way than its form. */
const tickedNow = (): boolean => document.querySelector<HTMLInputElement>("#shared-computer")?.checked === true;

export const ticked = (form: FormData): boolean => form.get("shared-computer") === "on";

export function start(state: On<"start">, act: Actions, text: Text): View {
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(text.start.title)}
    ${asker(state.asker, text)}
    <p class="govuk-body">${text.start.what} ${text.start.sealed}</p>
    ${state.passkeys ? html`
      <p class="govuk-body">${text.start.passkey}</p>
      <form novalidate @submit=${sending((form) => { act.create(ticked(form)); }, state.sending)}>
        ${sharedTick(state.shared, text)}
        ${submit(orAgain(text.start.create, state.trouble, text), state.sending)}
      </form>
      ${state.sending ? html`<p class="govuk-body" role="status">${text.locked.waiting}</p>` : nothing}
      <p class="govuk-body">${link(text.start.phrase, () => { act.go("newPassphrase", tickedNow()); })}</p>` : html`
      <p class="govuk-body">${text.start.noPasskeys}</p>
      ${button(text.start.phrase, () => { act.go("newPassphrase"); }, { off: state.sending })}`}
    <p class="govuk-body">${link(text.start.have, () => { act.go("locked", tickedNow()); })}</p>
    ${leave(state.asker, act, text)}`;
}

export function locked(state: On<"locked">, act: Actions, text: Text): View {
  const why = {
    unlock: text.locked.text, idle: text.locked.idle, tab: text.locked.tab, done: text.locked.done, other: text.locked.other,
    session: text.locked.session,
  }[state.why];
  const withPhrase = (): void => { act.go("withPassphrase", tickedNow()); };
  const phrase = state.named ? button(text.locked.phrase, withPhrase) : nothing;
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(text.locked.title)}
    ${asker(state.asker, text)}
    <p class="govuk-body">${why}</p>
    ${state.passkeys ? html`<form novalidate @submit=${sending((form) => { act.unlock(ticked(form)); }, state.sending)}>
      ${sharedTick(state.shared, text)}
      <div class="govuk-button-group">
        ${phrase}
        ${submit(orAgain(text.locked.unlock, state.trouble, text), state.sending, state.named ? "govuk-button--secondary" : "")}
      </div>
    </form>` : phrase}
    ${state.sending ? html`<p class="govuk-body" role="status">${text.locked.waiting}</p>` : nothing}
    ${state.named ? nothing : html`<p class="govuk-body">${link(text.locked.phrase, withPhrase)}</p>`}
    <p class="govuk-body">${link(text.locked.code, () => { act.go("recover", tickedNow()); })}</p>
    <p class="govuk-body">${link(text.locked.create, () => { act.go("start", tickedNow()); })}</p>
    ${leave(state.asker, act, text)}`;
}

/** What was typed in one box of a form. */
export function read(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
