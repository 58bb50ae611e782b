/** What a resident has chosen on the asked screen: pure functions from one set of choices to the next. */
import { controlOf, draftOf, fieldId, parse } from "./fields.ts";
import { reveals } from "../core/guarded.ts";
import { emptyForm } from "./shapes.ts";
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import type { Ask, AskedDetail, Choices, Draft, FieldError } from "./state.ts";

/** Optional details are unticked where the preferences do not say that they were agreed; the shortest useful time is chosen. */
export function firstChoices(ask: Ask): Choices {
  const missing = ask.details.filter(({ attribute, held }) => held === null && controlOf(attribute) === "form");
  const draft = Object.fromEntries(missing.flatMap(({ attribute }) => Object.entries(emptyForm(attribute))));
  // What the resident ticked before, for a service that they trust, is ticked for the one tap.
  const proposed = proposedIn(ask);
  return { ticked: proposed, proposed, changing: [], draft, until: ask.untils[0] ?? null };
}

function proposedIn(ask: Ask): string[] {
  return ask.details.filter(({ decided }) => decided.decision === "share").map(({ attribute }) => attribute.id);
}

/** Earlier choices for the question as it is now: what was ticked only because it was agreed is not, where it is no more. */
export function refit(choices: Choices, ask: Ask): Choices {
  const proposed = proposedIn(ask);
  const over = choices.proposed.filter((id) => !proposed.includes(id));
  return { ...choices, proposed, ticked: choices.ticked.filter((id) => !over.includes(id)) };
}

/** What was typed so far replaces what was known of the boxes on the page; boxes not on the page keep theirs. */
export function withDraft(choices: Choices, draft: Draft): Choices {
  const kept = Object.entries(choices.draft).filter(([name]) => name !== "once");
  return { ...choices, draft: { ...Object.fromEntries(kept), ...draft }, until: draft["until"] ?? choices.until };
}

export function tick(choices: Choices, attribute: string, on: boolean): Choices {
  const others = choices.ticked.filter((id) => id !== attribute);
  return { ...choices, ticked: on ? [...others, attribute] : others };
}

/** Opens the boxes of a detail that the vault holds, filled with what it holds. */
export function change(choices: Choices, detail: AskedDetail): Choices {
  if (detail.held === null) return choices;
  return { ...tick(choices, detail.attribute.id, true), changing: [...choices.changing, detail.attribute.id],
    draft: { ...choices.draft, ...draftOf(detail.attribute, detail.held.value) } };
}

export function keepMine(choices: Choices, attribute: string): Choices {
  return { ...choices, changing: choices.changing.filter((id) => id !== attribute) };
}

/** Whether a detail is typed on the page now: it is missing, or it is being changed. */
export function isTyped(detail: AskedDetail, choices: Choices): boolean {
  return isShared(detail, choices) && (detail.held === null || choices.changing.includes(detail.attribute.id));
}

export function isShared(detail: AskedDetail, choices: Choices): boolean {
  return detail.decided.decision !== "withhold" && (detail.required || choices.ticked.includes(detail.attribute.id));
}

/** The name of the choice between several values of a detail. */
export function whichId(attribute: Attribute): string {
  return fieldId(attribute.id, "which");
}

export function shareCount(ask: Ask, choices: Choices): number {
  return ask.details.filter((detail) => isShared(detail, choices)).length;
}

/** The decision for one detail: what is shared and whether a typed value is kept in the vault. */
export type Decision =
  | { readonly share: false }
  | { readonly share: true; readonly typed: null; readonly item?: string }
  | { readonly share: true; readonly typed: Json; readonly keep: boolean; readonly item?: undefined };

export interface Decided { readonly decisions: ReadonlyMap<string, Decision>; readonly errors: readonly FieldError[] }

function protectedError({ attribute }: AskedDetail): FieldError {
  return { field: fieldId(attribute.id), attribute: attribute.id, problem: "protected" };
}

/** Reads every box that counts. With errors nothing is shared. */
export function decide(ask: Ask, choices: Choices): Decided {
  const decisions = new Map<string, Decision>();
  const errors: FieldError[] = [];
  for (const detail of ask.details) {
    const { attribute } = detail;
    if (!isShared(detail, choices)) {
      decisions.set(attribute.id, { share: false });
    } else if (!isTyped(detail, choices)) {
      if (reveals(detail.held?.value ?? null, ask.guarded)) errors.push(protectedError(detail));
      const item = detail.several.length < 2 ? undefined : choices.draft[whichId(attribute)] ?? detail.several[0]?.item;
      decisions.set(attribute.id, { share: true, typed: null, ...(item === undefined ? {} : { item }) });
    } else {
      const parsed = parse(attribute, choices.draft);
      if ("error" in parsed) errors.push(parsed.error);
      else if (reveals(parsed.value, ask.guarded)) errors.push(protectedError(detail));
      else decisions.set(attribute.id, {
        share: true, typed: parsed.value, keep: choices.draft["once"] !== "on",
      });
    }
  }
  return { decisions, errors };
}
