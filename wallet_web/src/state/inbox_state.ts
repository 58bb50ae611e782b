/** What services offer, on the screen. */
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import type { Doing, Draft, Notice, Receiver, Words } from "./state.ts";

/** A value that a service offers. `now` is what there is in its place; `receivers` would see the new one. */
export interface OfferedValue {
  readonly attribute: Attribute; readonly value: Json; readonly asOf: string; readonly now: Json | null;
  readonly receivers: readonly Receiver[];
  /** Not on a page that somebody else may glance at. */
  readonly hidden: boolean;
}

/** What a deposit offers. `jti` is its own id; `persona` the one to whom it came, null for oneself. */
export interface Offering {
  readonly jti: string; readonly why: "typed" | "held";
  readonly persona: { readonly id: string; readonly name: string } | null;
  readonly values: readonly OfferedValue[];
}

/**
 * A deposit, as the resident reads it: what is answered is this, whatever the server says later. `id` is the server's
 * name for it, `from` whose it is and `service` what they are called, `received` a time. `offer` is null where it is not
 * what it claims to be.
 */
export interface DepositLine {
  readonly id: string; readonly from: string; readonly service: Words; readonly received: number;
  readonly offer: Offering | null;
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
