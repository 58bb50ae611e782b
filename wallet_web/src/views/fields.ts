/**
 * The boxes for each type of detail, the same wherever a detail is typed. Values are set only when the state's value
 * changes: a page that is drawn again by itself (a clock, the network) must not undo what somebody is typing.
 */
import { html, nothing } from "lit-html";
import type { Attribute } from "../core/catalogue.ts";
import { isArray } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { controlOf, fieldId, isAddress } from "../state/fields.ts";
import type { Draft, FieldError } from "../state/state.ts";
import { labelOf } from "../state/labels.ts";
import type { Text } from "../text/index.ts";
import { errorMessage } from "./parts.ts";
import type { View } from "./parts.ts";

export interface FieldState {
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  /** The label is the page's heading already. */
  readonly quiet?: boolean;
  /** Why it is asked, said with the hint. */
  readonly why?: string;
  /** The browser is to remember nothing. */
  readonly shared: boolean;
}

/** What is wrong with a field, in words. */
export function messageOf({ attribute, problem }: FieldError, control: string | null, text: Text): string {
  const label = labelOf(attribute, text);
  switch (problem) {
    case "empty": return control === "choice" || control === "boolean" ? text.fields.select(label) : text.fields.empty(label);
    case "too-long": return text.fields.tooLong(label);
    case "line1-empty": return text.fields.line1Empty;
    case "postcode-wrong": return text.fields.postcodeWrong;
    case "date-real": return text.fields.dateReal(label);
    case "date-incomplete": return text.fields.dateIncomplete(label);
    case "number": return text.fields.number(label);
    case "wrong": return text.fields.wrongFor[attribute] ?? text.fields.wrong(label);
  }
}

/** The boxes of one detail, with its label, hint and error. */
export function field(attribute: Attribute, state: FieldState, text: Text): View | typeof nothing {
  switch (controlOf(attribute)) {
    case "text": return textBox(attribute, state, text, attribute.validation.maxLength ?? 0);
    case "number": return textBox(attribute, state, text, 0);
    case "date": return dateBoxes(attribute, state, text);
    case "address": return addressBoxes(attribute, state, text);
    case "boolean": return radios(attribute, state, text, [["yes", text.fields.yes], ["no", text.fields.no]]);
    case "choice": return radios(attribute, state, text,
      (attribute.validation.enum ?? []).map((value) => [value, optionLabel(value, text)]));
    case null: return nothing;
  }
}

function optionLabel(value: string, text: Text): string {
  return text.labels[`option.${value}`] ?? value.charAt(0).toUpperCase() + value.slice(1).replaceAll("_", " ");
}

interface Found { readonly error: FieldError | undefined; readonly message: string | undefined }

function found(attribute: Attribute, state: FieldState, text: Text): Found {
  const error = state.errors.find((one) => one.attribute === attribute.id);
  return { error, message: error === undefined ? undefined : messageOf(error, controlOf(attribute), text) };
}

function describedBy(...ids: readonly (string | false)[]): string | typeof nothing {
  const given = ids.filter((id) => id !== false);
  return given.length === 0 ? nothing : given.join(" ");
}

const WIDTHS: Readonly<Record<string, string>> = {
  "contact.mobile": "govuk-input--width-20", "vehicle.registration": "govuk-input--width-10",
  "address.postcode": "govuk-input--width-10",
};
const KEYBOARDS: Readonly<Record<string, string>> = {
  "contact.email": "email", "contact.mobile": "tel", "contact.phone_other": "tel",
};

function textBox(attribute: Attribute, state: FieldState, text: Text, maxLength: number): View {
  const id = fieldId(attribute.id);
  const { message } = found(attribute, state, text);
  const hint = hintOf(state, text.fields.hints[attribute.id]);
  const described = describedBy(hint !== undefined && `${id}-hint`, message !== undefined && `${id}-error`);
  const value = state.draft[id] ?? "";
  return html`
    <div class="govuk-form-group ${message === undefined ? "" : "govuk-form-group--error"}">
      <label class="govuk-label ${state.quiet === true ? "govuk-visually-hidden" : "govuk-label--s"}" for=${id}>${
        labelOf(attribute.id, text)}</label>
      ${hint === undefined ? nothing : html`<div id="${id}-hint" class="govuk-hint">${hint}</div>`}
      ${errorMessage(`${id}-error`, message, text)}
      ${maxLength > 500
        ? html`<textarea class="govuk-textarea" id=${id} name=${id} rows="5"
          aria-describedby=${described} .value=${value}></textarea>`
        : html`<input class="govuk-input ${WIDTHS[attribute.id] ?? ""} ${message === undefined ? "" : "govuk-input--error"}"
            id=${id} name=${id} type=${attribute.id === "contact.email" ? "email" : "text"} .value=${value}
            inputmode=${KEYBOARDS[attribute.id] ?? (controlOf(attribute) === "number" ? "numeric" : nothing)}
            autocomplete=${state.shared ? "off" : attribute.html_autocomplete ?? "off"}
              autocapitalize=${attribute.id === "vehicle.registration" ? "characters" : nothing}
            spellcheck="false" aria-describedby=${described} aria-invalid=${message === undefined ? nothing : "true"}>`}
    </div>`;
}

