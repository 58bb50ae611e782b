/** Your choices: what a resident decides beforehand, each on a page of its own. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import { labelOf } from "../state/labels.ts";
import type { Exposed, Preference, PreferenceLine, State } from "../state/state.ts";
import { controlText } from "../text/control.ts";
import type { Text } from "../text/index.ts";
import { back, banner, checkbox, draftOfForm, errorSummary, heading, instead, labels, link, orAgain, say, sayAll, submit,
  summaryList, troubleBox,
} from "./parts.ts";
import type { View } from "./parts.ts";

type On<S extends State["screen"]> = Extract<State, { screen: S }>;

export function preferences(state: On<"preferences">, act: Actions, text: Text): View {
  const { notice } = state;
  const said = notice?.kind === "protected" ? controlText.protected : controlText.saved;
  return html`
    ${notice === null ? nothing : banner(text.errors.success, said, true)}
    ${heading(controlText.title)}
    <p class="govuk-body">${controlText.text}</p>
    ${group(controlText.safety, state.safety, "", act, text)}
    ${group(controlText.services, state.services, controlText.noServices, act, text)}
    ${state.authorities.length === 0 ? nothing : group(controlText.authorities, state.authorities, "", act, text)}
    ${group(controlText.details, state.details, controlText.noDetails, act, text)}
    <h2 class="govuk-heading-m">${controlText.personas.group}</h2>
    <p class="govuk-body">${controlText.personas.groupText}</p>
    ${state.personas.length === 0 ? html`<p class="govuk-body">${controlText.personas.none}</p>`
      : summaryList(state.personas.map(({ id, name, services }) => ({ key: name,
          value: services.length === 0 ? controlText.personas.nobody : sayAll(services, text),
          action: { label: controlText.change, hidden: name, act: () => { act.persona("show", id); } } })))}
    <p class="govuk-body">${link(controlText.personas.add, () => { act.persona("name"); })}</p>`;
}

function group(title: string, lines: readonly PreferenceLine[], none: string, act: Actions, text: Text): View {
  return html`
    <h2 class="govuk-heading-m">${title}</h2>
    ${lines.length === 0 ? html`<p class="govuk-body">${none}</p>` : summaryList(lines.map(({ of, name, chosen }) => {
      const key = name === null ? shortOf(of, text) : say(name, text);
      return { key, value: controlText.words[chosen] ?? chosen,
        action: { label: controlText.change, hidden: controlText.of(key), act: () => { act.choose(of); } } };
    }))}`;
}

function shortOf(of: Preference, text: Text): string {
  if (of.kind === "rule") return labelOf(of.id, text);
  return (of.kind === "name" ? controlText.names[of.id] : controlText.switches[of.kind])?.short ?? "";
}

interface Page { readonly title: string; readonly text: string; readonly options: Readonly<Record<string, string>> }

function pageOf({ of, name }: On<"preference">, text: Text): Page {
  const none = { title: "", text: "", options: {} };
  switch (of.kind) {
    case "service":
    case "authority": return { ...controlText.service, title: controlText.service.title(name === null ? of.id : say(name, text)) };
    case "rule": return { ...controlText.rule, title: controlText.rule.title(labelOf(of.id, text)) };
    case "name": return controlText.names[of.id] ?? none;
    case "protection":
    case "quiet":
    case "alike": return controlText.switches[of.kind] ?? none;
  }
}

export function preference(state: On<"preference">, act: Actions, text: Text): View {
  const { title, text: words, options } = pageOf(state, text);
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${state.missing ? errorSummary([{ field: "named-1", message: controlText.named.missing }], text) : nothing}
    <form novalidate @submit=${(event: SubmitEvent) => {
      const draft = draftOfForm(event.currentTarget as HTMLFormElement);
      instead(() => { if (!state.sending) act.prefer(draft); })(event);
    }}>
      <div class="govuk-form-group"><fieldset class="govuk-fieldset" aria-describedby="chosen-text">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--l">
          <h1 class="govuk-fieldset__heading" tabindex="-1">${title}</h1></legend>
        <p class="govuk-body" id="chosen-text">${words}</p>
        <div class="govuk-radios">${state.options.map(({ option, differ }, at) => html`
          <div class="govuk-radios__item">
            <input class="govuk-radios__input" type="radio" id="chosen-${at + 1}" name="chosen" value=${option}
              aria-describedby=${differ === 0 ? nothing : `chosen-${at + 1}-hint`} .checked=${option === state.chosen}>
            <label class="govuk-label govuk-radios__label" for="chosen-${at + 1}">${options[option] ?? option}</label>
            ${differ === 0 ? nothing : html`<div class="govuk-hint govuk-radios__hint" id="chosen-${at + 1}-hint">${
              controlText.differ(differ)}</div>`}
          </div>`)}
          ${state.named.length === 0 ? nothing : namedServices(state, text)}</div>
      </fieldset></div>
      ${submit(orAgain(controlText.save, state.trouble, text), state.sending)}
    </form>
    ${state.knownAs === undefined || state.of.kind !== "service" ? nothing
      : knownAsNow(state.of.id, state.knownAs.name, say(state.name ?? { en: "", cy: "" }, text), act)}`;
}

function knownAsNow(id: string, name: string | null, service: string, act: Actions): View {
  const words = controlText.knownAs;
  return html`
    <h2 class="govuk-heading-m">${words.group(service)}</h2>
    <p class="govuk-body" id="known-as">${name === null ? words.asMyself(service) : words.as(service, name)}</p>
    <p class="govuk-body">${link(words.change, () => { act.persona("knownAs", id); }, { hidden: controlText.of(service) })}</p>`;
}

/** Below its radio button, and seen while that is chosen. */
function namedServices({ named, missing }: On<"preference">, text: Text): View {
  return html`
    <div class="govuk-radios__conditional app-named">
      <div class="govuk-form-group ${missing ? "govuk-form-group--error" : ""}"><fieldset class="govuk-fieldset">
        <legend class="govuk-fieldset__legend">${controlText.named.legend}</legend>
        ${missing ? html`<p class="govuk-error-message">${controlText.named.missing}</p>` : nothing}
        <div class="govuk-checkboxes govuk-checkboxes--small">${named.map(({ name, ticked }, at) =>
          checkbox(`named-${at + 1}`, say(name, text), ticked))}</div>
      </fieldset></div>
    </div>`;
}

