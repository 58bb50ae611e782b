/** One way to be known, on its page. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import { labelOf } from "../state/labels.ts";
import { DIFFERENT } from "../state/persona.ts";
import type { State } from "../state/state.ts";
import { controlText } from "../text/control.ts";
import type { Text } from "../text/index.ts";
import { textBox } from "./boxes.ts";
import { back, button, draftOfForm, errorSummary, heading, instead, orAgain, sayAll, submit, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

export function persona(state: Extract<State, { screen: "persona" }>, act: Actions, text: Text): View {
  const words = controlText.personas;
  const errors = state.wrong.map((field) => ({ field, message: words.wrong[field] ?? "" }));
  const box = (name: string, label: string, hint?: string): View => {
    const error = errors.find(({ field }) => field === name);
    return textBox({ name, label, hint, draft: state.draft, shared: true, error }, {}, text);
  };
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${errorSummary(errors, text)}
    ${heading(state.id === null ? words.title : state.draft["name"] ?? words.title)}
    ${state.known.length === 0 ? nothing : html`<div class="govuk-inset-text">${words.known(sayAll(state.known, text))}</div>`}
    <form novalidate @submit=${(event: SubmitEvent) => {
      const draft = draftOfForm(event.currentTarget as HTMLFormElement);
      instead(() => { if (!state.sending) act.savePersona(draft); })(event);
    }}>
      ${box("name", words.name, words.nameHint)}
      <p class="govuk-body">${words.valuesText}</p>
      ${DIFFERENT.map((attribute) => box(attribute, labelOf(attribute, text)))}
      ${submit(orAgain(words.save, state.trouble, text), state.sending)}
    </form>
    ${state.id === null || state.known.length > 0 ? nothing : button(words.drop, act.dropPersona,
      { kind: "govuk-button--secondary", off: state.sending })}`;
}
