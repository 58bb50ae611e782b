/** The pieces of the question that stand on its page and on the own page of a detail alike. */
import { html, nothing } from "lit-html";
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import type { Actions } from "../state/actions.ts";
import { NO_HOME_TICK, boxesOf, changedAt, isShared, isSingle, mayHaveNoHome, saysNoHome, whichId, whichOf,
} from "../state/choices.ts";
import { controlOf } from "../state/fields.ts";
import { labelOf } from "../state/labels.ts";
import type { Ask, AskedDetail, AskedState, Draft } from "../state/state.ts";
import { canRetry } from "../state/troubles.ts";
import { formsText } from "../text/forms.ts";
import type { Text } from "../text/index.ts";
import { radios } from "./boxes.ts";
import { field, messageOf, shown, whence } from "./fields.ts";
import { checkbox, draftOfForm, errorSummary, link, say, sayAll, summaryList } from "./parts.ts";
import type { View } from "./parts.ts";

/** What is typed on the page now: read at each act, so that nothing typed is lost when the page changes. */
export function draftNow(): Draft {
  const form = document.querySelector<HTMLFormElement>("#asked");
  return form === null ? {} : draftOfForm(form);
}

/** What cannot be tried again has a way back, on which the service learns that it was no "no". */
export function wayBack({ ask, trouble }: AskedState, act: Actions, text: Text): View | typeof nothing {
  if (trouble === null || canRetry(trouble)) return nothing;
  const back = ask.counter ? link(text.home.go, () => { act.counter("leave"); })
    : link(text.asked.goBack(say(ask.service, text)), act.giveUp);
  return html`<p class="govuk-body">${back}</p>`;
}

export function timeLeft(state: AskedState, act: Actions, text: Text): View | typeof nothing {
  if (state.minutesLeft === null) return nothing;
  return html`<div class="govuk-inset-text" role="alert">${
    text.asked.expiring(state.minutesLeft)} ${state.ask.counter ? nothing : link(text.asked.more, act.moreTime)}</div>`;
}

export function who(state: AskedState, text: Text): View {
  const { ask } = state;
  return html`
    ${ask.tier === "sandbox" ? html`<div class="govuk-warning-text">
      <span class="govuk-warning-text__icon" aria-hidden="true">!</span>
      <strong class="govuk-warning-text__text">${text.asked.sandbox}</strong></div>` : nothing}
    <h2 class="govuk-heading-m">${text.asked.who}</h2>
    ${summaryList([
      { key: text.asked.service, value: say(ask.service, text) },
      { key: text.asked.runBy, value: say(ask.authority, text) },
    ])}
    <p class="app-detail__note">${text.asked.registered}</p>
    ${ask.sharedSector && ask.together.length === 0 ? html`<p class="govuk-body">${text.asked.sector}</p>` : nothing}
    ${ask.refusedAt === null ? nothing
      : html`<p class="govuk-body" id="said-no">${
        text.asked.before(text.day(new Date(ask.refusedAt * 1000).toISOString().slice(0, 10)))}</p>`}`;
}

/** The list of what to mend on this page. */
export function toMend(state: AskedState, text: Text): View | typeof nothing {
  return errorSummary(state.errors.map((error) => {
    const attribute = ATTRIBUTES.get(error.attribute);
    return { field: error.field, message: messageOf(error, attribute === undefined ? null : controlOf(attribute), text) };
  }), text);
}

/** What it is for, and under which law. */
export function reasons(ask: Ask, text: Text): View {
  return html`
    <p class="govuk-body">${say(ask.why, text)}</p>
    <p class="govuk-body">${text.asked.basis[ask.basis]}</p>
    ${ask.statute === null ? nothing
      : html`<p class="govuk-body"><strong>${text.asked.law}:</strong> <span lang="en">${ask.statute}</span></p>`}`;
}

/** What is typed is used with this service alone. */
export function once(name: string, { choices }: AskedState, text: Text): View {
  return html`<div class="govuk-form-group app-once"><div class="govuk-checkboxes govuk-checkboxes--small">${
    checkbox(name, text.asked.once, choices.draft[name] === "on")}</div></div>`;
}

/** What stays empty although it is shared, and why. */
export function empty(
  { attribute, required, why }: AskedDetail, gap: "noHome" | "unknown", { own }: AskedState, text: Text,
): View {
  const alone = own === attribute.id;
  return html`
    ${required && !alone ? html`<p class="app-detail__label">${labelOf(attribute.id, text)}</p>` : nothing}
    <p class="govuk-body">${formsText.derived[gap]}</p>
    ${alone ? nothing : html`<p class="app-detail__note">${say(why, text)}</p>`}`;
}

/** What is worked out from boxes that stand at another detail. */
export function elsewhere({ attribute, base, required, why }: AskedDetail, place: AskedDetail, text: Text): View {
  const words = isSingle(place) ? formsText.singly.elsewhere : formsText.derived.elsewhere;
  return html`
    ${required ? html`<p class="app-detail__label">${labelOf(attribute.id, text)}</p>` : nothing}
    <p class="govuk-body">${words(baseWords(base, text))}</p>
    <p class="app-detail__note">${say(why, text)}</p>`;
}

