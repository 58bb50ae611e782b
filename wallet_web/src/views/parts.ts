/** The small pieces of govuk-frontend markup that screens are made of. */
import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { Language, Text } from "../text/index.ts";
import { inLanguage } from "../text/index.ts";
import type { Draft, GrantLine, Words } from "../state/state.ts";
import { canRetry } from "../state/troubles.ts";
import type { Trouble } from "../state/troubles.ts";
import { labelOf } from "../state/labels.ts";

export type View = TemplateResult;

/** A text of the registry in the language of the screen. */
export function say(words: Words, text: Text): string {
  return inLanguage(words, text.language as Language);
}

/** Several names as a sentence says them. */
export function sayAll(all: readonly Words[], text: Text): string {
  return text.and([...new Set(all.map((words) => say(words, text)))]);
}

export function labels(attributes: readonly string[], text: Text): string {
  return attributes.map((id) => labelOf(id, text)).join(", ");
}

export function heading(words: string): View {
  return html`<h1 class="govuk-heading-l" tabindex="-1">${words}</h1>`;
}

/** `hidden` is said to screen readers only, to tell several buttons of the same words apart. */
export interface ButtonLook {
  readonly kind?: "" | "govuk-button--secondary"; readonly off?: boolean; readonly id?: string; readonly hidden?: string;
}

/** A button. While an act is on its way every button is aria-disabled and does nothing, but keeps the focus. */
export function button(label: string, act: () => void, { kind = "", off = false, id = "", hidden = "" }: ButtonLook = {}): View {
  return html`<button type="button" id=${id === "" ? nothing : id} class="govuk-button ${kind}"
    aria-disabled=${off ? "true" : nothing} @click=${() => { if (!off) act(); }}>${label}${unseen(hidden)}</button>`;
}

/** The button that sends a form. Enter in a box does the same. */
export function submit(label: string, off = false, kind: ButtonLook["kind"] = ""): View {
  return html`<button type="submit" class="govuk-button ${kind}" aria-disabled=${off ? "true" : nothing}>${label}</button>`;
}

/** What a form holds now. A box without a tick is "", so that taking a tick away counts. */
export function draftOfForm(form: HTMLFormElement): Draft {
  const empty = [...form.elements].flatMap((one): [string, string][] =>
    (one instanceof HTMLInputElement && one.type === "checkbox" ? [[one.name, ""]] : []));
  const typed = [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return Object.fromEntries([...empty, ...typed]);
}

/** Handles a form without leaving the page. */
export function sending(act: (form: FormData) => void, off: boolean): (event: SubmitEvent) => void {
  return (event) => {
    event.preventDefault();
    if (!off) act(new FormData(event.currentTarget as HTMLFormElement));
  };
}

/** A way to another screen. Links have no address of their own: the address bar says nothing. */
export function link(label: string, act: () => void, { small = false, hidden = "", off = false } = {}): View {
  return html`<button type="button" class="app-link-button ${small ? "app-link-button--small" : ""}"
    aria-disabled=${off ? "true" : nothing} @click=${() => { if (!off) act(); }}>${label}${unseen(hidden)}</button>`;
}

function unseen(words: string): View | typeof nothing {
  return words === "" ? nothing : html`<span class="govuk-visually-hidden"> ${words}</span>`;
}

/** An act in place of following a link. */
export function instead(act: () => void): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    act();
  };
}

export function back(label: string, act: () => void): View {
  return html`<a href="/" class="govuk-back-link" @click=${instead(act)}>${label}</a>`;
}

export interface SummaryError { readonly field: string; readonly message: string }

/** The list of what to mend at the top of a page; each line leads to its box. */
export function errorSummary(errors: readonly SummaryError[], text: Text): View | typeof nothing {
  if (errors.length === 0) return nothing;
  return html`
    <div class="govuk-error-summary" tabindex="-1" id="error-summary">
      <div role="alert">
        <h2 class="govuk-error-summary__title">${text.errors.title}</h2>
        <div class="govuk-error-summary__body">
          <ul class="govuk-list govuk-error-summary__list">
            ${errors.map(({ field, message }) => html`<li><a href="#${field}"
              @click=${(event: Event) => { focusField(event, field); }}>${message}</a></li>`)}
          </ul>
        </div>
      </div>
    </div>`;
}

