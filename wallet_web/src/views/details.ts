/** Your details: groups of the catalogue as summary lists, and the page that changes one. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import { controlOf, fieldId } from "../state/fields.ts";
import { inCatalogue } from "../state/items.ts";
import { labelOf } from "../state/labels.ts";
import type { Draft, EditState, State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { field, messageOf, shown } from "./fields.ts";
import { noticeBanner } from "./home.ts";
import { back, checkbox, errorSummary, heading, link, orAgain,
  say, sayAll, sending, submit, summaryList, troubleBox } from "./parts.ts";
import type { Row, View } from "./parts.ts";

type Details = Extract<State, { screen: "details" }>;

export function details(state: Details, act: Actions, text: Text): View {
  const ids = [...new Set([...state.held.map(({ attribute }) => attribute.id), ...state.offered])];
  const groups = [...new Set(ids.map(groupOf))];
  const order = Object.keys(text.groups);
  groups.sort((one, other) => order.indexOf(one) - order.indexOf(other));
  return html`
    ${noticeBanner(state.notice, text)}
    ${heading(text.details.title)}
    <p class="govuk-body">${text.details.text}</p>
    ${groups.map((group) => html`
      <h2 class="govuk-heading-m">${text.groups[group] ?? group}</h2>
      ${summaryList(ids.filter((id) => groupOf(id) === group).map((id) => row(id, state, act, text)))}`)}`;
}

function groupOf(id: string): string {
  return id.slice(0, id.indexOf("."));
}

function row(id: string, state: Details, act: Actions, text: Text): Row {
  const label = labelOf(id, text);
  const found = state.held.find(({ attribute }) => attribute.id === id);
  const entry = found?.attribute ?? inCatalogue(id);
  const action = (words: string): Pick<Row, "action"> => (entry === null || controlOf(entry) === null ? {}
    : { action: { label: words, hidden: text.asked.changeFor(label), act: () => { act.edit(id); } } });
  if (found === undefined) return {
    key: label, value: html`<span class="app-detail__note">${text.details.none}</span>`,
    ...action(text.details.add) };
  const { value, asOf, source } = found.held;
  return {
    key: label,
    value: html`${shown(found.attribute, value, text)}<p class="app-detail__note">${
      source === "derived" ? text.details.derived(text.day(asOf)) : text.details.typed(text.day(asOf))}</p>`,
    ...action(text.details.change),
  };
}

function draftOf(form: FormData): Draft {
  return Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === "string"));
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
    <form novalidate @submit=${sending((form) => { act.save(draftOf(form)); }, state.sending)}>
      ${field(attribute, { draft: state.draft, errors: state.errors, quiet: true, shared: state.shared }, text)}
      ${receivers(state, text)}
      <div class="govuk-button-group">
        ${submit(orAgain(text.edit.save, state.trouble, text), state.sending)}
        ${state.held === null || state.receivers.length > 0 ? nothing : link(text.edit.remove, act.remove)}
      </div>
    </form>`;
}

function receivers(state: EditState, text: Text): View {
  if (state.receivers.length === 0) return html`<p class="govuk-body">${text.edit.nobody}</p>`;
  const names = state.receivers.map(({ service }) => service);
  return html`
    <div class="govuk-inset-text" id="receivers"><strong>${text.edit.receiversTitle}</strong><br>${
      text.edit.receivers(sayAll(names, text))}</div>
    <div class="govuk-form-group"><fieldset class="govuk-fieldset" aria-describedby="leave-out-hint">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${text.edit.leaveOut}</legend>
      <div id="leave-out-hint" class="govuk-hint">${text.edit.leaveOutHint}</div>
      <div class="govuk-checkboxes govuk-checkboxes--small">${state.receivers.map(({ grant, service }) =>
        checkbox(`leave-out--${grant}`, say(service, text), state.draft[`leave-out--${grant}`] === "on"))}</div>
    </fieldset></div>`;
}