function baseWords(base: AskedDetail["base"], text: Text): string {
  return base === null ? "" : formsText.derived.bases[base.attribute.id] ?? labelOf(base.attribute.id, text);
}

/** That an answer goes without what it comes from, unless that goes too. */
function onlyThis({ attribute, base, held }: AskedDetail, { ask, choices }: AskedState, text: Text): View | typeof nothing {
  const both = ask.details.some((one) => one.attribute.id === base?.attribute.id && isShared(one, choices));
  if (base === null || held === null || both) return nothing;
  return html`<p class="govuk-body app-detail__only">${
    formsText.derived.only(shownText(attribute, held.value, text), baseWords(base, text))}</p>`;
}

/** The answers are yes or no, a postcode, or a number. */
function shownText(attribute: Attribute, answer: Json, text: Text): string {
  const words = shown(attribute, answer, text);
  return typeof words === "string" ? words : labelOf(attribute.id, text);
}

/** Why an answer is not changed here, and where: what it comes from is private. */
function fixed({ decided: { persona } }: AskedDetail, act: Actions, text: Text): View {
  const place = persona === "" ? "details" : "preferences";
  return html`<p class="govuk-body app-detail__only">${formsText.derived.fixed} ${
    link(text.page[place], () => { act.go(place); })}</p>`;
}

/** Several cars, several children: which one is it about? */
function which(detail: AskedDetail, state: AskedState, text: Text): View {
  const { attribute, several } = detail;
  const name = whichId(attribute);
  const chosen = whichOf(detail, state.choices) ?? "";
  const label = text.asked.which(labelOf(attribute.id, text));
  return radios({ name, label, draft: { [name]: chosen }, part: true, shared: state.shared },
    several.map(({ item, held }) => [item, shown(attribute, held.value, text)]), text);
}

/**
 * A value that the vault has, and where it comes from. Of a detail that is decided by itself it is seen on its own page
 * alone, where its name and the reason stand already.
 */
export function value(detail: AskedDetail, state: AskedState, act: Actions, text: Text): View | typeof nothing {
  const { attribute, base, held, several, required, why } = detail;
  if (held === null) return nothing;
  const alone = state.own === attribute.id;
  const hidden = isSingle(detail) && !(alone && state.revealed);
  const isFixed = !hidden && changedAt(detail, state.ask, state.choices) === null;
  const isNewest = whichOf(detail, state.choices) === several[0]?.item;
  const label = labelOf(attribute.id, text);
  return html`
    <div class="app-detail__head">
      <div>
        ${required && !alone ? html`<p class="app-detail__label">${label}</p>` : nothing}
        ${several.length > 1 && !hidden ? which(detail, state, text)
          : html`<p class="app-detail__value" aria-live=${alone ? "polite" : nothing}>${
            hidden ? text.fields.hidden : shown(attribute, held.value, text)}</p>`}
        <p class="app-detail__note">${base === null ? whence(held, text)
          : formsText.derived.from(baseWords(base, text), text.day(held.asOf))}</p>
        ${hidden ? nothing : onlyThis(detail, state, text)}
        ${isFixed ? fixed(detail, act, text) : nothing}
        ${alone ? nothing : html`<p class="app-detail__note">${say(why, text)}</p>`}
        ${several.length > 1 && hidden ? html`<p class="app-detail__note">${formsText.singly.several(several.length, isNewest)}</p>`
          : nothing}
      </div>
      ${hidden ? link(text.fields.show, () => { act.reveal(draftNow()); }, { hidden: text.asked.changeFor(label) })
        : isFixed || controlOf(boxesOf(detail)) === null ? nothing
          : link(text.asked.change, () => { act.change(attribute.id, draftNow()); }, { hidden: text.asked.changeFor(label) })}
    </div>`;
}

export function typeHere(detail: AskedDetail, state: AskedState, act: Actions, text: Text): View {
  const { attribute, base, held, others, required, why } = detail;
  const { ask, choices } = state;
  const alone = state.own === attribute.id;
  const noHome = mayHaveNoHome(ask, detail);
  const homeless = noHome && saysNoHome(ask, choices);
  return html`
    <div class="app-detail__form">
      ${(base !== null || homeless) && required && !alone ? html`<p class="app-detail__label">${labelOf(attribute.id, text)}</p>`
        : nothing}
      ${base === null || homeless ? nothing
        : html`<p class="govuk-body">${formsText.derived.typeBase(baseWords(base, text))}</p>`}
      ${homeless ? nothing : field(boxesOf(detail), { draft: choices.draft, errors: state.errors,
        quiet: alone || (base === null && !required), why: alone ? "" : say(why, text), shared: state.shared,
        redraft: act.redraft }, text)}
      ${noHome ? html`<div class="govuk-form-group"><div class="govuk-checkboxes govuk-checkboxes--small">${
        checkbox(NO_HOME_TICK, formsText.derived.noHomeTick, homeless, { change: () => { act.redraft(draftNow()); } })
      }</div></div>` : nothing}
      ${held === null ? nothing : html`<p class="govuk-body">${
        link(text.asked.undo, () => { act.keepMine(attribute.id, draftNow()); }, { small: true })}</p>`}
      ${others.length === 0 ? nothing : html`<p class="govuk-body">${text.asked.others(sayAll(others, text))}</p>`}
    </div>`;
}
