/** The boxes for each type of detail, the same wherever a detail is typed, and a value for reading. */
import { html, nothing } from "lit-html";
import type { Attribute } from "../core/catalogue.ts";
import { isArray } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { controlOf, fieldId, isAddress } from "../state/fields.ts";
import type { Draft, FieldError, Held } from "../state/state.ts";
import { labelOf } from "../state/labels.ts";
import { formsText } from "../text/forms.ts";
import type { Text } from "../text/index.ts";
import { addressBoxes, dateBoxes, radios, textBox } from "./boxes.ts";
import type { Box, Look } from "./boxes.ts";
import { formBoxes, hintFor, optionLabel, partLabel, shownForm } from "./forms.ts";
import { say } from "./parts.ts";
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
  /** Draws the page again with other boxes (a row more, a row less). */
  readonly redraft: (draft: Draft) => void;
}

/** What is wrong with a field, in words. */
export function messageOf({ attribute, problem, part }: FieldError, control: string | null, text: Text): string {
  const label = part === undefined ? labelOf(attribute, text) : partLabel(part);
  switch (problem) {
    case "empty": return part === undefined && control !== "choice" && control !== "boolean" ? text.fields.empty(label)
      : text.fields.select(label);
    case "too-long": return text.fields.tooLong(label);
    case "line1-empty": return text.fields.line1Empty;
    case "postcode-wrong": return text.fields.postcodeWrong;
    case "date-real": return text.fields.dateReal(label);
    case "date-incomplete": return text.fields.dateIncomplete(label);
    case "number": return text.fields.number(label);
    case "protected": return formsText.preferences.protectedValue(label);
    case "wrong": return (part === undefined ? text.fields.wrongFor[attribute] : undefined) ?? text.fields.wrong(label);
  }
}

/** The boxes of one detail, with its label, hint and error. */
export function field(attribute: Attribute, state: FieldState, text: Text): View | typeof nothing {
  const box = boxOf(attribute, state, text);
  switch (controlOf(attribute)) {
    case "text":
    case "number": return textBox(box, lookOf(attribute), text);
    case "date": return dateBoxes(
      { ...box, hint: hintOf(state, text.fields.dateHint) }, attribute.html_autocomplete === "bday", text);
    case "address": return addressBoxes(box, true, text);
    case "boolean": return radios(box, [["yes", text.fields.yes], ["no", text.fields.no]], text);
    case "choice": return radios(box, (attribute.validation.enum ?? []).map((value) => [value, optionLabel(value)]), text);
    case "form": return formBoxes(attribute, box, state, text);
    case null: return nothing;
  }
}

function boxOf(attribute: Attribute, state: FieldState, text: Text): Box {
  const error = state.errors.find((one) => one.attribute === attribute.id);
  return {
    name: fieldId(attribute.id), label: labelOf(attribute.id, text), draft: state.draft, quiet: state.quiet, shared: state.shared,
    hint: hintOf(state, text.fields.hints[attribute.id] ?? hintFor(attribute.id)),
    error: error === undefined ? undefined
      : { field: error.field, message: messageOf(error, controlOf(attribute), text) } };
}

const WIDTHS: Readonly<Record<string, string>> = {
  "contact.mobile": "govuk-input--width-20", "contact.phone_other": "govuk-input--width-20",
  "person.full_name": "", "person.birth_name": "", "child.name": "", "contact.email": "",
};
const KEYBOARDS: Readonly<Record<string, string>> = {
  "contact.email": "email", "contact.mobile": "tel", "contact.phone_other": "tel",
  "address.uprn": "numeric", "child.school_urn": "numeric",
};

function lookOf({ id, type, validation: { maxLength }, html_autocomplete: autocomplete }: Attribute): Look {
  const number = type === "integer";
  const narrow = number ? "govuk-input--width-3" : maxLength === undefined ? "govuk-input--width-10" : "";
  return {
    type: id === "contact.email" ? "email" : "text", width: WIDTHS[id] ?? narrow,
    keyboard: KEYBOARDS[id] ?? (number ? "numeric" : undefined), autocomplete,
    capitals: maxLength === undefined && !number, lines: (maxLength ?? 0) > 500 };
}

function hintOf({ why = "" }: FieldState, example: string | undefined): View | undefined {
  if (why === "" && example === undefined) return undefined;
  return html`${why}${why === "" || example === undefined ? nothing : html`<br>`}${example ?? nothing}`;
}

/** A value for reading; what is sensitive (level 3) only after the resident has shown again who they are. */
export function shown(attribute: Attribute, value: Json, text: Text): View | string {
  if (isAddress(value)) return lines([...value.lines, value.town, value.postcode]);
  if (typeof value === "boolean") return value ? text.fields.yes : text.fields.no;
  if (typeof value === "string") {
    if (attribute.type === "date") return text.day(value);
    if (attribute.type === "enum") return optionLabel(value);
    if (attribute.id !== "contact.language") return value;
  }
  if (isArray(value) && value.length === 0) return text.fields.none;
  return typeof value === "number" ? String(value) : shownForm(attribute, value, text);
}

/** Where a held value comes from, and when. */
export function whence({ source, asOf, from }: Held, text: Text): string {
  if (from !== undefined) {
    return formsText.inbox[from.why === "typed" ? "fromTyped" : "fromHeld"](say(from.service, text), text.day(asOf));
  }
  return source === "derived" ? text.details.derived(text.day(asOf)) : text.details.typed(text.day(asOf));
}

/** Texts under each other. */
export function lines(all: readonly (string | undefined)[]): View {
  return html`${all.filter((line) => line !== undefined && line !== "")
    .map((line, at) => html`${at === 0 ? nothing : html`<br>`}${line}`)}`;
}
