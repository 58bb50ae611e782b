/** As whom a service is to know the resident: asked at the first meeting, before anything else. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { AskedDetail, AskedState } from "../state/state.ts";
import { isSingle, isTyped } from "../state/choices.ts";
import { labelOf } from "../state/labels.ts";
import { formsText } from "../text/forms.ts";
import type { Text } from "../text/index.ts";
import { button, draftOfForm, errorSummary, heading, instead, link, orAgain, say, sayAll, submit, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

export function meet(state: AskedState, act: Actions, text: Text, who: View): View {
  const { ask } = state;
  const words = formsText.personas;
  const service = say(ask.service, text);
  const options = [{ id: "", name: words.myself }, ...ask.personas];
  const message = words.choose(service);
  return html`
    ${troubleBox(state.trouble, text)}
    ${state.unmet === true ? errorSummary([{ field: "persona-1", message }], text) : nothing}
    ${heading(words.title(service))}
    <p class="govuk-body">${words.text}</p>
    <form id="meet" novalidate @submit=${(event: SubmitEvent) => {
      const { persona } = draftOfForm(event.currentTarget as HTMLFormElement);
      instead(() => { if (state.armed && !state.sending) act.meet(persona); })(event);
    }}>
      <div class="govuk-form-group ${state.unmet === true ? "govuk-form-group--error" : ""}"><fieldset class="govuk-fieldset">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">${words.legend}</legend>
        ${state.unmet === true ? html`<p class="govuk-error-message">${message}</p>` : nothing}
        <div class="govuk-radios">${options.map(({ id, name }, at) => html`
          <div class="govuk-radios__item">
            <input class="govuk-radios__input" type="radio" id="persona-${at + 1}" name="persona" value=${id}>
            <label class="govuk-label govuk-radios__label" for="persona-${at + 1}">${name}</label>
          </div>`)}</div>
      </fieldset></div>
      ${submit(orAgain(words.goOn, state.trouble, text), !state.armed || state.sending)}
    </form>
    ${who}
    <div class="app-answers">${button(text.asked.refuse, act.refuse, { id: "refuse", off: !state.armed || state.sending })}</div>`;
}

/** As whom the service knows the resident, where that is not plain; and the switch for a service that is to know nobody. */
export function knownAs({ ask, sending, armed }: AskedState, act: Actions, text: Text): View {
  const words = formsText.personas;
  const service = say(ask.service, text);
  const on = ask.proposal.oneOff;
  return html`
    ${ask.persona === null || on ? nothing : html`<p class="govuk-body" id="known-as">${words.knownAs(service, ask.persona)}</p>`}
    ${ask.together.length === 0 || on ? nothing
      : html`<div class="govuk-inset-text" id="together">${
        words.together(ask.together.length + 1, sayAll(ask.together, text))}</div>`}
    ${ask.untils.length > 0 ? nothing : html`<div class="govuk-inset-text" id="one-off">${
      on ? words.onceOn(service) : words.onceOff(service)}
      ${link(on ? words.undoOnce : words.doOnce, () => { act.onlyOnce(!on); }, { off: !armed || sending })}</div>`}`;
}

/** What the persona lacks: each is shared only with a tick, and then it is the resident's own. */
export function lent(state: AskedState, block: (detail: AskedDetail) => View, text: Text): View | typeof nothing {
  const { details, persona } = state.ask;
  const lacking = details.filter((detail) => detail.lacking !== undefined && !isSingle(detail));
  if (lacking.length === 0 || persona === null) return nothing;
  const words = formsText.personas;
  const needed = lacking.filter((detail) => detail.lacking === "needed").map(({ attribute }) => labelOf(attribute.id, text));
  return html`
    <fieldset class="govuk-fieldset app-optional" id="lent" aria-describedby="lent-hint">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">
        <h2 class="govuk-fieldset__heading">${words.lacksTitle(persona)}</h2></legend>
      <div id="lent-hint" class="govuk-hint">${words.lacksText(persona)}${
        needed.length === 0 ? nothing : ` ${words.lacksNeeded(text.and(needed))}`}</div>
      ${lacking.some((detail) => isTyped(detail, state.choices)) ? html`<p class="govuk-body">${words.kept(persona)}</p>` : nothing}
      ${lacking.map(block)}
    </fieldset>`;
}

/** By this detail a service could tell, alone or with others, that two persons are one; and what to do instead. */
export function couldMatch(detail: AskedDetail, { ask }: AskedState, text: Text): View | typeof nothing {
  const { attribute, matches, again = false, required } = detail;
  if (matches.length === 0 && !again) return nothing;
  const words = formsText.personas;
  const label = labelOf(attribute.id, text);
  const said = [...again ? [words.again(say(ask.service, text), label)] : [],
    ...matches.length > 0 ? [words.matches(sayAll(matches, text), label)] : []];
  return html`<div class="govuk-inset-text" data-matches=${attribute.id}>${
    said.join(" ")} ${required ? words.another : words.leaveOut}</div>`;
}
