/** What happened with the resident's details, and what can be done about it. */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { ActivityEvent, ActivityState } from "../state/activity_state.ts";
import type { GrantLine } from "../state/state.ts";
import { activityText as words } from "../text/activity.ts";
import type { Text } from "../text/index.ts";
import { back, banner, button, heading, labels, link, orAgain, say, sayAll, sending, submit, summaryList,
  troubleBox } from "./parts.ts";
import type { Row, View } from "./parts.ts";

type On<S extends ActivityState["screen"]> = Extract<ActivityState, { screen: S }>;

export function activityView(state: ActivityState, act: Actions, text: Text): View {
  switch (state.screen) {
    case "activity": return activity(state, act, text);
    case "notMe": return notMe(state, act, text);
    case "notMeDone": return notMeDone(state, act, text);
    case "late": return late(state, act, text);
  }
}

function activity(state: On<"activity">, act: Actions, text: Text): View {
  return html`
    ${state.saved ? banner(text.errors.success, savedWords(state, text), true) : nothing}
    ${troubleBox(state.trouble, text)}
    ${heading(words.title)}
    ${state.quiet ? html`<details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text">${words.show}</span></summary>
      <div class="govuk-details__text">${inside(state, act, text)}</div></details>` : inside(state, act, text)}`;
}

/** What quiet mode folds away. */
function inside(state: On<"activity">, act: Actions, text: Text): View {
  const { chosen, shown } = state;
  const events = state.events.filter(({ client }) => chosen === "" || client === chosen);
  return html`
    ${checks(state, act, text)}
    ${state.events.length === 0 ? html`<p class="govuk-body">${words.nothing}</p>` : html`
      <p class="govuk-body">${words.text}</p>
      ${state.services.length < 2 ? nothing : filter(state, act, text)}
      <p class="govuk-body" role="status">${words.shown(Math.min(shown, events.length), events.length)}</p>
      ${days(events.slice(0, shown)).map(([day, some]) => html`
        <h2 class="govuk-heading-m">${day}</h2>
        ${summaryList(some.map((event) => row(event, act, text)))}`)}
      ${events.length <= shown ? nothing
        : button(words.older, () => { act.activity("older"); }, { kind: "govuk-button--secondary" })}
      ${copy(state, act, text)}`}`;
}

/** What a copy would have, and what it would give away of whom. */
function copy(state: On<"activity">, act: Actions, text: Text): View {
  const only = onlyOne(state);
  const service = only === null ? null : say(only.name, text);
  const warning = service === null ? words.copyAll
    : only !== null && state.linked.includes(only.client) ? words.copyLinked(service) : null;
  return html`
    <h2 class="govuk-heading-m">${words.copyTitle}</h2>
    <p class="govuk-body">${words.copy}</p>
    ${warning === null ? nothing : html`<div class="govuk-inset-text">${warning}</div>`}
    ${button(orAgain(service === null ? words.saveAll : words.saveOf(service), state.trouble, text),
      () => { act.activity("save"); }, { kind: "govuk-button--secondary", off: state.sending })}`;
}

function savedWords(state: On<"activity">, text: Text): string {
  const only = onlyOne(state);
  return only === null ? words.savedAll : words.savedOf(say(only.name, text));
}

/** The service of which everything is that is listed. */
function onlyOne({ services, chosen }: On<"activity">): On<"activity">["services"][number] | null {
  const listed = services.filter(({ client }) => chosen === "" || client === chosen);
  return listed.length === 1 ? listed[0] ?? null : null;
}

/** Whether the records hold: what does not comes first, by name. */
function checks(state: On<"activity">, act: Actions, text: Text): View {
  return html`
    ${state.faults.length === 0 ? nothing : html`
      <div class="govuk-error-summary" id="faults"><div role="alert">
        <h2 class="govuk-error-summary__title">${words.faultTitle}</h2>
        <div class="govuk-error-summary__body"><ul class="govuk-list govuk-list--bullet">${state.faults.map(({ service, rule }) =>
          html`<li>${words.fault(say(service, text), words.rules[rule] ?? words.otherRule, rule)}</li>`)}</ul>
          <p>${words.faultText}</p></div>
      </div></div>`}
    ${state.planted.map((service) => html`<div class="govuk-inset-text">${words.planted(service)}</div>`)}
    ${state.unchecked.length === 0 ? nothing : html`<div class="govuk-inset-text">${
      words.unchecked(sayAll(state.unchecked, text))} ${
      link(words.again, () => { act.activity("again"); }, { off: state.sending })}</div>`}
    ${state.good === 0 ? nothing : html`<div class="govuk-inset-text" id="checked">${words.good(state.good)}</div>`}`;
}

