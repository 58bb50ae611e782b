/** At a counter: scan or type, where you are, the four digits, what came of it, and "this was not me". */
import { html, nothing } from "lit-html";
import type { Actions } from "../state/actions.ts";
import type { CounterState } from "../state/counter_state.ts";
import { labelOf } from "../state/labels.ts";
import type { Text } from "../text/index.ts";
import { counterText as words } from "../text/counter.ts";
import { back, button, errorMessage, errorSummary, heading, link, orAgain, say, sending, submit, troubleBox } from "./parts.ts";
import type { View } from "./parts.ts";

type On<S extends CounterState["screen"]> = Extract<CounterState, { screen: S }>;

export function counterView(state: CounterState, act: Actions, text: Text): View {
  switch (state.screen) {
    case "counterFind": return find(state, act, text);
    case "counterScan": return scan(state, act, text);
    case "counterHere": return here(state, act, text);
    case "counterDigits": return digits(state, act, text);
    case "counterDone": return done(state, act, text);
    case "counterOver": return over(state, act);
    case "counterReport": return report(state, act, text);
    case "counterReported": return html`
      ${heading(words.report.doneTitle)}
      <p class="govuk-body">${words.report.done}</p>
      ${button(words.report.home, () => { act.go("home"); })}`;
  }
}

function find(state: On<"counterFind">, act: Actions, text: Text): View {
  const message = state.problem === null ? undefined : words.find[state.problem];
  return html`
    ${troubleBox(state.trouble, text)}
    ${errorSummary(message === undefined ? [] : [{ field: "counter-code", message }], text)}
    ${heading(words.find.title)}
    <p class="govuk-body">${words.find.text}</p>
    ${button(words.find.scan, () => { act.counter("scan"); }, { id: "scan", off: state.sending })}
    <form novalidate @submit=${sending((form) => {
      const typed = form.get("counter-code");
      act.counter("enter", typeof typed === "string" ? typed : "");
    }, state.sending)}>
      <div class="govuk-form-group ${message === undefined ? "" : "govuk-form-group--error"}">
        <label class="govuk-label govuk-label--m" for="counter-code">${words.find.label}</label>
        <div id="counter-code-hint" class="govuk-hint">${words.find.hint}</div>
        ${errorMessage("counter-code-error", message, text)}
        <input class="govuk-input govuk-input--width-10 app-code-input ${message === undefined ? "" : "govuk-input--error"}"
          id="counter-code" name="counter-code" type="text" autocomplete="off" autocapitalize="characters" autocorrect="off"
          spellcheck="false" aria-describedby="counter-code-hint ${message === undefined ? "" : "counter-code-error"}"
          .value=${state.draft}>
      </div>
      ${submit(orAgain(words.find.submit, state.trouble, text), state.sending)}
    </form>`;
}

function scan(state: On<"counterScan">, act: Actions, text: Text): View {
  const refused = state.camera === "refused";
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(refused ? words.scan.refusedTitle : words.scan.title)}
    <div role="status">
      ${state.elsewhere ? html`<div class="govuk-inset-text">${words.scan.elsewhere}</div>` : nothing}
      <p class="govuk-body">${words.scan[state.camera]}</p>
    </div>
    ${refused ? nothing : html`
      <p class="govuk-body">${words.scan.text}</p>
      <video id="camera" class="app-camera" playsinline muted aria-label=${words.scan.camera}></video>`}
    ${button(words.scan.type, () => { act.counter("type"); }, { kind: refused ? "" : "govuk-button--secondary" })}`;
}

function here(state: On<"counterHere">, act: Actions, text: Text): View {
  const place = say(state.place, text);
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(words.here.title(place))}
    <p class="govuk-body">${words.here.who(say(state.service, text), say(state.authority, text))}</p>
    <p class="app-detail__note">${words.here.registered}</p>
    <div class="govuk-inset-text">${words.here.check}</div>
    <div class="app-answers">
      ${button(words.here.yes(place), () => { act.counter("here"); }, { id: "here", off: state.sending })}
      ${button(words.here.no, () => { act.counter("leave"); }, { id: "not-here", off: state.sending })}
    </div>`;
}

function digits(state: On<"counterDigits">, act: Actions, text: Text): View {
  return html`
    ${troubleBox(state.trouble, text)}
    ${heading(words.digits.title)}
    <p class="app-digits" id="digits"><span class="govuk-visually-hidden">${words.digits.label(state.digits)}</span>
      <span aria-hidden="true">${state.digits}</span></p>
    <p class="govuk-body">${words.digits.text(say(state.place, text))}</p>
    <p class="govuk-body" role="status">${words.digits.waiting}</p>
    ${button(words.digits.stop, () => { act.counter("leave"); }, { kind: "govuk-button--secondary", off: state.sending })}`;
}

function done(state: On<"counterDone">, act: Actions, text: Text): View {
  const service = say(state.ask.service, text);
  const { shared } = state;
  return html`
    ${heading(shared === null ? words.done.refused : words.done.shared(shared.length, service))}
    <p class="govuk-body">${shared === null ? words.done.tell : words.done.look}</p>
    ${shared === null || shared.length === 0 ? nothing : html`
      <h2 class="govuk-heading-m">${words.done.what}</h2>
      <ul class="govuk-list govuk-list--bullet">${shared.map((id) => html`<li>${labelOf(id, text)}</li>`)}</ul>
      <p class="govuk-body">${words.done.stop}</p>`}
    ${button(words.done.home, () => { act.go("home"); })}`;
}

function over(state: On<"counterOver">, act: Actions): View {
  const { title, text } = words.over[state.why];
  return html`
    ${heading(title)}
    <p class="govuk-body" data-over=${state.why}>${text}</p>
    ${state.open ? html`<div class="govuk-button-group">
      ${button(words.over.again, () => { act.go("counter"); })}
      ${link(words.over.home, () => { act.go("home"); })}
    </div>` : button(words.over.home, () => { act.go("home"); })}`;
}

function report(state: On<"counterReport">, act: Actions, text: Text): View {
  const { grant, place } = state;
  return html`
    ${back(text.page.back, act.back)}
    ${troubleBox(state.trouble, text)}
    ${heading(words.report.title)}
    <p class="govuk-body">${words.report.asked(say(grant.service, text), say(place, text))}</p>
    <ul class="govuk-list govuk-list--bullet">${grant.attributes.map((id) => html`<li>${labelOf(id, text)}</li>`)}</ul>
    <p class="govuk-body">${words.report.text}</p>
    <div class="govuk-button-group">
      ${button(orAgain(words.report.confirm, state.trouble, text), () => { act.counter("confirmReport"); }, { off: state.sending })}
      ${link(words.report.keep, act.back)}
    </div>`;
}
