/**
 * Asked: who, why and under which law, each detail with its value, how long, and what happens if you say no; then two
 * equal buttons. What is missing is typed here.
 */
import { html, nothing } from "lit-html";
import { controlOf, fieldId } from "../state/fields.ts";
import type { Actions } from "../state/actions.ts";
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import { NO_HOME_TICK, boxesOf, isShared, isTyped, mayHaveNoHome, saysNoHome, shareCount, typedAt, whichId,
} from "../state/choices.ts";
import { labelOf } from "../state/labels.ts";
import type { Refusal } from "../core/preferences.ts";
import { formsText } from "../text/forms.ts";
import type { AskedDetail, AskedState, Draft } from "../state/state.ts";
import { canRetry } from "../state/troubles.ts";
import type { Text } from "../text/index.ts";
import { radios } from "./boxes.ts";
import { couldMatch, knownAs, meet } from "./personas.ts";
import { field, messageOf, shown, whence } from "./fields.ts";
import { button, checkbox, draftOfForm, errorSummary, heading, link, say, sayAll, summaryList, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

/** What is typed on the page now: read at each act, so that nothing typed is lost when the page changes. */
function draftNow(): Draft {
  const form = document.querySelector<HTMLFormElement>("#asked");
  return form === null ? {} : draftOfForm(form);
}

export function asked(state: AskedState, act: Actions, text: Text): View {
  const { ask } = state;
  if (ask.proposal.refused !== null) return stays(ask.proposal.refused, state, act, text);
  if (ask.personas.length > 0) return meet(state, act, text, who(state, text));
  if (ask.signIn && ask.details.length === 0) return signIn(state, act, text);
  return ask.proposal.oneTap && !state.look && state.errors.length === 0 ? oneTap(state, act, text) : details(state, act, text);
}

/** What cannot be tried again has a way back, on which the service learns that it was no "no". */
function wayBack({ ask, trouble }: AskedState, act: Actions, text: Text): View | typeof nothing {
  if (trouble === null || canRetry(trouble)) return nothing;
  const back = ask.counter ? link(text.home.go, () => { act.counter("leave"); })
    : link(text.asked.goBack(say(ask.service, text)), act.giveUp);
  return html`<p class="govuk-body">${back}</p>`;
}

function timeLeft(state: AskedState, act: Actions, text: Text): View | typeof nothing {
  if (state.minutesLeft === null) return nothing;
  return html`<div class="govuk-inset-text" role="alert">${
    text.asked.expiring(state.minutesLeft)} ${state.ask.counter ? nothing : link(text.asked.more, act.moreTime)}</div>`;
}

function who(state: AskedState, text: Text): View {
  const { ask } = state;
  return html`
    ${ask.tier === "sandbox" ? html`<div class="govuk-warning-text">
      <span class="govuk-warning-text__icon" aria-hidden="true">!</span>
      <strong class="govuk-warning-text__text">${text.asked.sandbox}</strong></div>` : nothing}
    <h2 class="govuk-heading-m">${text.asked.who}</h2>
    ${summaryList([
      { key: text.asked.service, value: say(ask.service, text) },
      { key: text.asked.runBy, value: say(ask.authority, text) },
    ])}
    <p class="app-detail__note">${text.asked.registered}</p>
    ${ask.sharedSector && ask.together.length === 0 ? html`<p class="govuk-body">${text.asked.sector}</p>` : nothing}
    ${ask.refusedAt === null ? nothing
      : html`<p class="govuk-body" id="said-no">${
        text.asked.before(text.day(new Date(ask.refusedAt * 1000).toISOString().slice(0, 10)))}</p>`}`;
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
  const errors = state.errors.map((error) => {
    const attribute = ATTRIBUTES.get(error.attribute);
    return { field: error.field, message: messageOf(error, attribute === undefined ? null : controlOf(attribute), text) };
  });
  const open = ask.details.filter(({ decided }) => decided.decision !== "withhold");
  const required = open.filter((detail) => detail.required);
  const optional = open.filter((detail) => !detail.required);
  return html`
    ${troubleBox(state.trouble, text)}${wayBack(state, act, text)}
    ${errorSummary(errors, text)}
    ${heading(text.asked.title(service))}
    ${timeLeft(state, act, text)}
    ${who(state, text)}
    ${knownAs(state, act, text)}
    <h2 class="govuk-heading-m">${text.asked.why}</h2>
    <p class="govuk-body">${say(ask.why, text)}</p>
    <p class="govuk-body">${text.asked.basis[ask.basis]}</p>
    ${ask.statute === null ? nothing : html`<p class="govuk-body"><strong>${text.asked.law}:</strong> ${ask.statute}</p>`}
    <form id="asked" novalidate @input=${() => { act.type(draftNow()); }} @submit=${(event: Event) => {
      event.preventDefault();
      if (state.armed && !state.sending) act.share(draftNow());
    }}>
      ${required.length === 0 ? nothing : html`
        <h2 class="govuk-heading-m">${text.asked.what}</h2>
        ${required.some((detail) => isTyped(detail, choices)) ? html`<p class="govuk-body">${text.asked.missing}</p>` : nothing}
        ${required.map((detail) => block(detail, state, act, text))}`}
      ${optional.length === 0 ? nothing : html`
        <fieldset class="govuk-fieldset app-optional" aria-describedby="optional-hint">
          <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">
            <h2 class="govuk-fieldset__heading">${text.asked.optionalTitle}</h2></legend>
          <div id="optional-hint" class="govuk-hint">${text.asked.optionalHint}</div>
          ${optional.map((detail) => block(detail, state, act, text))}
        </fieldset>`}
      ${kept(ask.details.filter(({ decided }) => decided.decision === "withhold"), text)}
      ${ask.details.some((detail) => isTyped(detail, choices)) ? html`
        <div class="govuk-form-group app-once"><div class="govuk-checkboxes govuk-checkboxes--small">
          ${checkbox("once", text.asked.once, choices.draft["once"] === "on")}</div></div>` : nothing}
      ${duration(state, text)}
      <p class="govuk-body">${text.asked.keeps(ask.retentionDays)}</p>
    </form>
    <h2 class="govuk-heading-m">${text.asked.ifNo}</h2>
    <p class="govuk-body">${say(ask.fallback, text)}</p>
    ${ask.needsCode ? html`<p class="govuk-body" id="code-first">${text.asked.recoveryFirst}</p>` : nothing}
    ${answers(text.asked.share(shareCount(ask, choices), service), text.asked.refuse, state, act)}`;
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
      ${gap !== null ? empty(detail, gap, text) : nothing}
      ${held !== null && !typing ? value(detail, state, act, text) : nothing}
      ${!typing && chosen ? couldMatch(detail, text) : nothing}
      ${!typing ? nothing : place?.attribute.id === id ? typeHere(detail, state, act, text) : elsewhere(detail, text)}
      ${held === null && gap === null && !chosen ? html`<p class="app-detail__note">${say(detail.why, text)}</p>` : nothing}
    </div>`;
}

/** What stays empty although it is shared, and why. */
function empty({ attribute, required, why }: AskedDetail, gap: "noHome" | "unknown", text: Text): View {
  return html`
    ${required ? html`<p class="app-detail__label">${labelOf(attribute.id, text)}</p>` : nothing}
    <p class="govuk-body">${formsText.derived[gap]}</p>
    <p class="app-detail__note">${say(why, text)}</p>`;
}

/** What is worked out from boxes that stand at another detail. */
function elsewhere({ attribute, base, required, why }: AskedDetail, text: Text): View {
  return html`
    ${required ? html`<p class="app-detail__label">${labelOf(attribute.id, text)}</p>` : nothing}
    <p class="govuk-body">${formsText.derived.elsewhere(baseWords(base, text))}</p>
    <p class="app-detail__note">${say(why, text)}</p>`;
}

function baseWords(base: AskedDetail["base"], text: Text): string {
  return base === null ? "" : formsText.derived.bases[base.attribute.id] ?? labelOf(base.attribute.id, text);
}

/** That an answer goes without what it comes from, unless that goes too. */
function onlyThis({ attribute, base, held }: AskedDetail, { ask, choices }: AskedState, text: Text): View | typeof nothing {
  const both = ask.details.some((one) => one.attribute.id === base?.attribute.id && isShared(one, choices));
  if (base === null || held === null || both) return nothing;
  return html`<p class="govuk-body app-detail__only">${
    formsText.derived.only(shownText(attribute, held.value, text), baseWords(base, text))}</p>`;
}

/** The answers are yes or no, a postcode, or a number. */
function shownText(attribute: Attribute, answer: Json, text: Text): string {
  const words = shown(attribute, answer, text);
  return typeof words === "string" ? words : labelOf(attribute.id, text);
}

/** Several cars, several children: which one is it about? */
function which(attribute: Attribute, several: AskedDetail["several"], state: AskedState, text: Text): View {
  const name = whichId(attribute);
  const chosen = state.choices.draft[name] ?? several[0]?.item ?? "";
  const label = text.asked.which(labelOf(attribute.id, text));
  return radios({ name, label, draft: { [name]: chosen }, part: true, shared: state.shared },
    several.map(({ item, held }) => [item, shown(attribute, held.value, text)]), text);
}

function value(detail: AskedDetail, state: AskedState, act: Actions, text: Text): View | typeof nothing {
  const { attribute, base, held, several, required, why } = detail;
  if (held === null) return nothing;
  const hidden = attribute.sensitivity === 3 && !state.revealed;
  const label = labelOf(attribute.id, text);
  return html`
    <div class="app-detail__head">
      <div>
        ${required ? html`<p class="app-detail__label">${label}</p>` : nothing}
        ${several.length > 1 && !hidden ? which(attribute, several, state, text)
          : html`<p class="app-detail__value">${hidden ? text.fields.hidden : shown(attribute, held.value, text)}</p>`}
        <p class="app-detail__note">${base === null ? whence(held, text)
          : formsText.derived.from(baseWords(base, text), text.day(held.asOf))}</p>
        ${hidden ? nothing : onlyThis(detail, state, text)}
        <p class="app-detail__note">${say(why, text)}</p>
      </div>
      ${hidden ? link(text.fields.show, () => { act.reveal(draftNow()); }, { hidden: text.asked.changeFor(label) })
        : controlOf(boxesOf(detail)) === null ? nothing
          : link(text.asked.change, () => { act.change(attribute.id, draftNow()); }, { hidden: text.asked.changeFor(label) })}
    </div>`;
}

function typeHere(detail: AskedDetail, state: AskedState, act: Actions, text: Text): View {
  const { attribute, base, held, others, required, why } = detail;
  const { ask, choices } = state;
  const noHome = mayHaveNoHome(ask, detail);
  const homeless = noHome && saysNoHome(ask, choices);
  return html`
    <div class="app-detail__form">
      ${(base !== null || homeless) && required ? html`<p class="app-detail__label">${labelOf(attribute.id, text)}</p>` : nothing}
      ${base === null || homeless ? nothing
        : html`<p class="govuk-body">${formsText.derived.typeBase(baseWords(base, text))}</p>`}
      ${homeless ? nothing : field(boxesOf(detail), { draft: choices.draft, errors: state.errors,
        quiet: base === null && !required, why: say(why, text), shared: state.shared, redraft: act.redraft }, text)}
      ${noHome ? html`<div class="govuk-form-group"><div class="govuk-checkboxes govuk-checkboxes--small">${
        checkbox(NO_HOME_TICK, formsText.derived.noHomeTick, homeless, { change: () => { act.redraft(draftNow()); } })
      }</div></div>` : nothing}
      ${held === null ? nothing : html`<p class="govuk-body">${
        link(text.asked.undo, () => { act.keepMine(attribute.id, draftNow()); }, { small: true })}</p>`}
      ${others.length === 0 ? nothing : html`<p class="govuk-body">${text.asked.others(sayAll(others, text))}</p>`}
    </div>`;
}
