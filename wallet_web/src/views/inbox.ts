/** What services offer, a card for each: nothing is ticked, and nothing is kept by itself. */
import { html, nothing } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import type { Actions } from "../state/actions.ts";
import { namesOf, tickId } from "../state/inbox.ts";
import { labelOf } from "../state/labels.ts";
import type { DepositLine, Draft, InboxState, OfferedValue } from "../state/state.ts";
import { formsText } from "../text/forms.ts";
import type { Text } from "../text/index.ts";
import { shown } from "./fields.ts";
import { noticeBanner } from "./home.ts";
import { button, checkbox, draftOfForm, errorMessage, errorSummary, heading, instead, link, say, sayAll, submit, troubleBox,
} from "./parts.ts";
import type { View } from "./parts.ts";

export function inbox(state: InboxState, act: Actions, text: Text): View {
  const words = formsText.inbox;
  const first = state.deposits.find(({ id }) => id === state.missing)?.offer?.values[0];
  const errors = state.missing === null || first === undefined ? []
    : [{ field: tickId(state.missing, first.attribute), message: words.missing }];
  return html`
    ${noticeBanner(state.notice, text)}
    ${troubleBox(state.trouble, text, { conflict: words.changed })}
    ${errorSummary(errors, text)}
    ${heading(words.title)}
    <p class="govuk-body">${state.deposits.length === 0 ? words.nobody : words.text}</p>
    ${keyed(state.deposits, cards(state, act, text))}
    <p class="govuk-body">${link(words.details, () => { act.go("details"); })}</p>`;
}

/** Of each list that comes the boxes are new: what was ticked in one stays in none that takes its place. */
function cards(state: InboxState, act: Actions, text: Text): View {
  return html`${state.deposits.map((deposit) => card(deposit, state, act, text))}`;
}

function card(deposit: DepositLine, state: InboxState, act: Actions, text: Text): View {
  const words = formsText.inbox;
  const service = say(deposit.service, text);
  const off = !state.armed || state.sending;
  const away = button(words.throwAway, () => { act.throwAway(deposit.id, draftNow()); },
    { kind: "govuk-button--secondary", off, hidden: words.which(service) });
  const { offer } = deposit;
  if (offer === null) return html`
    <section class="app-card" data-deposit=${deposit.id}>
      <h2 class="govuk-heading-m">${service}</h2>
      <p class="govuk-body">${words.bad}</p>
      ${away}
    </section>`;
  const day = text.day(new Date(deposit.received * 1000).toISOString().slice(0, 10));
  return html`
    <section class="app-card" data-deposit=${deposit.id}>
      <h2 class="govuk-heading-m">${service}</h2>
      <p class="govuk-body">${words[offer.why](day)}</p>
      ${offer.persona === null ? nothing : html`<p class="govuk-body">${words.persona(offer.persona.name)}</p>`}
      <form novalidate @submit=${(event: SubmitEvent) => {
        instead(() => { if (!off) act.keepOffered(deposit.id, draftNow()); })(event);
      }}>
        <fieldset class="govuk-fieldset">
          <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${words.legend}</legend>
          ${state.missing === deposit.id ? errorMessage(`keep-${deposit.id}-error`, words.missing, text) : nothing}
          ${offer.values.map((one) => value(deposit.id, one, state, act, text))}
        </fieldset>
        <div class="govuk-button-group">${submit(words.keep, off)}${away}</div>
      </form>
    </section>`;
}

function value(deposit: string, one: OfferedValue, state: InboxState, act: Actions, text: Text): View {
  const words = formsText.inbox;
  const { attribute, now, receivers } = one;
  const name = tickId(deposit, attribute);
  const hidden = one.hidden && !state.revealed;
  return html`
    <div class="app-detail" data-attribute=${attribute.id}>
      <div class="govuk-checkboxes govuk-checkboxes--small">${
  checkbox(name, labelOf(attribute.id, text), state.draft[name] === "on")}</div>
      <p class="app-detail__value">${hidden ? text.fields.hidden : shown(attribute, one.value, text)}</p>
      <p class="app-detail__note">${words.asOf(text.day(one.asOf))}</p>
      <p class="app-detail__note">${now === null ? words.nowNone
        : html`${words.now} ${hidden ? text.fields.hidden : shown(attribute, now, text)}`}</p>
      ${receivers.length === 0 ? nothing : html`<p class="govuk-body">${words.receivers(sayAll(namesOf(receivers), text))}</p>`}
      ${hidden ? link(text.fields.show, () => { act.reveal(draftNow()); },
        { hidden: text.asked.changeFor(labelOf(attribute.id, text)) }) : nothing}
    </div>`;
}

/** What is ticked on the whole page: what is done with one deposit unticks nothing of another. */
function draftNow(): Draft {
  const drafts = [...document.querySelectorAll<HTMLFormElement>("[data-deposit] form")].map(draftOfForm);
  return Object.fromEntries(drafts.flatMap((draft) => Object.entries(draft)));
}
