/**
 * Asked: who, why and under which law, each detail with its value, how long, and what happens if you say no; then two
 * equal buttons. What is missing is typed here. What is decided by itself has a page of its own (own_page.ts).
 */
import { html, nothing } from "lit-html";
import { fieldId } from "../state/fields.ts";
import type { Actions } from "../state/actions.ts";
import { boxesOf, isShared, isSingle, isTyped, nextSingle, shareCount, singles, typedAt } from "../state/choices.ts";
import { labelOf } from "../state/labels.ts";
import type { Refusal } from "../core/preferences.ts";
import { formsText } from "../text/forms.ts";
import type { AskedDetail, AskedState } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { draftNow, elsewhere, empty, once, reasons, timeLeft, toMend, typeHere, value, wayBack, who } from "./asked_parts.ts";
import { answeredSingly, ownPage } from "./own_page.ts";
import { couldMatch, knownAs, lent, meet } from "./personas.ts";
import { button, checkbox, heading, link, say, summaryList, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

export function asked(state: AskedState, act: Actions, text: Text): View {
  const { ask } = state;
  if (ask.proposal.refused !== null) return stays(ask.proposal.refused, state, act, text);
  if (ask.personas.length > 0) return meet(state, act, text, who(state, text));
  if (ask.signIn && ask.details.length === 0) return signIn(state, act, text);
  const alone = singles(ask).find(({ attribute }) => attribute.id === state.own);
  if (alone !== undefined) return ownPage(alone, state, act, text);
  return ask.proposal.oneTap && !state.look && state.errors.length === 0 ? oneTap(state, act, text) : details(state, act, text);
}

function answers(yes: string, no: string, state: AskedState, act: Actions): View {
  const off = !state.armed || state.sending;
  return html`<div class="app-answers">
    ${button(yes, () => { act.share(draftNow()); }, { id: "share", off })}
    ${button(no, act.refuse, { id: "refuse", off })}
  </div>`;
}

function signIn(state: AskedState, act: Actions, text: Text): View {
  const service = say(state.ask.service, text);
  return html`
    ${troubleBox(state.trouble, text)}${wayBack(state, act, text)}
    ${heading(text.signIn.title(service))}
    ${timeLeft(state, act, text)}
    ${who(state, text)}
    <p class="govuk-body">${state.ask.known ? text.signIn.again : text.signIn.first}</p>
    ${knownAs(state, act, text)}
    <form id="asked" novalidate></form>
    ${answers(text.signIn.button(service), text.signIn.refuse, state, act)}`;
}

/** The resident's own decision stands before every question. */
function stays(refused: Refusal, state: AskedState, act: Actions, text: Text): View {
  const service = say(state.ask.service, text);
  const words = formsText.preferences;
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(words.refused[refused](service))}
    <p class="govuk-body">${words.refusedText[refused]}</p>
    ${who(state, text)}
    ${state.ask.signIn ? nothing : html`
      <h2 class="govuk-heading-m">${text.asked.ifNo}</h2>
      <p class="govuk-body">${say(state.ask.fallback, text)}</p>`}
    <div class="app-answers">
      ${button(text.asked.refuse, act.refuse, { id: "refuse", off: !state.armed || state.sending })}
      ${button(refused === "paused" ? words.resume : words.change,
        () => { act.go(refused === "paused" ? "who" : "preferences"); }, { kind: "govuk-button--secondary" })}
    </div>`;
}

/** All of it was agreed before, by a service that the resident trusts: one tap, never none. */
function oneTap(state: AskedState, act: Actions, text: Text): View {
  const { ask, choices } = state;
  const service = say(ask.service, text);
  const words = formsText.preferences;
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(text.asked.title(service))}
    ${timeLeft(state, act, text)}
    <p class="govuk-body">${words.oneTap(service)}</p>
    ${who(state, text)}
    ${knownAs(state, act, text)}
    <h2 class="govuk-heading-m">${words.oneTapTitle}</h2>
    <ul class="govuk-list govuk-list--bullet">${ask.details.filter((detail) => isShared(detail, choices)).map(({ attribute }) =>
      html`<li>${labelOf(attribute.id, text)}</li>`)}</ul>
    <p class="govuk-body">${link(words.look, act.look)}</p>
    <form id="asked" novalidate>${duration(state, text)}</form>
    <p class="govuk-body">${text.asked.keeps(ask.retentionDays)}</p>
    ${answers(text.asked.share(shareCount(ask, choices), service), text.asked.refuse, state, act)}`;
}

/** What the resident's preferences keep back, and which of them says so. */
function kept(details: readonly AskedDetail[], text: Text): View | typeof nothing {
  if (details.length === 0) return nothing;
  const words = formsText.preferences;
  return html`
    <h2 class="govuk-heading-m">${words.keptTitle}</h2>
    <p class="govuk-body">${words.keptText}</p>
    ${summaryList(details.map(({ attribute, decided }) => ({ key: labelOf(attribute.id, text),
      value: decided.decision === "withhold" ? words.kept[decided.because] : "" })))}`;
}