function focusField(event: Event, field: string): void {
  event.preventDefault();
  const input = document.getElementById(field);
  input?.scrollIntoView();
  input?.focus();
}

/** What went wrong with the last act, on the same page, so that nothing typed is lost; in words of that page where it has some. */
export function troubleBox(
  trouble: Trouble | null, text: Text, own: Partial<Record<Trouble, { readonly title: string; readonly text: string }>> = {},
): View | typeof nothing {
  if (trouble === null) return nothing;
  const words = own[trouble] ?? text.troubles[trouble];
  return html`
    <div class="govuk-error-summary" tabindex="-1" id="trouble">
      <div role="alert">
        <h2 class="govuk-error-summary__title">${words.title}</h2>
        <div class="govuk-error-summary__body"><p>${words.text}</p></div>
      </div>
    </div>`;
}

/** The label of a button, which becomes "Try again" where trying again can help. */
export function orAgain(label: string, trouble: Trouble | null, text: Text): string {
  return trouble !== null && canRetry(trouble) ? text.troubles[trouble].next : label;
}

export function errorMessage(id: string, message: string | undefined, text: Text): View | typeof nothing {
  return message === undefined ? nothing
    : html`<p id=${id} class="govuk-error-message"><span class="govuk-visually-hidden">${text.errors.label}</span> ${message}</p>`;
}

/** A success or important banner. Read out when it appears. */
export function banner(title: string, content: View | string, success: boolean): View {
  return html`
    <div class="govuk-notification-banner ${success ? "govuk-notification-banner--success" : ""}"
      role=${success ? "alert" : "region"}
      aria-labelledby="banner-title">
      <div class="govuk-notification-banner__header">
        <h2 class="govuk-notification-banner__title" id="banner-title">${title}</h2></div>
      <div class="govuk-notification-banner__content"><p class="govuk-notification-banner__heading">${content}</p></div>
    </div>`;
}

export interface Row {
  readonly key: string; readonly value: View | string;
  readonly action?: { readonly label: string; readonly hidden: string; readonly act: () => void };
}

export function summaryList(rows: readonly Row[]): View {
  // Where some row has an action, the others leave its column empty; where none has, there is no such column.
  const column = rows.some(({ action }) => action !== undefined);
  return html`<dl class="govuk-summary-list">${rows.map(({ key, value, action }) => html`
    <div class="govuk-summary-list__row ${column && action === undefined ? "govuk-summary-list__row--no-actions" : ""}">
      <dt class="govuk-summary-list__key">${key}</dt>
      <dd class="govuk-summary-list__value">${value}</dd>
      ${action === undefined ? nothing : html`<dd class="govuk-summary-list__actions">${
        link(action.label, action.act, { hidden: action.hidden })}</dd>`}
    </div>`)}</dl>`;
}

interface Tick { readonly hint?: string; readonly change?: (on: boolean) => void }

export function checkbox(name: string, label: string, checked: boolean, { hint = "", change }: Tick = {}): View {
  return html`
    <div class="govuk-checkboxes__item">
      <input class="govuk-checkboxes__input" id=${name} name=${name} type="checkbox" value="on" .checked=${checked}
        aria-describedby=${hint === "" ? nothing : `${name}-hint`}
        @change=${(event: Event) => { change?.((event.currentTarget as HTMLInputElement).checked); }}>
      <label class="govuk-label govuk-checkboxes__label" for=${name}>${label}</label>
      ${hint === "" ? nothing : html`<div id="${name}-hint" class="govuk-hint govuk-checkboxes__hint">${hint}</div>`}
    </div>`;
}

/** How long a grant lasts, in words. */
export function lasts(grant: Pick<GrantLine, "until" | "signIn">, text: Text): string {
  return grant.until === null ? text.home.once : text.day(grant.until);
}
