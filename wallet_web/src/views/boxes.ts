/**
 * The boxes that values are typed in, after the patterns of the GOV.UK Design System. Values are set only when the
 * state's value changes: a page that is drawn again by itself (a clock, the network) must not undo what somebody types.
 */
import { html, nothing } from "lit-html";
import type { Draft } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { errorMessage } from "./parts.ts";
import type { View } from "./parts.ts";

/** A box, or a group of them whose names begin with `name`. */
export interface Box {
  readonly name: string;
  readonly label: string;
  readonly draft: Draft;
  /** The label is on the page already. */
  readonly quiet?: boolean | undefined;
  /** A part of a bigger group: its label is smaller. */
  readonly part?: boolean | undefined;
  readonly hint?: View | string | undefined;
  /** The input to mend, and what is wrong with it. */
  readonly error?: { readonly field: string; readonly message: string } | undefined;
  /** The browser is to remember nothing. */
  readonly shared: boolean;
}

export interface Look {
  readonly type?: string; readonly width?: string; readonly keyboard?: string | undefined;
  readonly autocomplete?: string | undefined; readonly capitals?: boolean; readonly lines?: boolean;
}

function describedBy(...ids: readonly (string | false)[]): string | typeof nothing {
  const given = ids.filter((id) => id !== false);
  return given.length === 0 ? nothing : given.join(" ");
}

function groupClass(error: Box["error"]): string {
  return error === undefined ? "govuk-form-group" : "govuk-form-group govuk-form-group--error";
}

/** The label, hint and error of one box, around it. */
export function labelled(box: Box, text: Text, content: (described: string | typeof nothing) => View): View {
  const { name, hint, error } = box;
  const look = box.quiet === true ? "govuk-visually-hidden" : box.part === true ? "" : "govuk-label--s";
  return html`
    <div class=${groupClass(error)}>
      <label class="govuk-label ${look}" for=${name}>${box.label}</label>
      ${hint === undefined ? nothing : html`<div id="${name}-hint" class="govuk-hint">${hint}</div>`}
      ${errorMessage(`${name}-error`, error?.message, text)}
      ${content(describedBy(hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`))}
    </div>`;
}

export function textBox(box: Box, look: Look, text: Text): View {
  const { name, error } = box;
  const value = box.draft[name] ?? "";
  return labelled(box, text, (described) => (look.lines === true
    ? html`<textarea class="govuk-textarea ${error === undefined ? "" : "govuk-textarea--error"}" id=${name} name=${name} rows="5"
        aria-describedby=${described} .value=${value}></textarea>`
    : html`<input class="govuk-input ${look.width ?? ""} ${error === undefined ? "" : "govuk-input--error"}"
        id=${name} name=${name} type=${look.type ?? "text"} .value=${value} inputmode=${look.keyboard ?? nothing}
        autocomplete=${box.shared ? "off" : look.autocomplete ?? "off"}
        autocapitalize=${look.capitals === true ? "characters" : nothing}
        spellcheck="false" aria-describedby=${described} aria-invalid=${error === undefined ? nothing : "true"}>`));
}

/** Several boxes under one legend. */
export function group(box: Box, text: Text, content: View): View {
  const { name, hint, error } = box;
  const look = box.quiet === true ? "govuk-visually-hidden"
    : box.part === true ? "app-legend--part" : "govuk-fieldset__legend--s";
  return html`
    <div class=${groupClass(error)}>
      <fieldset class="govuk-fieldset"
        aria-describedby=${describedBy(hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`)}>
        <legend class="govuk-fieldset__legend ${look}">${box.label}</legend>
        ${hint === undefined ? nothing : html`<div id="${name}-hint" class="govuk-hint">${hint}</div>`}
        ${errorMessage(`${name}-error`, error?.message, text)}
        ${content}
      </fieldset>
    </div>`;
}

/** Day, month and year. `birth`: the browser may know it. */
export function dateBoxes(box: Box, birth: boolean, text: Text): View {
  const part = (one: "day" | "month" | "year", width: number): View => {
    const id = `${box.name}--${one}`;
    return html`
      <div class="govuk-date-input__item"><div class="govuk-form-group">
        <label class="govuk-label govuk-date-input__label" for=${id}>${text.fields[one]}</label>
        <input class="govuk-input govuk-date-input__input govuk-input--width-${width} ${
          box.error === undefined ? "" : "govuk-input--error"}"
          id=${id} name=${id} type="text" inputmode="numeric"
            autocomplete=${birth && !box.shared ? `bday-${one}` : "off"} .value=${box.draft[id] ?? ""}>
      </div></div>`;
  };
  return group(box, text, html`<div class="govuk-date-input">${part("day", 2)}${part("month", 2)}${part("year", 4)}</div>`);
}

/** Lines and postcode. `own`: it is the resident's, which the browser may know. */
export function addressBoxes(box: Box, own: boolean, text: Text): View {
  const part = (one: string, label: string, width: string, autocomplete: string): View => {
    const id = `${box.name}--${one}`;
    const wrong = box.error?.field === id;
    return html`
      <div class="govuk-form-group">
        <label class="govuk-label" for=${id}>${label}</label>
        <input class="govuk-input ${width} ${wrong ? "govuk-input--error" : ""}" id=${id} name=${id} type="text"
          autocomplete=${box.shared || !own ? "off" : autocomplete}
          aria-invalid=${wrong ? "true" : nothing} .value=${box.draft[id] ?? ""}>
      </div>`;
  };
  const { line1, line2, town, postcode } = text.fields;
  return group(box, text, html`
    ${part("line1", line1, "", "address-line1")}${part("line2", line2, "", "address-line2")}
    ${part("town", town, "govuk-input--width-20", "address-level2")}${
      part("postcode", postcode, "govuk-input--width-10", "postal-code")}`);
}

export function radios(box: Box, options: readonly (readonly [value: string, label: View | string])[], text: Text): View {
  const { name } = box;
  return group(box, text, html`
    <div class="govuk-radios ${
  options.length < 3 ? "govuk-radios--inline" : ""} ${box.part === true ? "govuk-radios--small" : ""}">${
  options.map(([value, label], at) => {
    const id = at === 0 ? name : `${name}-${at + 1}`;
    return html`
          <div class="govuk-radios__item">
            <input class="govuk-radios__input" type="radio" id=${id} name=${name} value=${value}
              .checked=${box.draft[name] === value}>
            <label class="govuk-label govuk-radios__label" for=${id}>${label}</label>
          </div>`;
  })}</div>`);
}
