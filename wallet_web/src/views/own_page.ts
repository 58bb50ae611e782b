/**
 * A detail that is decided by itself, on a page of its own: what it is, who asks for it and why, its value hidden, what
 * happens if it is not shared; then two equal buttons. And its line on the page with everything.
 */
import { html, nothing } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import type { Actions } from "../state/actions.ts";
import { answerSingly, boxesOf, isShared, isTyped, onceId, singles } from "../state/choices.ts";
import { controlOf } from "../state/fields.ts";
import { labelOf } from "../state/labels.ts";
import type { AskedDetail, AskedState } from "../state/state.ts";
import { formsText } from "../text/forms.ts";
import type { Text } from "../text/index.ts";
import { draftNow, empty, once, reasons, timeLeft, toMend, typeHere, value, wayBack, who } from "./asked_parts.ts";
import { back, button, heading, instead, say, summaryList, troubleBox } from "./parts.ts";
import type { Row, View } from "./parts.ts";
import { couldMatch } from "./personas.ts";

/** Each page is drawn anew: what was typed on the one before is not in the boxes of the next. */
export function ownPage(detail: AskedDetail, state: AskedState, act: Actions, text: Text): View {
  return html`${keyed(detail.attribute.id, page(detail, state, act, text))}`;
}

function page(detail: AskedDetail, state: AskedState, act: Actions, text: Text): View {
  const words = formsText.singly;
  const { ask, choices } = state;
  const { attribute, held, gap, lacking, why } = detail;
  const needed = isNeeded(detail);
  const all = singles(ask);
  const service = say(ask.service, text);
  const answer = choices.singly[attribute.id];
  const canHave = held !== null || gap !== null || controlOf(boxesOf(detail)) !== null;
  const off = !state.armed || state.sending;
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}${wayBack(state, act, text)}
    ${toMend(state, text)}
    <span class="govuk-caption-l">${words.caption(all.indexOf(detail) + 1, all.length)}</span>
    ${heading(labelOf(attribute.id, text))}
    ${timeLeft(state, act, text)}
    ${answer === undefined ? html`<p class="govuk-body">${words.text(service)}</p>`
      : html`<div class="govuk-inset-text" id="answer">${answer ? words.yes : words.no} ${words.change}</div>`}
    ${lacking === undefined || ask.persona === null ? nothing
      : html`<p class="govuk-body" id="lent">${formsText.personas.lacksOne(ask.persona)}</p>`}
    ${who(state, text)}
    <h2 class="govuk-heading-m">${text.asked.why}</h2>
    <p class="govuk-body">${say(why, text)}</p>
    <h2 class="govuk-heading-m">${words.whole}</h2>
    ${reasons(ask, text)}
    <form id="asked" novalidate @input=${() => { act.type(draftNow()); }} @submit=${instead(() => undefined)}>
      <h2 class="govuk-heading-m">${text.asked.what}</h2>
      ${canHave ? whatGoes(detail, { ...state, choices: answerSingly(choices, attribute.id, true) }, act, text)
        : html`<p class="govuk-body">${words.cannot}</p>`}
    </form>
    <h2 class="govuk-heading-m">${words.ifNo}</h2>
    <p class="govuk-body">${needed ? words.needed : words.optional}</p>
    ${needed ? html`<p class="govuk-body">${say(ask.fallback, text)}</p>` : nothing}
    <p class="govuk-body">${words.notYet}</p>
    <div class="app-answers">
      ${canHave ? button(words.share, () => { act.answerOwn(true, draftNow()); }, { id: "share-this", off }) : nothing}
      ${button(words.refuse, () => { act.answerOwn(false, draftNow()); }, { id: "refuse-this", off })}
    </div>`;
}

/** Whether the service says that it needs a detail, also where the persona that it knows has none. */
function isNeeded({ required, lacking }: AskedDetail): boolean {
  return required || lacking === "needed";
}

/** What the service would see. `state` is as if the answer were yes. */
function whatGoes(detail: AskedDetail, state: AskedState, act: Actions, text: Text): View {
  const { held, gap } = detail;
  // Boxes that hold the vault's value show it: they too wait until it may be seen.
  const typing = isTyped(detail, state.choices) && (held === null || state.revealed);
  return html`
    <div class="app-detail" data-attribute=${detail.attribute.id}>
      ${gap !== null ? empty(detail, gap, state, text) : typing ? typeHere(detail, state, act, text)
        : value(detail, state, act, text)}
      ${typing ? nothing : couldMatch(detail, state, text)}
    </div>
    ${typing ? once(onceId(detail), state, text) : nothing}`;
}

/** The lines of the page with everything: each with the answer, never with the value. */
export function answeredSingly(state: AskedState, act: Actions, text: Text): View | typeof nothing {
  const words = formsText.singly;
  const all = singles(state.ask);
  if (all.length === 0) return nothing;
  const open = all.filter(({ attribute }) => state.choices.singly[attribute.id] === undefined);
  return html`
    <h2 class="govuk-heading-m" id="singly">${words.title}</h2>
    <p class="govuk-body">${open.length === 0 ? words.decided : words.toDecide(open.length)}</p>
    ${all.some((detail) => isShared(detail, state.choices)) ? html`<p class="govuk-body">${words.again}</p>` : nothing}
    ${summaryList(all.map((detail) => line(detail, state, act, text)))}`;
}

function line(detail: AskedDetail, { choices }: AskedState, act: Actions, text: Text): Row {
  const words = formsText.singly;
  const { attribute, why } = detail;
  const label = labelOf(attribute.id, text);
  const answer = choices.singly[attribute.id];
  return {
    key: label,
    value: html`${answer === undefined ? words.open : answer ? words.yesHidden : words.no}
      <p class="app-detail__note">${isNeeded(detail) ? words.needs : words.likes} ${say(why, text)}</p>`,
    ...(answer === undefined ? {} : { action: { label: text.asked.change, hidden: text.asked.changeFor(label),
      act: () => { act.showOwn(attribute.id, draftNow()); } } }),
  };
}
