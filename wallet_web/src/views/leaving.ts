/** Signing out at a service's wish, and where the resident is signed in. */
import { html, nothing } from "lit-html";
import type { SessionLine } from "../client/api.ts";
import type { Actions } from "../state/actions.ts";
import type { State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { moreText } from "../text/more.ts";
import { back, button, heading, link, orAgain, say, summaryList, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

type On<S extends State["screen"]> = Extract<State, { screen: S }>;

export function leaving(state: On<"leaving">, act: Actions, text: Text): View {
  const words = moreText.leaving;
  const { service } = state.leaving;
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(words.title)}
    <p class="govuk-body">${service === null ? words.nobody : words.asker(say(service, text))}</p>
    <p class="govuk-body">${words.text}</p>
    <div class="govuk-button-group">
      ${button(orAgain(words.yes, state.trouble, text), act.signOut, { off: state.sending })}
      ${button(words.no, act.stayIn, { kind: "govuk-button--secondary", off: state.sending })}
    </div>`;
}

export function left(state: On<"left">, act: Actions, text: Text): View {
  const words = moreText.leaving;
  const { service, back: address } = state.leaving;
  return html`
    ${heading(words.done)}
    <p class="govuk-body">${words.doneText}</p>
    <p class="govuk-body">${address === null || service === null ? link(words.again, () => { act.go("locked"); })
      : html`<a class="govuk-link" href=${address} rel="noreferrer">${words.back(say(service, text))}</a>`}</p>`;
}

export function sessions(state: On<"sessions">, act: Actions, text: Text): View {
  const words = moreText.sessions;
  const row = (line: SessionLine): Parameters<typeof summaryList>[0][number] => ({
    key: line.this ? words.here : line.device === "" ? words.unknown : line.device,
    value: words.since(how(line.amr), text.moment(line.since)),
    ...(line.this ? {} : { action: { label: words.end, hidden: words.endHidden(line.device, text.moment(line.since)),
      act: () => { act.endSession(line.id); } } }),
  });
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${heading(words.title)}
    <p class="govuk-body">${words.text}</p>
    ${summaryList(state.sessions.map(row))}
    ${state.sessions.length < 2 ? nothing : html`<p class="govuk-body">${words.allText}</p>
      ${button(words.all, act.endSessions, { kind: "govuk-button--secondary", off: state.sending })}`}`;
}

function how(amr: string): string {
  const { passkey, passphrase, code } = moreText.sessions;
  return amr.startsWith("hwk") ? passkey : amr === "pwd" ? passphrase : code;
}