function hintOf({ why = "" }: FieldState, example: string | undefined): View | undefined {
  if (why === "" && example === undefined) return undefined;
  return html`${why}${why === "" || example === undefined ? nothing : html`<br>`}${example ?? nothing}`;
}

function group(attribute: Attribute, state: FieldState, text: Text, example: string | undefined, content: View): View {
  const id = fieldId(attribute.id);
  const hint = hintOf(state, example);
  const { message } = found(attribute, state, text);
  return html`
    <div class="govuk-form-group ${message === undefined ? "" : "govuk-form-group--error"}">
      <fieldset class="govuk-fieldset"
        aria-describedby=${describedBy(hint !== undefined && `${id}-hint`, message !== undefined && `${id}-error`)}>
        <legend class="govuk-fieldset__legend ${state.quiet === true ? "govuk-visually-hidden" : "govuk-fieldset__legend--s"}">${
          labelOf(attribute.id, text)}</legend>
        ${hint === undefined ? nothing : html`<div id="${id}-hint" class="govuk-hint">${hint}</div>`}
        ${errorMessage(`${id}-error`, message, text)}
        ${content}
      </fieldset>
    </div>`;
}

function dateBoxes(attribute: Attribute, state: FieldState, text: Text): View {
  const { error } = found(attribute, state, text);
  const birth = attribute.html_autocomplete === "bday" && !state.shared;
  const part = (name: "day" | "month" | "year", width: number): View => {
    const id = fieldId(attribute.id, name);
    return html`
      <div class="govuk-date-input__item"><div class="govuk-form-group">
        <label class="govuk-label govuk-date-input__label" for=${id}>${text.fields[name]}</label>
        <input class="govuk-input govuk-date-input__input govuk-input--width-${width} ${
          error === undefined ? "" : "govuk-input--error"}"
          id=${id} name=${id} type="text" inputmode="numeric"
            autocomplete=${birth ? `bday-${name}` : "off"} .value=${state.draft[id] ?? ""}>
      </div></div>`;
  };
  return group(attribute, state, text, text.fields.dateHint,
    html`<div class="govuk-date-input">${part("day", 2)}${part("month", 2)}${part("year", 4)}</div>`);
}

function addressBoxes(attribute: Attribute, state: FieldState, text: Text): View {
  const { error } = found(attribute, state, text);
  const part = (name: string, label: string, width: string, autocomplete: string): View => {
    const id = fieldId(attribute.id, name);
    return html`
      <div class="govuk-form-group">
        <label class="govuk-label" for=${id}>${label}</label>
        <input class="govuk-input ${width} ${error?.field === id ? "govuk-input--error" : ""}" id=${id} name=${id} type="text"
          autocomplete=${state.shared ? "off" : autocomplete}
          aria-invalid=${error?.field === id ? "true" : nothing} .value=${state.draft[id] ?? ""}>
      </div>`;
  };
  const { line1, line2, town, postcode } = text.fields;
  return group(attribute, state, text, undefined, html`
    ${part("line1", line1, "", "address-line1")}${part("line2", line2, "", "address-line2")}
    ${part("town", town, "govuk-input--width-20", "address-level2")}${
      part("postcode", postcode, "govuk-input--width-10", "postal-code")}`);
}

function radios(attribute: Attribute, state: FieldState, text: Text, options: readonly (readonly [string, string])[]): View {
  const name = fieldId(attribute.id);
  return group(attribute, state, text, undefined, html`
    <div class="govuk-radios ${options.length < 3 ? "govuk-radios--inline" : ""}">${options.map(([value, label], at) => html`
      <div class="govuk-radios__item">
        <input class="govuk-radios__input" type="radio" id=${at === 0 ? name : `${name}-${at + 1}`} name=${name} value=${value}
          .checked=${state.draft[name] === value}>
        <label class="govuk-label govuk-radios__label" for=${at === 0 ? name : `${name}-${at + 1}`}>${label}</label>
      </div>`)}</div>`);
}

/** A value for reading; what is sensitive (level 3) only on request, because others may be looking. */
export function shown(attribute: Attribute, value: Json, text: Text): View | string {
  if (attribute.sensitivity < 3) return plainly(attribute, value, text);
  return html`<details class="govuk-details app-hidden-value">
    <summary class="govuk-details__summary"><span class="govuk-details__summary-text">${text.fields.show}</span></summary>
    <div class="govuk-details__text">${plainly(attribute, value, text)}</div>
  </details>`;
}

function plainly(attribute: Attribute, value: Json, text: Text): View | string {
  if (isAddress(value)) {
    const lines = [...value.lines, value.town, value.postcode].filter((line) => line !== undefined && line !== "");
    return html`${lines.map((line, at) => html`${at === 0 ? nothing : html`<br>`}${line}`)}`;
  }
  if (typeof value === "boolean") return value ? text.fields.yes : text.fields.no;
  if (typeof value === "string") {
    if (attribute.type === "date") return text.day(value);
    return attribute.type === "enum" ? optionLabel(value, text) : value;
  }
  if (isArray(value)) return html`${value.map((one, at) => html`${at === 0 ? nothing : html`<br>`}${plain(one)}`)}`;
  return plain(value);
}

/** A value of several parts, read as its parts. */
function plain(value: Json): string {
  if (value === null) return "";
  if (isArray(value)) return value.map(plain).join(", ");
  return typeof value === "object" ? Object.values(value).map(plain).filter((part) => part !== "").join(", ") : String(value);
}
