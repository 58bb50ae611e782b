/** The ways to be known: one of them, its name, a detail of its own, and another one for a service that knows one. */
import { html, nothing } from "lit-html";
import type { Attribute } from "../core/catalogue.ts";
import type { Actions } from "../state/actions.ts";
import { controlOf, fieldId } from "../state/fields.ts";
import { labelOf } from "../state/labels.ts";
import type { AnewOption, KnownAsState, OwnState, PersonaNameState, PersonaState } from "../state/control_state.ts";
import { controlText } from "../text/control.ts";
import { formsText } from "../text/forms.ts";
import type { Text } from "../text/index.ts";
import { textBox } from "./boxes.ts";
import { late, receivers } from "./details.ts";
import { field, messageOf, shown } from "./fields.ts";
import { noticeBanner } from "./home.ts";
import { back, button, draftOfForm, errorSummary, heading, instead, labels, link, orAgain, say, sayAll, submit,
  summaryList, troubleBox } from "./parts.ts";
import type { Row, View } from "./parts.ts";

/** What most services ask for: shown where it has none of its own. */
const COMMON = ["person.full_name", "person.date_of_birth", "contact.email", "contact.mobile", "address.current"];

export function persona(state: PersonaState, act: Actions, text: Text): View {
  const words = controlText.personas;
  const shows = (group: string): boolean => state.own.some(({ attribute }) => groupOf(attribute) === group)
    || state.offered.some((attribute) => groupOf(attribute) === group && COMMON.includes(attribute.id));
  const groups = Object.keys(text.groups);
  return html`
    ${back(text.page.back, act.back)}
    ${noticeBanner(state.notice, text)}
    ${troubleBox(state.trouble, text)}
    ${heading(`“${state.name}”`)}
    ${state.known.length === 0 ? nothing : html`<div class="govuk-inset-text">${words.known(sayAll(state.known, text))}</div>`}
    <p class="govuk-body">${words.valuesText(state.name)}</p>
    <p class="govuk-body">${words.lacksText}</p>
    ${groups.filter(shows).map((group) => groupView(group, state, act, text))}
    <details class="govuk-details" id="add-other">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">${words.other}</span></summary>
      <div class="govuk-details__text">${groups.filter((group) => !shows(group)).map((group) => {
        const offered = state.offered.filter((attribute) => groupOf(attribute) === group);
        return offered.length === 0 ? nothing
          : html`<h2 class="govuk-heading-s">${text.groups[group]}</h2>${toAdd(offered, act, text)}`;
      })}</div>
    </details>
    <h2 class="govuk-heading-m">${words.itself}</h2>
    <p class="govuk-body">${link(words.rename, () => { act.persona("name", state.id); })}</p>
    ${state.known.length > 0 ? nothing : button(orAgain(words.drop(state.name), state.trouble, text),
      () => { act.persona("drop"); }, { kind: "govuk-button--secondary", off: state.sending })}`;
}

function groupOf({ id }: Attribute): string {
  return id.slice(0, id.indexOf("."));
}

function groupView(group: string, state: PersonaState, act: Actions, text: Text): View {
  const own = state.own.filter(({ attribute }) => groupOf(attribute) === group);
  const offered = state.offered.filter((attribute) => groupOf(attribute) === group);
  const common = offered.filter(({ id }) => COMMON.includes(id));
  const more = offered.filter(({ id }) => !COMMON.includes(id));
  const name = text.groups[group] ?? group;
  return html`
    <h2 class="govuk-heading-m">${name}</h2>
    ${own.length + common.length === 0 ? nothing : summaryList([
      ...own.map((one) => row(one, state, act, text)),
      ...common.map((attribute): Row => ({ key: labelOf(attribute.id, text),
        value: html`<span class="app-detail__note">${controlText.personas.lacks}</span>`,
        action: { label: text.details.add, hidden: text.asked.changeFor(labelOf(attribute.id, text)),
          act: () => { act.persona("detail", attribute.id); } } })),
    ])}
    ${more.length === 0 ? nothing : html`
      <details class="govuk-details" id="add-${group}">
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text">${
  formsText.addTo}<span class="govuk-visually-hidden">: ${name}</span></span></summary>
        <div class="govuk-details__text">${toAdd(more, act, text)}</div>
      </details>`}`;
}

function toAdd(offered: readonly Attribute[], act: Actions, text: Text): View {
  return html`<ul class="govuk-list">${offered.map((attribute) =>
    html`<li>${link(labelOf(attribute.id, text), () => { act.persona("detail", attribute.id); })}</li>`)}</ul>`;
}

/** What is sensitive, and a protected address, is not on a page that somebody else may glance at. */
function row({ attribute, value }: PersonaState["own"][number], { guarded }: PersonaState, act: Actions, text: Text): Row {
  const hidden = attribute.sensitivity === 3 || (guarded && attribute.protected === true);
  const label = labelOf(attribute.id, text);
  return { key: label, value: hidden ? text.fields.hidden : shown(attribute, value, text), ...(controlOf(attribute) === null ? {}
    : { action: { label: hidden ? text.fields.show : text.details.change, hidden: text.asked.changeFor(label),
        act: () => { act.persona("detail", attribute.id); } } }) };
}

