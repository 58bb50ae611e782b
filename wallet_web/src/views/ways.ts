/** Ways to unlock: what opens the vault, what can be added, and what to compare with the kit. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { moreText } from "../text/more.ts";
import { noticeBanner } from "./home.ts";
import { heading, link, summaryList, troubleBox } from "./parts.ts";
import type { Row, View } from "./parts.ts";

export function ways(state: Extract<State, { screen: "ways" }>, act: Actions, text: Text): View {
  const words = moreText.ways;
  const { ways: { passkeys, name, code, canPasskey } } = state;
  const adding = (wanted: boolean, hidden: string, start: () => void): Pick<Row, "action"> =>
    (wanted ? { action: { label: words.add, hidden, act: start } } : {});
  return html`
    ${noticeBanner(state.notice, text)}
    ${troubleBox(state.trouble, text)}
    ${heading(words.title)}
    <p class="govuk-body">${words.text}</p>
    ${summaryList([
      { key: words.passkey, value: words.passkeys(passkeys), ...adding(canPasskey, words.aPasskey, act.passkeyByPassphrase) },
      { key: words.passphrase, value: name === null ? words.none : words.named(name),
        ...adding(name === null, words.aPassphrase, () => { act.go("addPassphrase"); }) },
      { key: words.code, value: code ? words.has : words.none, ...adding(!code, words.aCode, () => { act.go("makeCode"); }) },
    ])}
    ${code ? html`<p class="govuk-body">${link(words.lost, () => { act.go("recover"); })}</p>` : nothing}
    <p class="govuk-body">${link(words.sessions, () => { act.go("sessions"); })}</p>
    <h2 class="govuk-heading-m">${words.kitTitle}</h2>
    <dl class="app-facts">
      <dt>${words.seq}</dt><dd>${state.seq}<br><span class="app-detail__note">${words.seqText}</span></dd>
      <dt>${words.fingerprint}</dt><dd>${state.fingerprint}<br><span class="app-detail__note">${words.fingerprintText}</span></dd>
    </dl>`;
}
