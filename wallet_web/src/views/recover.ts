/** The recovery code typed, what comes after it, and a passkey that opens nothing. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { moreText } from "../text/more.ts";
import { leave, read, sharedTick, ticked } from "./entry.ts";
import { button, errorMessage, errorSummary, heading, link, orAgain, sending, submit, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

type On<S extends State["screen"]> = Extract<State, { screen: S }>;

export function recover(state: On<"recover">, act: Actions, text: Text): View {
  const message = state.problem === null ? undefined : moreText.recover[state.problem];
  return html`
    ${troubleBox(state.trouble, text)}
    ${errorSummary(message === undefined ? [] : [{ field: "recovery-code", message }], text)}
    ${heading(moreText.recover.title)}
    <p class="govuk-body">${moreText.recover.text}</p>
    <form novalidate @submit=${sending((form) => { act.recover(read(form, "recovery-code"), ticked(form)); }, state.sending)}>
      <div class="govuk-form-group ${message === undefined ? "" : "govuk-form-group--error"}">
        <label class="govuk-label govuk-label--s" for="recovery-code">${moreText.recover.label}</label>
        <div id="recovery-code-hint" class="govuk-hint">${moreText.recover.hint}</div>
        ${errorMessage("recovery-code-error", message, text)}
        <textarea class="govuk-textarea app-code-input ${message === undefined ? "" : "govuk-textarea--error"}" id="recovery-code"
          name="recovery-code" rows="3" autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false"
          aria-describedby="recovery-code-hint ${message === undefined ? "" : "recovery-code-error"}"
            .value=${state.draft}></textarea>
      </div>
      ${sharedTick(state.shared, text)}
      ${submit(orAgain(moreText.recover.submit, state.trouble, text), state.sending)}
    </form>
    <p class="govuk-body">${link(text.page.cancel, () => { act.go("locked"); })}</p>`;
}

export function recovered(state: On<"recovered">, act: Actions, text: Text): View {
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(moreText.recovered.title)}
    <p class="govuk-body">${moreText.recovered.text}</p>
    <p class="govuk-body">${moreText.recovered.keep}</p>
    <p class="govuk-body">${moreText.recovered.seq(state.seq)}</p>
    <div class="govuk-button-group">
      ${state.passkeys
        ? button(orAgain(moreText.recovered.add, state.trouble, text), act.addPasskey, { off: state.sending }) : nothing}
      ${state.phrase ? nothing : button(moreText.recovered.addPhrase, () => { act.go("addPassphrase"); },
        { kind: state.passkeys ? "govuk-button--secondary" : "", off: state.sending })}
      ${link(moreText.recovered.later, act.leaveRecovered)}
    </div>`;
}

export function noPrf(state: On<"noPrf">, act: Actions, text: Text): View {
  return html`
    ${heading(moreText.noPrf.title)}
    <p class="govuk-body">${moreText.noPrf.text}</p>
    ${button(moreText.noPrf.phrase, () => { act.go(state.again === "create" ? "newPassphrase" : "addPassphrase"); })}
    <h2 class="govuk-heading-m">${moreText.noPrf.tryTitle}</h2>
    <ul class="govuk-list govuk-list--bullet">${moreText.noPrf.options.map((option) => html`<li>${option}</li>`)}</ul>
    ${state.asker === null ? nothing : html`<p class="govuk-body">${moreText.noPrf.request}</p>`}
    <div class="govuk-button-group">
      ${button(moreText.noPrf.again, state.again === "create" ? () => { act.go("start"); } : act.addPasskey,
        { kind: "govuk-button--secondary" })}
      ${state.again === "add" ? link(moreText.recovered.later, act.leaveRecovered) : nothing}
    </div>
    ${leave(state.asker, act, text)}`;
}