export function protect(state: On<"protect">, act: Actions, text: Text): View {
  const words = controlText.protect;
  const { title = "", text: what = "" } = controlText.switches["protection"] ?? {};
  const errors = state.exposed.filter(({ grant }) => state.missing.includes(grant))
    .map(({ grant, service }) => ({ field: `${grant}--1`, message: words.missing(say(service, text)) }));
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${errorSummary(errors, text)}
    ${heading(title)}
    <p class="govuk-body">${what}</p>
    <h2 class="govuk-heading-m">${words.who}</h2>
    <p class="govuk-body">${state.exposed.length === 0 ? words.nobody : words.whoText}</p>
    <form novalidate @submit=${(event: SubmitEvent) => {
      instead(() => { if (!state.sending) act.protect(draftOfForm(event.currentTarget as HTMLFormElement)); })(event);
    }}>
      ${state.exposed.map((one) => decision(one, state, text))}
      ${submit(orAgain(words.turnOn, state.trouble, text), state.sending)}
    </form>`;
}

function decision({ grant, service, attributes, once }: Exposed, state: On<"protect">, text: Text): View {
  const words = controlText.protect;
  const missing = state.missing.includes(grant);
  const options = [["cut", words.cut], ["replace", words.replace], ["keep", words.keep]] as const;
  return html`
    <div class="govuk-form-group ${missing ? "govuk-form-group--error" : ""}">
      <fieldset class="govuk-fieldset" aria-describedby="${grant}-hint">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${say(service, text)}</legend>
        <div id="${grant}-hint" class="govuk-hint">${words.sees(labels(attributes, text))}</div>
        ${missing ? html`<p class="govuk-error-message">${words.missing(say(service, text))}</p>` : nothing}
        <div class="govuk-radios govuk-radios--small">${options.filter(([option]) => !once || option !== "keep")
          .map(([option, label], at) => html`
          <div class="govuk-radios__item">
            <input class="govuk-radios__input" type="radio" id="${grant}--${at + 1}" name=${grant} value=${option}
              .checked=${state.draft[grant] === option}>
            <label class="govuk-label govuk-radios__label" for="${grant}--${at + 1}">${label}</label>
          </div>`)}</div>
      </fieldset>
    </div>`;
}
