/**
 * What is decided by itself (protocol.md, section 7), each on a page of its own. The page with everything comes first, so
 * that people know who asks and for what before they are asked for what is most private; the pages of these details
 * follow it one by one; then it comes again, with each answer and the button that shares. Nothing goes before that.
 */
import { act, arm, show } from "./app.ts";
import type { App } from "./app.ts";
import { pageNumber, remember, showAsked, turnTo } from "./ask.ts";
import { answerSingly, decide, nextSingle, pageOf, withDraft } from "./choices.ts";
import { prove } from "./prove.ts";
import type { Ask, Choices, Draft } from "./state.ts";

/** To the page of a detail, to answer it anew. */
export function showOwn(app: App, attribute: string, draft: Draft): void {
  const { state } = app;
  if (state.screen === "asked" && !app.busy) turnTo(app, attribute, withDraft(state.choices, draft));
}

/** The answer on a detail's own page, then the next page without one. What is typed wrongly there is mended first. */
export function answerOwn(app: App, share: boolean, draft: Draft): void {
  const { state } = app;
  if (state.screen !== "asked" || state.own === null || !state.armed || app.busy) return;
  const { ask, own } = state;
  const typed = withDraft(state.choices, draft);
  const choices = answerSingly(typed, own, share);
  const errors = share ? decide(ask, choices).errors.filter((error) => pageOf(error, ask, choices) === own) : [];
  if (errors.length === 0) {
    turnTo(app, nextSingle(ask, choices)?.attribute.id ?? null, choices);
    return;
  }
  remember(app, typed);
  show(app, { ...state, choices: typed, errors, armed: false });
  arm(app);
}

/** To the first own page on which something is wrong, else that has no answer yet; false where there is none. */
export function turnToNext(app: App, ask: Ask, choices: Choices): boolean {
  const errors = decide(ask, choices).errors.filter((error) => pageOf(error, ask, choices) !== null);
  const [first] = errors;
  const own = first?.attribute ?? nextSingle(ask, choices)?.attribute.id ?? null;
  if (own !== null) turnTo(app, own, choices, errors.filter(({ attribute }) => attribute === own));
  return own !== null;
}

/** The value is shown after the resident has shown again who they are. */
export function revealAsked(app: App, draft: Draft): Promise<void> {
  const { state, asking } = app;
  if (state.screen !== "asked" || state.own === null || app.busy) return Promise.resolve();
  const { ask, own } = state;
  const choices = withDraft(state.choices, draft);
  return act(app, async () => {
    remember(app, choices);
    // Another question may have come in its place: nothing of that one was asked for.
    const later = (): Promise<void> => showAsked(app, app.asking?.id === asking?.id
      ? { page: pageNumber(ask, own), revealed: true } : { page: 0 });
    if (!await prove(app, later)) return;
    // What appears moves the buttons under somebody's finger.
    show(app, { ...state, choices, revealed: true, sending: false, trouble: null, armed: false });
    arm(app);
  });
}