function details(state: AskedState, act: Actions, text: Text): View {
  const { ask, choices } = state;
  const service = say(ask.service, text);
  const open = ask.details.filter((detail) => detail.decided.decision !== "withhold" && !isSingle(detail));
  const required = open.filter((detail) => detail.required);
  const optional = open.filter((detail) => !detail.required && detail.lacking === undefined);
  const isLast = nextSingle(ask, choices) === null;
  return html`
    ${troubleBox(state.trouble, text)}${wayBack(state, act, text)}
    ${toMend(state, text)}
    ${heading(text.asked.title(service))}
    ${timeLeft(state, act, text)}
    ${isLast && singles(ask).length > 0 ? html`<div class="govuk-inset-text" id="decided">${formsText.singly.all}</div>` : nothing}
    ${who(state, text)}
    ${knownAs(state, act, text)}
    <h2 class="govuk-heading-m">${text.asked.why}</h2>
    ${reasons(ask, text)}
    <form id="asked" novalidate @input=${() => { act.type(draftNow()); }} @submit=${(event: Event) => {
      event.preventDefault();
      if (state.armed && !state.sending) act.share(draftNow());
    }}>
      ${required.length === 0 ? nothing : html`
        <h2 class="govuk-heading-m">${text.asked.what}</h2>
        ${required.some((detail) => isTyped(detail, choices)) ? html`<p class="govuk-body">${
          ask.persona === null ? text.asked.missing : formsText.personas.kept(ask.persona)}</p>` : nothing}
        ${required.map((detail) => block(detail, state, act, text))}`}
      ${optional.length === 0 ? nothing : html`
        <fieldset class="govuk-fieldset app-optional" aria-describedby="optional-hint">
          <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">
            <h2 class="govuk-fieldset__heading">${text.asked.optionalTitle}</h2></legend>
          <div id="optional-hint" class="govuk-hint">${text.asked.optionalHint}</div>
          ${optional.map((detail) => block(detail, state, act, text))}
        </fieldset>`}
      ${lent(state, (detail) => block(detail, state, act, text), text)}
      ${answeredSingly(state, act, text)}
      ${kept(ask.details.filter(({ decided }) => decided.decision === "withhold"), text)}
      ${open.some((detail) => isTyped(detail, choices)) ? once("once", state, text) : nothing}
      ${duration(state, text)}
      <p class="govuk-body">${text.asked.keeps(ask.retentionDays)}</p>
    </form>
    <h2 class="govuk-heading-m">${text.asked.ifNo}</h2>
    <p class="govuk-body">${say(ask.fallback, text)}</p>
    ${ask.needsCode && isLast ? html`<p class="govuk-body" id="code-first">${text.asked.recoveryFirst}</p>` : nothing}
    ${answers(isLast ? text.asked.share(shareCount(ask, choices), service) : formsText.singly.goOn, text.asked.refuse,
      state, act)}`;
}

function duration({ ask, choices }: AskedState, text: Text): View {
  if (ask.untils.length < 2) return html`
    <h2 class="govuk-heading-m">${text.asked.howLong}</h2>
    <p class="govuk-body">${
  ask.untils[0] === undefined ? text.asked.onceOnly : text.asked.fixed(text.day(ask.untils[0]))}</p>`;
  return html`
    <div class="govuk-form-group"><fieldset class="govuk-fieldset" aria-describedby="until-hint">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">
        <h2 class="govuk-fieldset__heading">${text.asked.untilChoice}</h2></legend>
      <div id="until-hint" class="govuk-hint">${text.asked.standing}</div>
      <div class="govuk-radios govuk-radios--small">${ask.untils.map((until, at) => html`
        <div class="govuk-radios__item">
          <input class="govuk-radios__input" type="radio" id="until-${at + 1}" name="until" value=${until}
            .checked=${choices.until === until}>
          <label class="govuk-label govuk-radios__label" for="until-${at + 1}">${text.asked.until(text.day(until))}${
            at === 0 ? `, ${text.asked.shortest}` : at === ask.untils.length - 1 ? `, ${text.asked.asLong}` : ""}</label>
        </div>`)}</div>
    </fieldset></div>`;
}

function block(detail: AskedDetail, state: AskedState, act: Actions, text: Text): View {
  const { attribute, held, gap } = detail;
  const id = attribute.id;
  const chosen = detail.required || state.choices.ticked.includes(id);
  const place = typedAt(state.ask, state.choices, boxesOf(detail));
  const typing = chosen && (isTyped(detail, state.choices) || (detail.base !== null && place !== null));
  return html`
    <div class="app-detail" data-attribute=${id}>
      ${detail.required ? nothing : html`<div class="govuk-checkboxes govuk-checkboxes--small">${
        checkbox(`${fieldId(id)}--share`, labelOf(id, text), chosen, { change: (on) => { act.tick(id, on, draftNow()); } })}</div>`}
      ${gap !== null ? empty(detail, gap, state, text) : nothing}
      ${held !== null && !typing ? value(detail, state, act, text) : nothing}
      ${!typing && chosen ? couldMatch(detail, state, text) : nothing}
      ${!typing ? nothing : place === null || place.attribute.id === id ? typeHere(detail, state, act, text)
        : elsewhere(detail, place, text)}
      ${held === null && gap === null && !chosen ? html`<p class="app-detail__note">${say(detail.why, text)}</p>` : nothing}
    </div>`;
}
