/** Who can see my details, and stopping one of them. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { GrantLine, State } from "../state/state.ts";
import type { Text } from "../text/index.ts";
import { moreText } from "../text/more.ts";
import { noticeBanner } from "./home.ts";
import { back, banner, button, heading, labels, lasts, link, orAgain, say, summaryList, troubleBox } from "./parts.ts";
import type { Row, View } from "./parts.ts";

type On<S extends State["screen"]> = Extract<State, { screen: S }>;

export function who(state: On<"who">, act: Actions, text: Text): View {
  const live = state.grants.filter((grant) => grant.ended === null);
  const ended = state.grants.filter((grant) => grant.ended !== null);
  return html`
    ${saidBanner(state, text)}
    ${troubleBox(state.trouble, text)}
    ${heading(moreText.who.title)}
    ${state.paused ? html`
      <section class="app-card app-card--call" data-paused>
        <h2 class="govuk-heading-m">${moreText.who.pausedTitle}</h2>
        <p class="govuk-body">${moreText.who.pausedText}</p>
        ${button(orAgain(moreText.who.resume, state.trouble, text), () => { act.pause(false); }, { off: state.sending })}
      </section>` : nothing}
    ${state.planted.map((service) => html`<div class="govuk-inset-text">${moreText.who.planted(service)}</div>`)}
    ${ended.filter(({ revived }) => revived === true).map((grant) => html`<div class="govuk-inset-text">${
      moreText.who.revived(say(grant.service, text))}</div>`)}
    <p class="govuk-body">${live.length === 0 ? moreText.who.nobody
      : state.paused ? moreText.who.pausedLive : moreText.who.text}</p>
    <p class="govuk-body">${link(moreText.who.activity, () => { act.go("activity"); })}</p>
    ${live.map((grant) => card(grant, act, text))}
    ${state.paused ? nothing : html`
      <h2 class="govuk-heading-m">${moreText.who.pauseTitle}</h2>
      <p class="govuk-body">${moreText.who.pauseText}</p>
      ${button(orAgain(moreText.who.pause, state.trouble, text), () => { act.pause(true); },
        { kind: "govuk-button--secondary", off: state.sending })}`}
    ${ended.length === 0 ? nothing : html`
      <h2 class="govuk-heading-m">${moreText.who.endedTitle}</h2>
      ${summaryList(ended.map((grant) => ({ key: say(grant.service, text), value: endedWords(grant, text),
        ...(grant.place === null ? {} : { action: { label: moreText.who.notMe, hidden: say(grant.service, text),
          act: () => { act.counter("report", grant.id); } } }) })))}`}`;
}

function saidBanner({ notice }: On<"who">, text: Text): View | typeof nothing {
  if (notice?.kind !== "paused" && notice?.kind !== "resumed") return noticeBanner(notice, text);
  return banner(text.errors.success, notice.kind === "paused" ? moreText.who.pausedNow : moreText.who.resumedNow, true);
}

function endedWords({ ended, place }: GrantLine, text: Text): string {
  const words = ended === null ? "" : moreText.who.ended(moreText.who[ended.why], text.moment(ended.at));
  return place === null ? words : `${moreText.who.at(say(place, text))} ${words}`;
}

function changeWords({ at, picked }: NonNullable<GrantLine["change"]>, text: Text): string {
  return picked === null ? moreText.who.unpicked(text.moment(at)) : moreText.who.picked(text.moment(at), text.moment(picked));
}

function card(grant: GrantLine, act: Actions, text: Text): View {
  const service = say(grant.service, text);
  const rows: Row[] = grant.signIn ? [{ key: moreText.who.sees, value: moreText.who.signIn }] : [
    { key: moreText.who.sees, value: labels(grant.attributes, text) },
    { key: moreText.who.purpose, value: say(grant.purpose, text) },
    { key: moreText.who.until, value: lasts(grant, text) },
    { key: moreText.who.lastRead, value: grant.lastRead === null ? moreText.who.never : text.moment(grant.lastRead) },
    ...(grant.change === undefined ? [] : [{ key: moreText.who.change, value: changeWords(grant.change, text) }]),
    ...((grant.former ?? []).length === 0 ? [] : [{ key: moreText.who.former, value: labels(grant.former ?? [], text) }]),
  ];
  return html`
    <section class="app-card" data-grant=${grant.id}>
      <h2 class="govuk-heading-m">${service}</h2>
      ${grant.missing ? html`<div class="govuk-inset-text">${moreText.who.missing}</div>` : nothing}
      ${grant.log === "good" ? nothing : html`<div class="govuk-inset-text">${
        grant.log === "tampered" ? moreText.who.tampered : moreText.who.unchecked}</div>`}
      ${summaryList(rows)}
      ${(grant.late ?? []).length === 0 ? nothing : html`<p class="govuk-body">${
        link(moreText.who.late, () => { act.activity("late", grant.id); },
          { hidden: moreText.who.lateFor(labels(grant.late ?? [], text), service) })}</p>`}
      ${button(moreText.who.stop, () => { act.stop(grant.id); },
        { kind: "govuk-button--secondary", hidden: moreText.who.stopFor(service) })}
      ${grant.place === null ? nothing : html`<p class="govuk-body">${moreText.who.at(say(grant.place, text))} ${
        link(moreText.who.notMe, () => { act.counter("report", grant.id); }, { hidden: service })}</p>`}
    </section>`;
}

export function stop(state: On<"stop">, act: Actions, text: Text): View {
  const { grant } = state;
  const service = say(grant.service, text);
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${heading(grant.signIn ? moreText.stop.signInTitle(service) : moreText.stop.title(service))}
    <p class="govuk-body">${grant.signIn ? text.home.knows : moreText.stop.text}</p>
    <div class="govuk-button-group">
      ${button(orAgain(grant.signIn ? moreText.stop.signInConfirm : moreText.stop.confirm, state.trouble, text), act.confirmStop,
        { off: !state.armed || state.sending })}
      ${link(moreText.stop.keep, act.back)}
    </div>`;
}

export function stopped(state: On<"stopped">, act: Actions, text: Text): View {
  const { grant, still } = state;
  const service = say(grant.service, text);
  return html`
    ${heading(still ? moreText.stop.doneStillTitle : moreText.stop.doneTitle(service))}
    <p class="govuk-body">${moreText.stop.done(text.moment(state.at))}</p>
    ${grant.signIn ? nothing : html`<p class="govuk-body">${moreText.stop.keeps(grant.retentionDays)}</p>`}
    ${!still ? nothing : html`<p class="govuk-body">${moreText.stop.still(service)}</p>
      <p class="govuk-body">${link(moreText.who.title, () => { act.go("who"); })}</p>`}
    <p class="govuk-body">${link(text.home.go, () => { act.go("home"); })}</p>`;
}
