/** The boxes of details that have several parts: lists with rows, groups, ticks, and long lists to choose from. */
import { html, nothing } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import type { Attribute } from "../core/catalogue.ts";
import { isArray, isObject } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { addRow, isFull, mayBeNone, noneTicked, partName, removeRow, rowsOf, shapeOf } from "../state/shapes.ts";
import type { Shape } from "../state/shapes.ts";
import { COUNTRIES, LANGUAGES, countryName, formsText, languageName } from "../text/forms.ts";
import type { Text } from "../text/index.ts";
import { addressBoxes, dateBoxes, group, labelled, radios, textBox } from "./boxes.ts";
import type { Box } from "./boxes.ts";
import { lines } from "./fields.ts";
import type { FieldState } from "./fields.ts";
import { button, checkbox, draftOfForm, errorMessage, link } from "./parts.ts";
import type { View } from "./parts.ts";

export function hintFor(attribute: string): string | undefined {
  return formsText.hints[attribute];
}

export function partLabel(part: string): string {
  return formsText.parts[part] ?? optionLabel(part);
}

/** A choice of the catalogue, in words: ours, or the catalogue's own made readable. */
export function optionLabel(value: string): string {
  return formsText.options[value] ?? value.charAt(0).toUpperCase() + value.slice(1).replaceAll("_", " ");
}

/** The boxes of a detail of several parts. */
export function formBoxes(attribute: Attribute, box: Box, state: FieldState, text: Text): View {
  const shape = shapeOf(attribute);
  const boxes = shape.kind === "list" ? list(shape.of, box, state, text) : shapeBoxes(shape, box, state, text);
  if (!mayBeNone(attribute)) return boxes;
  const none = `${box.name}--none`;
  return html`${boxes}<div class="govuk-checkboxes govuk-checkboxes--small">${
    checkbox(none, formsText.noneOfThese[attribute.id] ?? text.fields.none, noneTicked(state.draft, box.name))}</div>`;
}

function shapeBoxes(shape: Shape, box: Box, state: FieldState, text: Text): View {
  switch (shape.kind) {
    case "text": return textBox(box, { lines: (shape.schema.maxLength ?? 0) > 500 }, text);
    case "date": return dateBoxes({ ...box, hint: box.hint ?? text.fields.dateHint }, false, text);
    case "address": return addressBoxes(box, false, text);
    case "boolean": return radios(box, [["yes", text.fields.yes], ["no", text.fields.no]], text);
    case "tick": return html`<div class="govuk-checkboxes govuk-checkboxes--small">${
      checkbox(box.name, box.label, box.draft[box.name] === "on")}</div>`;
    case "choice": return choice(shape.options, box, text);
    case "country": return select(box, COUNTRIES.map((code) => [code, countryName(code)]), text);
    case "language": return select(box, LANGUAGES.map((code) => [code, languageName(code)]), text);
    case "ticks": return group(box, text, ticks(shape.options, box));
    case "object": return group({ ...box, error: undefined }, text, html`${shape.members.map((member) =>
      shapeBoxes(member.shape, inner(box, member.name, partLabel(member.name)), state, text))}`);
    case "list": return list(shape.of, box, state, text);
  }
}

function ticks(options: readonly string[], box: Box): View {
  return html`<div class="govuk-checkboxes govuk-checkboxes--small">${options.map((option) => {
    const name = partName(box.name, option);
    return checkbox(name, optionLabel(option), box.draft[name] === "on");
  })}</div>`;
}

/** A box within a group. An error is the box's whose input, or group of inputs, is to be mended. */
function inner(box: Box, part: string | number, label: string): Box {
  const name = partName(box.name, part);
  const { error } = box;
  const mine = error !== undefined && (error.field === name || error.field.startsWith(`${name}--`));
  return { name, label, draft: box.draft, shared: box.shared, part: true, hint: formsText.partHints[String(part)],
    error: mine ? error : undefined };
}

const RADIOS_AT_MOST = 8;

function choice(options: readonly (string | number)[], box: Box, text: Text): View {
  const named = options.map((option): [string, string] => [String(option), optionLabel(String(option))]);
  return options.length > RADIOS_AT_MOST ? select(box, named, text) : radios(box, named, text);
}

