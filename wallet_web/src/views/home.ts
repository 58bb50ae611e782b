/** Home: what needs an answer; who can see what, now; the way to the data; the way to a counter. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { GrantLine, Notice, State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { banner, button, heading, labels, lasts, link, say, sayAll } from "./parts.ts";
import type { View } from "./parts.ts";

/** What was just done, on the next screen. */
export function noticeBanner(notice: Notice | null, text: Text): View | typeof nothing {
  if (notice === null) return nothing;
  return banner(text.errors.success, noticeWords(notice, text), true);
}

function noticeWords(notice: Notice, text: Text): string {
  switch (notice.kind) {
    case "preference":
    case "protected":
    case "paused":
    case "resumed": return "";
    case "code-saved": return text.confirm.done;
    case "passkey-added": return text.home.passkeyAdded;
    case "passphrase-added": return text.home.phraseAdded;
    case "removed": return text.details.removed;
    case "thrown": return text.details.thrown;
    case "sent": return text.details.sent(say(notice.service, text));
    case "saved": {
      const told = notice.told.length === 0 ? text.details.saved : text.details.savedTold(sayAll(notice.told, text));
      return notice.notTold.length === 0 ? told : `${told} ${text.details.notTold(sayAll(notice.notTold, text))}`;
    }
  }
}

export function home(state: Extract<State, { screen: "home" }>, act: Actions, text: Text): View {
  return html`
    ${noticeBanner(state.notice, text)}
    ${heading(text.home.title)}
    ${state.asker === null ? nothing : html`
      <section class="app-card app-card--call">
        <h2 class="govuk-heading-m">${text.home.waitingTitle}</h2>
        <p class="govuk-body">${text.home.waiting(say(state.asker.service, text))}</p>
        ${button(text.home.answer, () => { act.go("asked"); })}
      </section>`}
    ${state.remind ? html`
      <section class="app-card app-card--call">
        <h2 class="govuk-heading-m">${text.home.remindTitle}</h2>
        <p class="govuk-body">${text.home.remind}</p>
        ${button(text.home.remindButton, () => { act.go("makeCode"); }, { kind: "govuk-button--secondary" })}
      </section>` : nothing}
    ${state.quiet ? html`<details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">${text.home.show}</span></summary>
      <div class="govuk-details__text">${inside(state, act, text)}</div></details>` : inside(state, act, text)}`;
}

/** What quiet mode folds away. */
function inside(state: Extract<State, { screen: "home" }>, act: Actions, text: Text): View {
  const live = state.grants.filter((grant) => grant.ended === null);
  return html`
    ${state.offers === 0 ? nothing : html`
      <section class="app-card app-card--call">
        <h2 class="govuk-heading-m">${text.home.offersTitle}</h2>
        <p class="govuk-body">${text.home.offers(state.offers)}</p>
        ${button(text.home.offersButton, () => { act.go("inbox"); }, { kind: "govuk-button--secondary" })}
      </section>`}
    <h2 class="govuk-heading-m">${text.home.nowTitle}</h2>
    ${state.paused ? html`<div class="govuk-inset-text">${text.home.paused} ${
      link(text.home.resume, () => { act.go("who"); })}</div>` : nothing}
    ${live.length === 0 && !state.more ? html`<p class="govuk-body">${text.home.nobody}</p>`
      : live.map((grant) => card(grant, act, text))}
    ${live.length === 0 && !state.more ? nothing : html`<p class="govuk-body">${link(text.home.all, () => { act.go("who"); })}</p>`}
    <p class="govuk-body">${link(text.home.activity, () => { act.go("activity"); })}</p>
    <h2 class="govuk-heading-m">${text.home.detailsTitle}</h2>
    <p class="govuk-body">${text.home.detailsText}</p>
    <p class="govuk-body">${link(text.home.detailsLink, () => { act.go("details"); })}</p>
    <h2 class="govuk-heading-m">${text.home.counterTitle}</h2>
    <p class="govuk-body">${link(text.home.code, () => { act.go("counter"); })}</p>
    <p class="govuk-body">${text.home.counter}</p>
    <h2 class="govuk-heading-m">${text.home.waysTitle}</h2>
    <p class="govuk-body">${link(text.home.ways, () => { act.go("ways"); })}</p>`;
}

function card(grant: GrantLine, act: Actions, text: Text): View {
  const service = say(grant.service, text);
  return html`
    <section class="app-card" data-grant=${grant.id}>
      <h3 class="govuk-heading-s">${service}</h3>
      ${grant.signIn
        ? html`<p class="govuk-body">${text.home.knows}</p>`
        : html`<dl class="app-facts">
            <dt>${text.home.sees}</dt><dd>${labels(grant.attributes, text)}</dd>
            <dt>${text.home.until}</dt><dd>${lasts(grant, text)}</dd>
          </dl>`}
      <p class="govuk-body">${link(text.home.stop, () => { act.stop(grant.id); }, { hidden: text.home.stopFor(service) })}</p>
    </section>`;
}
