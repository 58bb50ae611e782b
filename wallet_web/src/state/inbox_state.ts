/** What services offer, on the screen. */
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import type { Doing, Draft, Notice, Words } from "./state.ts";

/** A value that a service offers. `now` is what there is in its place; `receivers` would see the new one. */
export interface OfferedValue {
  readonly attribute: Attribute; readonly value: Json; readonly asOf: string; readonly now: Json | null;
  readonly receivers: readonly Words[];
  /** Not on a page that somebody else may glance at. */
  readonly hidden: boolean;
}

/**
 * A deposit, as the resident reads it. `offer` is null where it is not what it claims to be. `received` is a time;
 * `persona` is the name of the one to whom it came, null for oneself.
 */
export interface DepositLine {
  readonly id: string; readonly service: Words; readonly received: number;
  readonly offer: null
    | { readonly why: "typed" | "held"; readonly persona: string | null; readonly values: readonly OfferedValue[] };
}

export interface InboxState extends Doing {
  readonly screen: "inbox";
  readonly deposits: readonly DepositLine[];
  readonly notice: Notice | null;
  /** What was ticked so far, by field name. */
  readonly draft: Draft;
  /** The deposit of which nothing was ticked. */
  readonly missing: string | null;
  readonly revealed: boolean;
  readonly armed: boolean;
}
