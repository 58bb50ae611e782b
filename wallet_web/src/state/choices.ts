/** What a resident has chosen on the asked screen: pure functions from one set of choices to the next. */
import { controlOf, draftOf, fieldId, parse } from "./fields.ts";
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import { notApplicable } from "../core/derived.ts";
import { isObject } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { reveals } from "../core/guarded.ts";
import { ownPage } from "../core/preferences.ts";
import { HOME, NO_HOME } from "./present.ts";
import { emptyForm } from "./shapes.ts";
import type { Ask, AskedDetail, Choices, Draft, FieldError } from "./state.ts";

/** The detail whose boxes are typed for this one. */
export function boxesOf({ attribute, base }: AskedDetail): Attribute {
  return base?.attribute ?? attribute;
}

/** Optional details are unticked where the preferences do not say that they were agreed; the shortest useful time is chosen. */
export function firstChoices(ask: Ask): Choices {
  const missing = ask.details.filter(({ held }) => held === null);
  const draft = Object.fromEntries(missing.flatMap((detail) => Object.entries(emptyBoxes(detail))));
  // What the resident ticked before, for a service that they trust, is ticked for the one tap.
  const proposed = proposedIn(ask);
  const { persona } = ask.proposal;
  return { persona, ticked: proposed, proposed, singly: {}, changing: [], draft, until: ask.untils[0] ?? null };
}

/** The boxes of a detail that is missing; what it is worked out from may be there and not be enough. */
function emptyBoxes(detail: AskedDetail): Draft {
  const boxes = boxesOf(detail);
  if (detail.base !== null && detail.base.held !== null) return draftOf(boxes, detail.base.held.value);
  return controlOf(boxes) === "form" ? emptyForm(boxes) : {};
}

function proposedIn(ask: Ask): string[] {
  return ask.details.filter(({ decided }) => decided.decision === "share").map(({ attribute }) => attribute.id);
}

/** Whether these were chosen as the one whom the service is to meet now. */
export function isSameSelf({ persona }: { readonly persona?: unknown }, { proposal }: Ask): boolean {
  return persona === proposal.persona;
}

/**
 * Earlier choices for the question as it is now: what was ticked only because it was agreed is not, where it is no more.
 * What was chosen or typed as somebody else is nobody's answer now.
 */
export function refit(choices: Choices, ask: Ask): Choices {
  if (!isSameSelf(choices, ask)) return firstChoices(ask);
  const proposed = proposedIn(ask);
  const over = choices.proposed.filter((id) => !proposed.includes(id));
  return { ...choices, proposed, ticked: choices.ticked.filter((id) => !over.includes(id)) };
}

/** What was typed so far replaces what was known of the boxes on the page; boxes not on the page keep theirs. */
export function withDraft(choices: Choices, draft: Draft): Choices {
  return { ...choices, draft: { ...choices.draft, ...draft }, until: draft["until"] ?? choices.until };
}

export function tick(choices: Choices, attribute: string, on: boolean): Choices {
  const others = choices.ticked.filter((id) => id !== attribute);
  return { ...choices, ticked: on ? [...others, attribute] : others };
}

/** Opens the boxes of a detail that the vault holds, filled with what it holds: of an answer, with what it comes from. */
export function change(choices: Choices, detail: AskedDetail): Choices {
  const { attribute, base } = detail;
  const held = base === null ? detail.held : base.held;
  if (held === null) return choices;
  return { ...tick(choices, attribute.id, true), changing: [...choices.changing, attribute.id],
    draft: { ...choices.draft, ...draftOf(boxesOf(detail), held.value) } };
}

/**
 * The detail that is changed for one that is held: what an answer comes from is changed where it stands itself, if it is
 * shared too. Null where the boxes would show what is private and no page of its own is there to ask for it.
 */
export function changedAt(detail: AskedDetail, ask: Ask, choices: Choices): AskedDetail | null {
  const source = ask.details.find((one) => one.attribute.id === detail.base?.attribute.id && isShared(one, choices));
  const place = source ?? detail;
  return isSingle(place) || !ownPage(boxesOf(place)) ? place : null;
}

export function keepMine(choices: Choices, attribute: string): Choices {
  return { ...choices, changing: choices.changing.filter((id) => id !== attribute) };
}

/** Whether a detail is decided by itself, on a page of its own. */
export function isSingle({ decided }: AskedDetail): boolean {
  return decided.decision !== "withhold" && decided.ownPage;
}

/** The details that have a page of their own, in the order of these pages. */
export function singles(ask: Ask): readonly AskedDetail[] {
  return inOrder(ask).filter(isSingle);
}

/** The first of them that has no answer yet. */
export function nextSingle(ask: Ask, choices: Choices): AskedDetail | null {
  return singles(ask).find((detail) => isOpen(detail, choices)) ?? null;
}

function isOpen(detail: AskedDetail, { singly }: Choices): boolean {
  return isSingle(detail) && singly[detail.attribute.id] === undefined;
}

/** The answer of a detail's own page. */
export function answerSingly(choices: Choices, attribute: string, share: boolean): Choices {
  return { ...choices, singly: { ...choices.singly, [attribute]: share } };
}

/** The detail on whose own page this is mended, or null for the page with everything. */
export function pageOf({ attribute }: FieldError, ask: Ask, choices: Choices): string | null {
  return singles(ask).some((detail) => detail.attribute.id === attribute && isShared(detail, choices)) ? attribute : null;
}

/** Whether a detail is typed, here or on its own page: it is missing, or it is being changed. */
export function isTyped(detail: AskedDetail, choices: Choices): boolean {
  return (isShared(detail, choices) || isOpen(detail, choices)) && detail.gap === null
    && (detail.held === null || choices.changing.includes(detail.attribute.id));
}

