/** Your details: groups of the catalogue as summary lists, and the page that changes one. */
import { html, nothing } from "lit-html";
import type { Attribute } from "../core/catalogue.ts";
import type { Actions } from "../state/actions.ts";
import { controlOf, fieldId } from "../state/fields.ts";
import { labelOf } from "../state/labels.ts";
import type { EditState, State } from "../state/state.ts";
import { formsText } from "../text/forms.ts";
import type { Text } from "../text/index.ts";
import { field, messageOf, shown, whence } from "./fields.ts";
import { noticeBanner } from "./home.ts";
import { back, button, checkbox, draftOfForm, errorSummary, heading, instead, labels, link, orAgain, say, sayAll, submit,
  summaryList, troubleBox } from "./parts.ts";
import type { Row, View } from "./parts.ts";

type Details = Extract<State, { screen: "details" }>;

export function details(state: Details, act: Actions, text: Text): View {
  const groups = [...new Set([...state.held.map(({ attribute }) => attribute), ...state.offered].map(groupOf))];
  const order = Object.keys(text.groups);
  groups.sort((one, other) => order.indexOf(one) - order.indexOf(other));
  return html`
    ${noticeBanner(state.notice, text)}
    ${heading(text.details.title)}
    <p class="govuk-body">${text.details.text}</p>
    ${groups.map((group) => groupView(group, state, act, text))}`;
}

function groupOf({ id }: Attribute): string {
  return id.slice(0, id.indexOf("."));
}

/** What most services ask for: shown as missing. */
const COMMON = ["person.full_name", "person.date_of_birth", "contact.email", "contact.mobile", "address.current",
  "vehicle.registration"];

/** What is held or often asked for, and folded away what else could be added: nobody has to read a catalogue. */
function groupView(group: string, state: Details, act: Actions, text: Text): View {
  const held = state.held.filter(({ attribute }) => groupOf(attribute) === group);
  const missing = state.offered.filter((attribute) => groupOf(attribute) === group);
  const common = missing.filter(({ id }) => COMMON.includes(id) && !held.some(({ attribute }) => attribute.id === id));
  const offered = missing.filter((attribute) => !common.includes(attribute));
  const name = text.groups[group] ?? group;
  return html`
    <h2 class="govuk-heading-m">${name}</h2>
    ${held.length + common.length === 0 ? nothing
      : summaryList([...held.map((one) => row(one, state.guarded, act, text)), ...common.map((one) => missingRow(one, act, text))])}
    ${offered.length === 0 ? nothing : html`
      <details class="govuk-details" id="add-${group}">
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text">${
  formsText.addTo}<span class="govuk-visually-hidden">: ${name}</span></span></summary>
        <div class="govuk-details__text"><ul class="govuk-list">${offered.map((attribute) => html`<li>${
          link(labelOf(attribute.id, text), () => { act.edit(attribute, null); })}</li>`)}</ul></div>
      </details>`}`;
}

function missingRow(attribute: Attribute, act: Actions, text: Text): Row {
  const label = labelOf(attribute.id, text);
  return {
    key: label, value: html`<span class="app-detail__note">${text.details.none}</span>`,
    action: { label: text.details.add, hidden: text.asked.changeFor(label), act: () => { act.edit(attribute, null); } } };
}

/** What is sensitive, and a protected address, is not on a page that somebody else may glance at. */
function row({ item, attribute, held }: Details["held"][number], guarded: boolean, act: Actions, text: Text): Row {
  const label = labelOf(attribute.id, text);
  const hidden = attribute.sensitivity === 3 || (guarded && attribute.protected === true);
  return {
    key: label,
    value: html`${hidden ? text.fields.hidden : shown(attribute, held.value, text)}
      <p class="app-detail__note">${whence(held, text)}</p>`,
    ...(controlOf(attribute) === null ? {} : { action: {
      label: hidden ? text.fields.show : text.details.change, hidden: text.asked.changeFor(label),
      act: () => { act.edit(attribute, item); } } }),
  };
}