function select(box: Box, options: readonly (readonly [string, string])[], text: Text): View {
  const chosen = box.draft[box.name] ?? "";
  return labelled(box, text, (described) => html`
    <select class="govuk-select ${box.error === undefined ? "" : "govuk-select--error"}" id=${box.name} name=${box.name}
      aria-describedby=${described} autocomplete="off">
      <option value="" .selected=${chosen === ""}>${formsText.choose}</option>
      ${options.map(([value, label]) => html`<option value=${value} .selected=${chosen === value}>${label}</option>`)}
    </select>`);
}

/** Rows, each with a way to remove it, and a button for one more. A change of rows makes all of them anew. */
function list(of: Shape, box: Box, state: FieldState, text: Text): View {
  const { draft } = state;
  const base = box.name;
  const rows = Array.from({ length: rowsOf(draft, base) }, (_, row) => row);
  const change = (next: (now: FieldState["draft"]) => FieldState["draft"], focus: string): void => {
    const form = document.getElementById(`${base}-list`)?.closest("form");
    state.redraft(next({ ...draft, ...(form === null || form === undefined ? {} : draftOfForm(form)) }));
    document.getElementById(focus)?.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
  };
  return html`
    <div class="govuk-form-group ${box.error === undefined ? "" : "govuk-form-group--error"}" id="${base}-list">
    <fieldset class="govuk-fieldset">
      <legend class="govuk-fieldset__legend ${
  box.quiet === true ? "govuk-visually-hidden" : "govuk-fieldset__legend--s"}">${box.label}</legend>
      ${box.hint === undefined ? nothing : html`<div class="govuk-hint">${box.hint}</div>`}
      ${rows.some((row) => inRow(box, row)) ? nothing : errorMessage(`${base}-error`, box.error?.message, text)}
      <input type="hidden" name="${base}--rows" value=${rows.length}>
      <input type="hidden" name="${base}--made" value=${draft[`${base}--made`] ?? "0"}>
      ${keyed(draft[`${base}--made`] ?? "0", html`${rows.map((row) => html`
        <div class="app-row" id="${base}-row-${row}">
          ${shapeBoxes(of, { ...inner(box, row, formsText.row(row + 1)), hint: undefined }, state, text)}
          ${rows.length === 1 ? nothing : html`<p class="govuk-body">${link(formsText.remove,
            () => { change((now) => removeRow(now, base, row), `${base}-list`); },
            { small: true, hidden: formsText.row(row + 1) })}</p>`}
        </div>`)}`)}
      ${isFull(draft, base) ? nothing : button(formsText.another,
        () => { change((now) => addRow(now, base, of), `${base}-row-${rows.length}`); }, { kind: "govuk-button--secondary" })}
    </fieldset></div>`;
}

function inRow(box: Box, row: number): boolean {
  return inner(box, row, "").error !== undefined;
}

/** A value of several parts, each with its name. */
export function shownForm(attribute: Attribute, value: Json, text: Text): View | string {
  return shownShape(shapeOf(attribute), value, text);
}

function shownShape(shape: Shape, value: Json, text: Text): View | string {
  switch (shape.kind) {
    case "date": return typeof value === "string" ? text.day(value) : "";
    case "address": return isObject(value) && isArray(value["lines"])
      ? lines([...value["lines"], value["town"], value["postcode"]].filter((line) => typeof line === "string")) : "";
    case "boolean":
    case "tick": return value === true ? text.fields.yes : text.fields.no;
    case "choice": return optionLabel(plainText(value));
    case "country": return countryName(plainText(value));
    case "language": return languageName(plainText(value));
    case "ticks": return isArray(value) ? lines(value.map((one) => optionLabel(plainText(one)))) : "";
    case "object": return isObject(value) ? html`${shape.members.map(({ name, shape: of }) => (value[name] === undefined ? nothing
      : html`<span class="app-part"><strong>${partLabel(name)}:</strong> ${shownShape(of, value[name], text)}</span>`))}` : "";
    case "list": return isArray(value) ? html`${value.map((one) => html`<span class="app-part app-part--row">${
      shownShape(shape.of, one, text)}</span>`)}` : "";
    case "text": return plainText(value);
  }
}

function plainText(value: Json): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
