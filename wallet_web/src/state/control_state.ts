/** The screens of what a resident decides beforehand, and of the ways to be known. */
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import type { Doing, Draft, Exposed, FieldError, Notice, Preference, PreferenceLine, Receiver, Words } from "./state.ts";

/** One way to be known: what it has of its own, and what else it can have. */
export interface PersonaState extends Doing {
  readonly screen: "persona";
  readonly id: string;
  readonly name: string;
  readonly own: readonly { readonly attribute: Attribute; readonly value: Json }[];
  readonly offered: readonly Attribute[];
  /** The address is protected. */
  readonly guarded: boolean;
  /** Services that know the resident so: it cannot be taken away. */
  readonly known: readonly Words[];
  readonly notice: Notice | null;
}

/** A detail of a persona's own. */
export interface OwnState extends Doing {
  readonly screen: "own";
  readonly id: string;
  readonly name: string;
  readonly attribute: Attribute;
  readonly held: Json | null;
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  readonly hidden: boolean;
  /** Address protection keeps it back, whatever it is. */
  readonly stays: boolean;
  readonly shared: boolean;
  /** As where the resident's own detail is changed. */
  readonly receivers: readonly Receiver[];
  readonly late: readonly Receiver[];
  readonly unseen: boolean;
  readonly same: boolean;
}

/**
 * Another persona for a service (`""`: oneself). `met`: it has known the resident so before; `together`: services of its
 * sector that do; `same`: what it has already, and would get again.
 */
export interface AnewOption {
  readonly id: string; readonly name: string | null; readonly met: boolean; readonly together: readonly Words[];
  readonly same: readonly string[];
}

/** `id` is null for a new one. */
export interface PersonaNameState extends Doing {
  readonly screen: "personaName";
  readonly id: string | null;
  readonly draft: Draft;
  readonly wrong: boolean;
}

/** As whom a service knows the resident, to be changed. */
export interface KnownAsState extends Doing {
  readonly screen: "knownAs";
  readonly service: string;
  readonly name: Words;
  /** The name of the persona by which it knows the resident now; null for oneself. */
  readonly current: string | null;
  readonly options: readonly AnewOption[];
  /** What is shared with it now; a sign-in has no purpose. */
  readonly ending: readonly { readonly purpose: Words | null; readonly attributes: readonly string[] }[];
  readonly missing: boolean;
}

export type ControlState =
  | { readonly screen: "preferences"; readonly notice: Notice | null; readonly safety: readonly PreferenceLine[];
    readonly personas: readonly { readonly id: string; readonly name: string; readonly services: readonly Words[] }[];
    readonly services: readonly PreferenceLine[]; readonly authorities: readonly PreferenceLine[];
    readonly details: readonly PreferenceLine[]; }
  | { readonly screen: "preference"; readonly of: Preference; readonly name: Words | null; readonly chosen: string;
    readonly options: readonly { readonly option: string; readonly differ: number }[];
    /** Of a rule: the services that can be named. */
    readonly named: readonly { readonly id: string; readonly name: Words; readonly ticked: boolean }[];
    /** Of a service where there is another persona to be known by: the name of the one now, null for oneself. */
    readonly knownAs?: { readonly name: string | null };
    /** None was named. */
    readonly missing: boolean; } & Doing
  | { readonly screen: "protect"; readonly exposed: readonly Exposed[]; readonly draft: Draft;
    readonly missing: readonly string[]; } & Doing
  | PersonaState | PersonaNameState | OwnState | KnownAsState;