/** What is asked, in the order of the page: what the form needs comes first. */
export function inOrder(ask: Ask): readonly AskedDetail[] {
  return [...ask.details.filter(({ required }) => required), ...ask.details.filter(({ required }) => !required)];
}

/** The one place where these boxes are, of all details that need them: the detail's own, else the first. */
export function typedAt(ask: Ask, choices: Choices, boxes: Attribute): AskedDetail | null {
  const typed = inOrder(ask).filter((detail) => isTyped(detail, choices) && boxesOf(detail).id === boxes.id);
  return typed.find(({ attribute }) => attribute.id === boxes.id) ?? typed[0] ?? null;
}

/** The name of the tick that stands for an address. */
export const NO_HOME_TICK = "no-home";

/** Whether the resident says on this page that they have no fixed address. */
export function saysNoHome(ask: Ask, choices: Choices): boolean {
  const asked = ask.details.find(({ attribute }) => attribute.id === NO_HOME);
  if (asked !== undefined) return isTyped(asked, choices) && choices.draft[fieldId(NO_HOME)] === "yes";
  const place = typedAt(ask, choices, HOME_BOXES);
  return choices.draft[NO_HOME_TICK] === "on" && place !== null && mayHaveNoHome(ask, place);
}

const HOME_BOXES = ATTRIBUTES.get(HOME) as Attribute;

/** Whether "I have no fixed address" is an answer here: where an address is missing, and nothing else asks for it. */
export function mayHaveNoHome(ask: Ask, place: AskedDetail): boolean {
  return boxesOf(place).id === HOME && place.held === null && (place.base === null || place.base.held === null)
    && !ask.details.some(({ attribute }) => attribute.id === NO_HOME);
}

/** What has a page of its own is shared only when the resident said so there, also where the form needs it. */
export function isShared(detail: AskedDetail, choices: Choices): boolean {
  const { attribute: { id }, decided, required } = detail;
  if (decided.decision === "withhold") return false;
  return decided.ownPage ? choices.singly[id] === true : required || choices.ticked.includes(id);
}

/** The name of the tick by which what is typed is not kept: a page of its own has its own. */
export function onceId(detail: AskedDetail): string {
  return isSingle(detail) ? fieldId(detail.attribute.id, "once") : "once";
}

/** The name of the choice between several values of a detail. */
export function whichId(attribute: Attribute): string {
  return fieldId(attribute.id, "which");
}

/** The item that goes of several: the one that was chosen, as long as the vault has it, else the newest. */
export function whichOf({ attribute, several }: AskedDetail, { draft }: Choices): string | undefined {
  const chosen = draft[whichId(attribute)];
  return (several.find(({ item }) => item === chosen) ?? several[0])?.item;
}

export function shareCount(ask: Ask, choices: Choices): number {
  return ask.details.filter((detail) => isShared(detail, choices)).length;
}

/**
 * The decision for one detail: what is shared and whether a typed value is kept in the vault. `of`: the value is that of
 * the detail from which this one is worked out.
 */
export type Decision =
  | { readonly share: false }
  | { readonly share: true; readonly typed: null; readonly item?: string }
  | { readonly share: true; readonly typed: Json; readonly keep: boolean; readonly item?: undefined; readonly of?: string };

export interface Decided { readonly decisions: ReadonlyMap<string, Decision>; readonly errors: readonly FieldError[] }

function protectedError({ attribute }: AskedDetail): FieldError {
  return { field: fieldId(attribute.id), attribute: attribute.id, problem: "protected" };
}

/** Reads every box that counts, once. With errors nothing is shared. */
export function decide(ask: Ask, choices: Choices): Decided {
  const decisions = new Map<string, Decision>();
  const errors: FieldError[] = [];
  const homeless = saysNoHome(ask, choices);
  for (const detail of ask.details) {
    const { attribute } = detail;
    const boxes = boxesOf(detail);
    const place = typedAt(ask, choices, boxes);
    const own = place?.attribute.id === attribute.id;
    const keep = choices.draft[onceId(place ?? detail)] !== "on";
    if (!isShared(detail, choices)) {
      decisions.set(attribute.id, { share: false });
    } else if (homeless && detail.held === null && notApplicable(attribute.id, { [NO_HOME]: { value: true, as_of: "" } })) {
      decisions.set(attribute.id, { share: true, typed: true, of: NO_HOME, keep });
    } else if (place === null || (detail.base === null && !own) || (homeless && boxes.id === HOME)) {
      if (reveals(detail.held?.value ?? null, ask.guarded)) errors.push(protectedError(detail));
      const item = detail.several.length < 2 ? undefined : whichOf(detail, choices);
      decisions.set(attribute.id, { share: true, typed: null, ...(item === undefined ? {} : { item }) });
    } else {
      const parsed = parse(boxes, choices.draft);
      if ("error" in parsed) errors.push(...own ? [parsed.error] : []);
      else if (detail.base === null && reveals(parsed.value, ask.guarded)) errors.push(protectedError(detail));
      else if (own && lacksPostcode(detail, parsed.value)) {
        errors.push({ field: fieldId(boxes.id, "postcode"), attribute: boxes.id, problem: "postcode-wrong" });
      } else {
        decisions.set(attribute.id, {
          share: true, typed: parsed.value, keep, ...(detail.base === null ? {} : { of: boxes.id }),
        });
      }
    }
  }
  return { decisions, errors };
}

/** An address that was typed only for what its postcode says. */
function lacksPostcode({ base }: AskedDetail, value: Json): boolean {
  return base?.attribute.id === HOME && isObject(value) && value["postcode"] === undefined;
}
