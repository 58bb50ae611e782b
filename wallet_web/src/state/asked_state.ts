/** The question of a service: what is asked, what the vault has of it, and what the resident has chosen so far. */
import type { Attribute } from "../core/catalogue.ts";
import type { Decided, Evaluation } from "../core/preferences.ts";
import type { Asker, Doing, Draft, FieldError, Held, Words } from "./state.ts";

export type LawfulBasis = "consent" | "contract" | "legal_obligation" | "vital_interests" | "public_task"
  | "legitimate_interests";

/**
 * One detail of a request. `follow` are the grants that show it, `others` the services besides the one that asks which
 * would get a new value by them. `base` is what it is worked out from, and typed for it; null where it is typed itself.
 * `gap`: it stays empty, since there is no fixed address (`noHome`), or what the vault holds does not say it (`unknown`).
 */
export interface AskedDetail {
  readonly attribute: Attribute;
  readonly base: { readonly attribute: Attribute; readonly held: Held | null } | null;
  readonly gap: "noHome" | "unknown" | null;
  readonly required: boolean;
  readonly why: Words;
  readonly held: Held | null;
  /** Where the vault may hold several values of it: each, the newest first. */
  readonly several: readonly { readonly item: string; readonly held: Held }[];
  readonly follow: readonly string[];
  readonly others: readonly Words[];
  /** What the resident's preferences say of it. */
  readonly decided: Decided;
  /** The persona by which the service knows the resident has none: the resident's own goes only where they say so. */
  readonly lacking?: "needed" | "liked";
  /** Services that know the resident as somebody else, and have this very value. */
  readonly matches: readonly Words[];
  /** This service has it already, of somebody else as whom it knew the resident. */
  readonly again?: boolean;
}

/** A verified request, as the resident reads it. */
export interface Ask extends Asker {
  readonly tier: string;
  readonly why: Words;
  readonly statute: string | null;
  readonly basis: LawfulBasis;
  readonly fallback: Words;
  readonly retentionDays: number;
  /** Dates, the shortest first; empty for access once. */
  readonly untils: readonly string[];
  readonly details: readonly AskedDetail[];
  /** The service knows this resident already. */
  readonly known: boolean;
  readonly refusedAt: number | null;
  readonly needsCode: boolean;
  readonly sharedSector: boolean;
  /** To choose from at a first meeting; empty where it is decided, or there are none. */
  readonly personas: readonly { readonly id: string; readonly name: string }[];
  /** The name of the persona by which the service knows the resident; null for oneself. */
  readonly persona: string | null;
  /** Other services of its sector, which know the resident as the same person. */
  readonly together: readonly Words[];
  readonly expires: number;
  /** What the resident's preferences propose. */
  readonly proposal: Evaluation;
  /** What would give a protected address away; empty where protection is off. */
  readonly guarded: ReadonlySet<string>;
  /** Asked at a counter: the desk begins another where the time is over. */
  readonly counter: boolean;
}

export interface Choices {
  /** As whom the service was to meet the resident when this was chosen. */
  readonly persona: string;
  readonly ticked: readonly string[];
  /** Of these, what was ticked because the resident had agreed to it before. */
  readonly proposed: readonly string[];
  /** What was answered on a detail's own page: true to share it. */
  readonly singly: Readonly<Record<string, boolean>>;
  readonly changing: readonly string[];
  readonly draft: Draft;
  readonly until: string | null;
}

export interface AskedState extends Doing {
  readonly screen: "asked";
  readonly ask: Ask;
  readonly choices: Choices;
  readonly errors: readonly FieldError[];
  /** The detail whose own page this is, or null for the page with everything. */
  readonly own: string | null;
  /** The resident has just shown again who they are: the value of this own page may be seen. */
  readonly revealed: boolean;
  /** False in the first half second, so that a tap meant for something else shares nothing. */
  readonly armed: boolean;
  readonly minutesLeft: number | null;
  /** Where one tap is enough, the resident wants to see each detail all the same. */
  readonly look?: boolean;
  /** On a shared computer: the browser is asked to remember nothing of what is typed. */
  readonly shared: boolean;
  /** At a first meeting nothing was chosen. */
  readonly unmet?: boolean;
}