/** Before a sensitive detail is shown. */
export function hidden(state: Extract<State, { screen: "hidden" }>, act: Actions, text: Text): View {
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${heading(labelOf(state.attribute.id, text))}
    <p class="govuk-body">${formsText.hidden.text}</p>
    <p class="govuk-body">${formsText.hidden.again}</p>
    ${button(orAgain(state.item === null ? formsText.hidden.add : formsText.hidden.show, state.trouble, text),
      () => { act.reveal({}); }, { off: state.sending })}`;
}

export function edit(state: EditState, act: Actions, text: Text): View {
  const { attribute } = state;
  const control = controlOf(attribute);
  const errors = state.same ? [{ field: fieldId(attribute.id), message: text.edit.same }]
    : state.errors.map((error) => ({ field: error.field, message: messageOf(error, control, text) }));
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${errorSummary(errors, text)}
    ${heading(labelOf(attribute.id, text))}
    <form novalidate @submit=${(event: SubmitEvent) => {
      instead(() => { if (!state.sending) act.save(draftOfForm(event.currentTarget as HTMLFormElement)); })(event);
    }}>
      ${field(attribute,
        { draft: state.draft, errors: state.errors, quiet: true, shared: state.shared, redraft: act.redraft }, text)}
      ${receivers(state, text)}
      <div class="govuk-button-group">
        ${submit(orAgain(text.edit.save, state.trouble, text), state.sending)}
        ${state.held === null || state.receivers.length > 0 ? nothing : link(text.edit.remove, act.remove)}
      </div>
    </form>
    ${late(state, act, text)}
    ${past(state, text)}`;
}

/** Who was left out of a change, and can be sent the new one by one act. */
export function late({ late: left }: Pick<EditState, "late">, act: Actions, text: Text): View | typeof nothing {
  if (left.length === 0) return nothing;
  return html`
    <h2 class="govuk-heading-m">${formsText.late.title}</h2>
    ${left.map(({ grant, service, sees }) => html`<p class="govuk-body">${
      formsText.late.keeps(say(service, text), labels(sees, text))} ${
      link(formsText.late.send, () => { act.activity("late", grant); }, { hidden: formsText.late.to(say(service, text)) })}</p>`)}`;
}

/** Former values, each with the days between which the vault held it. */
function past({ attribute, held }: EditState, text: Text): View | typeof nothing {
  const history = held?.history ?? [];
  if (held === null || history.length === 0) return nothing;
  return html`
    <h2 class="govuk-heading-m">${formsText.past.title}</h2>
    <p class="govuk-body">${formsText.past.text}</p>
    ${summaryList(history.map(({ value, as_of: from }, at) => ({
      key: formsText.past.between(text.day(from), text.day(history[at - 1]?.as_of ?? held.asOf)),
      value: shown(attribute, value, text) })))}`;
}

/** Who will be told, and the choice to leave some of them out. */
export function receivers(
  state: Pick<EditState, "receivers" | "unseen" | "draft" | "attribute">, text: Text,
): View | typeof nothing {
  if (state.receivers.length === 0) return state.unseen ? html`<p class="govuk-body">${text.edit.nobody}</p>` : nothing;
  const names = state.receivers.map(({ service }) => service);
  return html`
    <div class="govuk-inset-text" id="receivers"><strong>${text.edit.receiversTitle}</strong><br>${
      text.edit.receivers(sayAll(names, text))}</div>
    <div class="govuk-form-group"><fieldset class="govuk-fieldset" aria-describedby="leave-out-hint">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${text.edit.leaveOut}</legend>
      <div id="leave-out-hint" class="govuk-hint">${text.edit.leaveOutHint}</div>
      <div class="govuk-checkboxes govuk-checkboxes--small">${state.receivers.map(({ grant, service, sees }) =>
        checkbox(`leave-out--${grant}`, say(service, text), state.draft[`leave-out--${grant}`] === "on",
          { hint: sees.includes(state.attribute.id) ? "" : formsText.derived.sees(labels(sees, text)) }))}</div>
    </fieldset></div>`;
}
