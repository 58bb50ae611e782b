/** Making a passphrase, and typing it. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { TypedPhrase } from "../state/passphrase.ts";
import type { NewPassphraseState, WithPassphraseState } from "../state/state.ts";
import { formatName } from "../core/names.ts";
import type { Text } from "../text/index.ts";
import { moreText } from "../text/more.ts";
import { asker, leave, read, sharedTick, ticked } from "./entry.ts";
import { errorMessage, errorSummary, heading, link, orAgain, sending, submit, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

function typed(form: FormData): TypedPhrase {
  return { name: read(form, "vault-name"), phrase: read(form, "passphrase"), again: read(form, "passphrase-again"),
    shared: ticked(form) };
}

interface Box {
  readonly id: string; readonly label: string; readonly value: string; readonly hint?: string; readonly error?: string | undefined;
  readonly hidden?: boolean; readonly autocomplete: string; readonly look?: string; readonly fixed?: boolean;
}

function box(
  { id, label, value, hint = "", error, hidden = false, autocomplete, look = "", fixed = false }: Box, text: Text,
): View {
  const described = [hint === "" ? [] : [`${id}-hint`], error === undefined ? [] : [`${id}-error`]].flat().join(" ");
  return html`
    <div class="govuk-form-group ${error === undefined ? "" : "govuk-form-group--error"}">
      <label class="govuk-label govuk-label--s" for=${id}>${label}</label>
      ${hint === "" ? nothing : html`<div id="${id}-hint" class="govuk-hint">${hint}</div>`}
      ${errorMessage(`${id}-error`, error, text)}
      <input class="govuk-input ${look} ${error === undefined ? "" : "govuk-input--error"}" id=${id} name=${id}
        type=${hidden ? "password" : "text"} autocomplete=${autocomplete} autocapitalize="none" autocorrect="off" spellcheck="false"
        ?readonly=${fixed} aria-describedby=${described === "" ? nothing : described}
        aria-invalid=${error === undefined ? nothing : "true"} .value=${value}>
    </div>`;
}

function hider(hidden: boolean, act: Actions): View {
  const words = moreText.newPassphrase;
  return html`<p class="govuk-body">${
    link(hidden ? words.show : words.hide, () => { act.hide(!hidden); }, { hidden: words.hideIt })}</p>`;
}

export function newPassphrase(state: NewPassphraseState, act: Actions, text: Text): View {
  const words = moreText.newPassphrase;
  const { problem } = state;
  const message = problem === null ? undefined : problem === "weak" ? words.weak(state.worth) : words[problem];
  const again = problem === "different";
  const field = again ? "passphrase-again" : "passphrase";
  return html`
    ${troubleBox(state.trouble, text)}
    ${errorSummary(message === undefined ? [] : [{ field, message }], text)}
    ${heading(state.for === "create" ? words.create : words.add)}
    ${asker(state.asker, text)}
    <p class="govuk-body">${words.need} ${words.lost}</p>
    <form novalidate @submit=${sending((form) => { act.makeWithPassphrase(typed(form)); }, state.sending)}>
      ${box({ id: "vault-name", label: words.name, value: formatName(state.name), hint: words.nameHint, autocomplete: "username",
        look: "app-code-input govuk-input--width-20", fixed: true }, text)}
      ${state.own ? html`
        ${box({ id: "passphrase", label: words.ownLabel, value: state.draft, hint: words.ownHint, hidden: state.hidden,
          autocomplete: "new-password", error: again ? undefined : message }, text)}
        ${state.hidden ? box({ id: "passphrase-again", label: words.again, value: "", hidden: true, autocomplete: "new-password",
          error: again ? message : undefined }, text) : nothing}
        ${hider(state.hidden, act)}
        <p class="govuk-body">${link(words.ours, () => { act.ownPassphrase(false); })}</p>` : html`
        <h2 class="govuk-heading-s app-phrase__label">${words.words}</h2>
        <p class="govuk-hint">${words.wordsHint}</p>
        <p class="app-phrase" id="words" lang="en">${state.words}</p>
        <p class="govuk-body">${link(words.other, act.otherWords)}</p>
        <p class="govuk-body">${link(words.own, () => { act.ownPassphrase(true); })}</p>`}
      ${state.for === "create" ? sharedTick(state.shared, text) : nothing}
      ${submit(orAgain(state.for === "create" ? words.createIt : words.addIt, state.trouble, text), state.sending)}
    </form>
    ${state.sending ? html`<p class="govuk-body" role="status">${words.waiting}</p>` : nothing}
    <p class="govuk-body">${link(text.page.cancel, act.back)}</p>
    ${state.for === "create" ? leave(state.asker, act, text) : nothing}`;
}

export function withPassphrase(state: WithPassphraseState, act: Actions, text: Text): View {
  const words = moreText.withPassphrase;
  const { problem } = state;
  const message = problem === null ? undefined : words[problem];
  const inName = problem === "nameEmpty" || problem === "nameLength" || problem === "nameCharacter";
  const unlocking = state.for === "unlock";
  return html`
    ${troubleBox(state.trouble, text)}
    ${errorSummary(message === undefined ? [] : [{ field: inName ? "vault-name" : "passphrase", message }], text)}
    ${heading(words[state.for])}
    ${unlocking ? asker(state.asker, text) : html`<p class="govuk-body">${words.why}</p>`}
    <form novalidate @submit=${sending((form) => { act.provePassphrase(typed(form)); }, state.sending)}>
      ${box({ id: "vault-name", label: words.name, value: state.name, hint: words.nameHint, autocomplete: "username",
        look: "app-code-input govuk-input--width-20", error: inName ? message : undefined, fixed: !unlocking }, text)}
      ${box({ id: "passphrase", label: words.phrase, value: state.draft, hidden: state.hidden, autocomplete: "current-password",
        error: inName ? undefined : message }, text)}
      ${hider(state.hidden, act)}
      ${unlocking ? sharedTick(state.shared, text) : nothing}
      ${submit(orAgain(unlocking ? words.submit : words.goOn, state.trouble, text), state.sending)}
    </form>
    ${state.sending ? html`<p class="govuk-body" role="status">${moreText.newPassphrase.waiting}</p>` : nothing}
    <p class="govuk-body">${unlocking ? link(words.otherWay, () => { act.go("locked"); }) : link(text.page.cancel, act.back)}</p>
    ${unlocking ? leave(state.asker, act, text) : nothing}`;
}
