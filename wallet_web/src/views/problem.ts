/** A screen for what cannot go on: what happened, and what to do next. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { State } from "../state/state.ts";
import { canRetry } from "../state/troubles.ts";
import type { Trouble } from "../state/troubles.ts";
import type { Text } from "../text/index.ts";
import { button, heading, link } from "./parts.ts";
import type { View } from "./parts.ts";

/** This browser can neither unlock nor create. */
const HOPELESS: readonly Trouble[] = ["cookies", "storage", "unsupported"];

export function problem(state: Extract<State, { screen: "problem" }>, act: Actions, text: Text): View {
  const words = text.troubles[state.trouble];
  const again = canRetry(state.trouble);
  return html`
    ${heading(words.title)}
    <p class="govuk-body" data-trouble=${state.trouble}>${words.text}</p>
    <div class="govuk-button-group">
      ${again ? button(words.next, act.retry) : state.open ? button(text.home.go, () => { act.go("home"); }) : nothing}
      ${state.trouble === "storage" && !state.open
        ? button(text.problem.goOn, act.goOnUnkept, { kind: "govuk-button--secondary" }) : nothing}
      ${state.open || HOPELESS.includes(state.trouble) ? nothing : link(text.locked.title, () => { act.go("locked"); })}
    </div>`;
}