function filter(state: On<"activity">, act: Actions, text: Text): View {
  return html`
    <form novalidate @submit=${sending((form) => {
      const chosen = form.get("service");
      act.activity("only", typeof chosen === "string" ? chosen : "");
    }, state.sending)}>
      <div class="govuk-form-group">
        <label class="govuk-label" for="service">${words.filter.label}</label>
        <select class="govuk-select" id="service" name="service">
          <option value="" .selected=${state.chosen === ""}>${words.filter.all}</option>
          ${state.services.map(({ client, name }) =>
            html`<option value=${client} .selected=${state.chosen === client}>${say(name, text)}</option>`)}
        </select>
      </div>
      ${submit(words.filter.show, state.sending, "govuk-button--secondary")}
    </form>`;
}

/** The newest day first, each with its events. */
function days(events: readonly ActivityEvent[]): readonly (readonly [day: string, events: readonly ActivityEvent[]])[] {
  const found = new Map<string, ActivityEvent[]>();
  for (const event of events) {
    const day = words.dayOf(event.at);
    found.set(day, [...found.get(day) ?? [], event]);
  }
  return [...found];
}

/** What somebody else could have agreed to. */
const AGREED: readonly ActivityEvent["kind"][] = ["shared", "signedIn"];

function row(event: ActivityEvent, act: Actions, text: Text): Row {
  const service = say(event.service, text);
  const sentence = event.kind === "revoked" && event.signIn ? words.signInEnded(service) : words.event[event.kind](service);
  const time = words.timeOf(event.at);
  const { grant } = event;
  return {
    key: time,
    value: html`${sentence}${notes(event, text).map((note) => html`<p class="app-detail__note">${note}</p>`)}`,
    ...(grant === null || !AGREED.includes(event.kind) ? {} : { action: {
      label: words.notMe, hidden: words.notMeOf(sentence, time), act: () => { act.activity("notMe", grant); } } }),
  };
}

function notes({ attributes, place, kind, picked }: ActivityEvent, text: Text): readonly string[] {
  return [
    ...(attributes.length === 0 ? [] : [labels(attributes, text)]),
    ...(place === null ? [] : [words.at(say(place, text))]),
    ...(kind !== "published" ? [] : [picked === null ? words.unpicked : words.picked(text.moment(picked))]),
  ];
}

function notMe(state: On<"notMe">, act: Actions, text: Text): View {
  const { grant: { signIn, ended, service: name }, newer } = state;
  const { notMePage: page } = words;
  const service = say(name, text);
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${heading(signIn ? page.signInTitle(service) : page.title(service))}
    <p class="govuk-body">${newer ? page.replaced : ended !== null ? page.over : signIn ? page.signInLive : page.live}</p>
    <div class="govuk-button-group">
      ${button(orAgain(ended === null ? page.confirm : page.confirmOver, state.trouble, text),
        () => { act.activity("confirmNotMe"); }, { off: !state.armed || state.sending })}
      ${link(page.keep, act.back)}
    </div>`;
}

function notMeDone({ grant, still, newer }: On<"notMeDone">, act: Actions, text: Text): View {
  const { notMePage: page } = words;
  const service = say(grant.service, text);
  return html`
    ${heading(grant.signIn ? page.signInDoneTitle(service) : still.length > 0 ? page.endedTitle : page.doneTitle(service))}
    ${still.length === 0 ? nothing : html`
      <h2 class="govuk-heading-m">${page.still(service)}</h2>
      ${newer === null ? nothing : html`<p class="govuk-body">${page.newer}</p>`}
      ${summaryList(still.map((line) => stillRow(line, act, text)))}`}
    <h2 class="govuk-heading-m">${page.next}</h2>
    <p class="govuk-body">${link(page.sessions, () => { act.go("sessions"); })}</p>
    <p class="govuk-body">${link(page.ways, () => { act.go("ways"); })}</p>
    <p class="govuk-body">${link(page.who, () => { act.go("who"); })}</p>
    <p class="govuk-body">${page.tell(service)}</p>`;
}

function stillRow({ id, signIn, purpose, attributes }: GrantLine, act: Actions, text: Text): Row {
  const { notMePage: page } = words;
  const key = signIn ? page.signIn : say(purpose, text);
  return { key, value: signIn ? page.itIsYou : labels(attributes, text),
    action: { label: page.stop, hidden: key, act: () => { act.stop(id); } } };
}

function late(state: On<"late">, act: Actions, text: Text): View {
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${heading(words.late.title(say(state.grant.service, text)))}
    <p class="govuk-body">${words.late.text}</p>
    <ul class="govuk-list govuk-list--bullet">${state.attributes.map((id) => html`<li>${labels([id], text)}</li>`)}</ul>
    <p class="govuk-body">${words.late.then}</p>
    <div class="govuk-button-group">
      ${button(orAgain(words.late.confirm, state.trouble, text), () => { act.activity("confirmLate"); },
        { off: !state.armed || state.sending })}
      ${link(words.late.keep, act.back)}
    </div>`;
}
