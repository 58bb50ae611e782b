/** The recovery code: make it, show it, type part of it back. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { read } from "./entry.ts";
import { button, errorMessage, errorSummary, heading, link, orAgain, say, sending, submit, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

type On<S extends State["screen"]> = Extract<State, { screen: S }>;

export function makeCode(state: On<"makeCode">, act: Actions, text: Text): View {
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(text.code.makeTitle)}
    ${state.asker === null ? nothing : html`<p class="govuk-body">${text.code.required(say(state.asker.service, text))}</p>`}
    <p class="govuk-body">${text.code.why}</p>
    <p class="govuk-body">${state.by === "passphrase" ? text.code.makeTextPhrase : text.code.makeText}</p>
    <div class="govuk-button-group">
      ${button(orAgain(text.code.make, state.trouble, text), act.makeCode, { off: state.sending })}
      ${link(text.page.back, act.codeLater)}
    </div>`;
}

export function code(state: On<"code">, act: Actions, text: Text): View {
  return html`
    ${heading(text.code.title)}
    <p class="govuk-body">${text.code.why}</p>
    ${state.asker === null ? nothing : html`<p class="govuk-body">${text.code.required(say(state.asker.service, text))}</p>`}
    <h2 class="govuk-heading-m">${text.code.label}</h2>
    <ol class="app-code" id="recovery-code-groups">${state.code.split("-").map((group) => html`<li>${group}</li>`)}</ol>
    <p class="govuk-body">${text.code.store}</p>
    <div class="govuk-button-group">
      ${button(text.code.print, act.printCode, { kind: "govuk-button--secondary" })}
      ${button(text.code.save, act.saveCode, { kind: "govuk-button--secondary" })}
    </div>
    <p class="govuk-body">${text.code.inactive}</p>
    <div class="govuk-button-group">
      ${button(text.code.next, act.codeSaved)}
      ${link(text.code.later, act.codeLater)}
    </div>`;
}

export function confirm(state: On<"confirm">, act: Actions, text: Text): View {
  const message = (group: number): string | undefined => (state.wrong.includes(group) ? text.confirm.wrong(group) : undefined);
  const errors = state.groups.flatMap((group) => {
    const words = message(group);
    return words === undefined ? [] : [{ field: `group-${group}`, message: words }];
  });
  const box = (group: number, value: string): View => html`
    <div class="govuk-form-group ${message(group) === undefined ? "" : "govuk-form-group--error"}">
      <label class="govuk-label govuk-label--s" for="group-${group}">${text.confirm.part(group)}</label>
      <div id="group-${group}-hint" class="govuk-hint">${text.confirm.hint(group)}</div>
      ${errorMessage(`group-${group}-error`, message(group), text)}
      <input class="govuk-input govuk-input--width-5 app-code-input ${message(group) === undefined ? "" : "govuk-input--error"}"
        id="group-${group}" name="group-${group}" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"
        aria-describedby="group-${group}-hint group-${group}-error" .value=${value}>
    </div>`;
  const [first, second] = state.groups;
  return html`
    ${troubleBox(state.trouble, text)}
    ${errorSummary(errors, text)}
    ${heading(text.confirm.title)}
    <p class="govuk-body">${text.confirm.text}</p>
    <form novalidate @submit=${sending((form) => {
      act.confirmCode(read(form, `group-${first}`), read(form, `group-${second}`));
    }, state.sending)}>
      ${box(first, state.typed[0])}${box(second, state.typed[1])}
      <div class="govuk-button-group">
        ${submit(orAgain(text.confirm.submit, state.trouble, text), state.sending)}
        ${link(text.confirm.again, act.showCodeAgain)}
      </div>
    </form>`;
}
