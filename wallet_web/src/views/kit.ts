/** The recovery kit, one page on paper. It is on the page for the printer only. */
import { html, nothing } from "lit-html";
import type { State } from "../state/state.ts";
import { brand } from "../style/theme.ts";
import { inLanguage } from "../text/index.ts";
import type { Language, Text } from "../text/index.ts";
import { moreText } from "../text/more.ts";
import type { View } from "./parts.ts";

export function kit({ code, kit: shown }: Extract<State, { screen: "code" }>, text: Text): View | typeof nothing {
  if (shown === null) return nothing;
  const words = moreText.kit;
  const row = (key: string, value: string, note = ""): View => html`
    <dt>${key}</dt><dd>${value}${note === "" ? nothing : html`<br><span class="app-kit__note">${note}</span>`}</dd>`;
  return html`<section class="app-kit" id="kit">
    <p class="app-kit__authority">${inLanguage(brand.name, text.language as Language)}</p>
    <h2 class="govuk-heading-l">${words.title}</h2>
    <p class="govuk-body">${words.what}</p>
    <p class="govuk-body">${words.how(shown.address)}</p>
    <h3 class="govuk-heading-m">${words.code}</h3>
    <ol class="app-code">${code.split("-").map((part) => html`<li>${part}</li>`)}</ol>
    <dl class="app-facts">
      ${shown.name === null ? nothing : row(words.name, shown.name)}
      ${row(words.address, shown.address)}
      ${row(words.date, text.day(shown.date))}
      ${row(words.seq, String(shown.seq), words.seqText)}
      ${row(words.fingerprint, shown.fingerprint, words.fingerprintText)}
    </dl>
    <p class="govuk-body">${words.unconfirmed}</p>
  </section>`;
}
