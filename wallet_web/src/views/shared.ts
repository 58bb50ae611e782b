/** Shared: the receipt, on the way back to the service. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import { labelOf } from "../state/labels.ts";
import type { State, Words } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { button, heading, say, summaryList } from "./parts.ts";
import type { View } from "./parts.ts";

export function shared(state: Extract<State, { screen: "shared" }>, act: Actions, text: Text): View {
  const service = say(state.ask.service, text);
  const going = html`
    <p class="govuk-body" role="status">${text.shared.moving(service)}</p>
    ${button(text.shared.go(service), act.leave, { id: "continue" })}`;
  if (state.ask.details.length === 0) return html`${heading(text.shared.signedIn(service))}${going}`;
  return html`
    ${heading(text.shared.title(state.shared.length, service))}
    ${going}
    ${state.shared.length === 0 ? nothing : html`
      <h2 class="govuk-heading-m">${text.shared.what}</h2>
      <ul class="govuk-list govuk-list--bullet">${state.shared.map((id) => html`<li>${labelOf(id, text)}</li>`)}</ul>`}
    ${summaryList([{ key: text.shared.until, value: state.until === null ? text.shared.once : text.day(state.until) }])}
    <p class="govuk-body">${text.shared.stop}</p>`;
}

export function refused(state: { readonly service: Words }, text: Text): View {
  return html`<h1 class="govuk-heading-l" tabindex="-1">${text.shared.refused(say(state.service, text))}</h1>`;
}