export function personaName(state: PersonaNameState, act: Actions, text: Text): View {
  const words = controlText.personas;
  const error = { field: "name", message: words.nameWrong };
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${errorSummary(state.wrong ? [error] : [], text)}
    ${heading(state.id === null ? words.title : words.rename)}
    <form novalidate @submit=${(event: SubmitEvent) => {
      const draft = draftOfForm(event.currentTarget as HTMLFormElement);
      instead(() => { if (!state.sending) act.persona("saveName", draft); })(event);
    }}>
      ${textBox({ name: "name", label: words.name, hint: words.nameHint, draft: state.draft, shared: true,
        error: state.wrong ? error : undefined }, {}, text)}
      ${submit(orAgain(state.id === null ? words.goOn : words.save, state.trouble, text), state.sending)}
    </form>`;
}

export function own(state: OwnState, act: Actions, text: Text): View {
  const words = controlText.personas;
  const { attribute, name } = state;
  const errors = state.same ? [{ field: fieldId(attribute.id), message: text.edit.same }]
    : state.errors.map((error) => ({ field: error.field, message: messageOf(error, controlOf(attribute), text) }));
  const top = html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${errorSummary(errors, text)}
    <span class="govuk-caption-l">“${name}”</span>
    ${heading(labelOf(attribute.id, text))}`;
  if (state.hidden) {
    return html`${top}
      <p class="govuk-body">${formsText.hidden.text}</p>
      <p class="govuk-body">${formsText.hidden.again}</p>
      ${button(orAgain(state.held === null ? formsText.hidden.add : formsText.hidden.show, state.trouble, text),
        () => { act.persona("reveal"); }, { off: state.sending })}`;
  }
  return html`${top}
    <p class="govuk-body">${state.stays ? words.stays : words.sees(name)}</p>
    <form novalidate @submit=${(event: SubmitEvent) => {
      const draft = draftOfForm(event.currentTarget as HTMLFormElement);
      instead(() => { if (!state.sending) act.persona("keep", draft); })(event);
    }}>
      ${field(attribute, { draft: state.draft, errors: state.errors, quiet: true, shared: state.shared,
        redraft: (draft) => { act.persona("redraft", draft); } }, text)}
      ${state.stays ? nothing : receivers(state, text)}
      <div class="govuk-button-group">
        ${submit(orAgain(words.save, state.trouble, text), state.sending)}
        ${state.held === null || state.receivers.length > 0 ? nothing : link(words.remove(name), () => { act.persona("remove"); })}
      </div>
    </form>
    ${late(state, act, text)}`;
}

/** Another persona for a service: what that ends, what it cannot undo, and by what the service could still tell. */
export function knownAs(state: KnownAsState, act: Actions, text: Text): View {
  const words = controlText.knownAs;
  const service = say(state.name, text);
  const message = formsText.personas.choose(service);
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${errorSummary(state.missing ? [{ field: "as-1", message }] : [], text)}
    ${heading(words.title(service))}
    <p class="govuk-body">${state.current === null ? words.asMyself(service) : words.as(service, state.current)}</p>
    <h2 class="govuk-heading-m">${words.means}</h2>
    <ul class="govuk-list govuk-list--bullet">
      <li>${words.keeps(service)}</li>
      <li>${words.somebody}</li>
      <li>${words.tells}</li>
      <li>${state.ending.length === 0 ? words.endsNothing : words.ends}</li>
    </ul>
    ${state.ending.length === 0 ? nothing : summaryList(state.ending.map(({ purpose, attributes }) => ({
      key: purpose === null ? words.signIn : say(purpose, text),
      value: purpose === null ? words.signInEnds : labels(attributes, text) })))}
    <form novalidate @submit=${(event: SubmitEvent) => {
      const draft = draftOfForm(event.currentTarget as HTMLFormElement);
      instead(() => { if (!state.sending) act.persona("changeKnownAs", draft); })(event);
    }}>
      <div class="govuk-form-group ${state.missing ? "govuk-form-group--error" : ""}"><fieldset class="govuk-fieldset">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">${words.legend(service)}</legend>
        ${state.missing ? html`<p class="govuk-error-message">${message}</p>` : nothing}
        <div class="govuk-radios">${state.options.map((option, at) => choice(option, at + 1, text))}</div>
      </fieldset></div>
      ${submit(orAgain(state.ending.length === 0 ? words.confirm : words.confirmEnding, state.trouble, text), state.sending)}
    </form>
    <p class="govuk-body">${link(words.leave, act.back)}</p>`;
}

function choice({ id, name, met, together, same }: AnewOption, at: number, text: Text): View {
  const words = controlText.knownAs;
  const hints = [
    met ? words.met : words.unmet,
    ...(together.length === 0 ? [] : [words.together(sayAll(together, text))]),
    ...(same.length === 0 ? [] : [words.same(labels(same, text))]),
  ];
  return html`
    <div class="govuk-radios__item">
      <input class="govuk-radios__input" type="radio" id="as-${at}" name="chosen" value="as-${id}" aria-describedby="as-${at}-hint">
      <label class="govuk-label govuk-radios__label" for="as-${at}">${name ?? formsText.personas.myself}</label>
      <div class="govuk-hint govuk-radios__hint" id="as-${at}-hint">${hints.join(" ")}</div>
    </div>`;
}
