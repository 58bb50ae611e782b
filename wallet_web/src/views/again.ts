/** Unlock again, because the service wants it: what it is for, and every way to do it. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { moreText } from "../text/more.ts";
import { button, heading, link, orAgain, say, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

export function again(state: Extract<State, { screen: "again" }>, act: Actions, text: Text): View {
  const words = moreText.again;
  const service = say(state.asker.service, text);
  const no = link(state.asker.signIn ? text.signIn.refuse : text.asked.refuse, act.refuse);
  if (state.why === "somebodyElse") return html`
    ${troubleBox(state.trouble, text)}
    ${heading(text.troubles.somebodyElse.title)}
    <p class="govuk-body">${words.other(service)}</p>
    <div class="govuk-button-group">
      ${button(words.another, act.useAnother, { off: state.sending })}
      ${no}
    </div>`;
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(text.troubles.stale.title)}
    <p class="govuk-body">${words.stale(service)}</p>
    <div class="govuk-button-group">
      ${state.passkey
        ? button(orAgain(text.locked.unlock, state.trouble, text), act.againByPasskey, { off: state.sending }) : nothing}
      ${state.phrase ? button(text.locked.phrase, act.againByPassphrase,
        { kind: state.passkey ? "govuk-button--secondary" : "", off: state.sending }) : nothing}
    </div>
    <p class="govuk-body">${link(text.locked.code, () => { act.go("recover"); })}</p>
    <p class="govuk-body">${no}</p>`;
}
