/** What can be on the screen: one member of `State` for each screen, plain data only, so that views are pure. */
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import type { PastValue } from "../core/items.ts";
import type { ActivityState } from "./activity_state.ts";
import type { Ask, AskedState } from "./asked_state.ts";
import type { ControlState } from "./control_state.ts";
import type { CounterState } from "./counter_state.ts";
import type { SessionLine } from "../client/api.ts";
import type { InboxState } from "./inbox_state.ts";
import type { Leaving } from "./leaving.ts";
import type { Trouble } from "./troubles.ts";

export type { Ask, AskedDetail, AskedState, Choices, LawfulBasis } from "./asked_state.ts";
export type { DepositLine, InboxState, OfferedValue, Offering } from "./inbox_state.ts";

/** A text of the registry in both languages. */
export interface Words { readonly en: string; readonly cy: string }

/** What was typed, by field name. Ticks are `on` or absent. */
export type Draft = Readonly<Record<string, string>>;

export type FieldProblem = "empty" | "too-long" | "wrong" | "line1-empty" | "postcode-wrong" | "protected" | "date-real"
  | "date-incomplete" | "number";

/** One thing to mend: the id of its input, the detail that it belongs to (and the part of it), and what is wrong. */
export interface FieldError {
  readonly field: string; readonly attribute: string; readonly problem: FieldProblem; readonly part?: string;
}

/** A value in the vault. `asOf` is a date. */
export interface Held {
  readonly value: Json; readonly asOf: string; readonly source: "self_asserted" | "derived";
  /** Former values, the newest first, where the catalogue keeps them. */
  readonly history?: readonly PastValue[];
  /** The service that offered it, and why it had it. */
  readonly from?: { readonly service: Words; readonly why: "typed" | "held" };
}

/** Who has asked, for the screens before the vault is open. The names come from the signed registry. */
export interface Asker { readonly service: Words; readonly authority: Words; readonly signIn: boolean }

/** A grant, as the resident reads it. */
export interface GrantLine {
  readonly id: string;
  readonly service: Words;
  readonly purpose: Words;
  readonly signIn: boolean;
  readonly attributes: readonly string[];
  /** A date, or null for access once. */
  readonly until: string | null;
  readonly retentionDays: number;
  readonly lastRead: number | null;
  readonly missing: boolean;
  /** It has ended, and the server lists it as active. */
  readonly revived?: boolean;
  readonly log: "good" | "unchecked" | "tampered";
  /** The newest change that the resident told it, and when the service looked after that. Times. */
  readonly change?: { readonly at: number; readonly picked: number | null };
  /** Details of which it was left out of a change: it sees the former value. Of `late` it can be sent the new one. */
  readonly former?: readonly string[];
  readonly late?: readonly string[];
  readonly ended: { readonly at: number; readonly why: "revoked" | "replaced" | "expired" | "finished" | "relinquished" } | null;
  /** Where it was asked in person. */
  readonly place: Words | null;
}

export type Notice =
  | { readonly kind: "preference" | "protected" | "code-saved" | "passkey-added" | "passphrase-added" | "removed" | "thrown"
    | "paused" | "resumed"; }
  | { readonly kind: "saved"; readonly told: readonly Words[]; readonly notTold: readonly Words[] }
  | { readonly kind: "sent"; readonly service: Words };

/** One thing that a resident can decide beforehand. */
export type Preference =
  | { readonly kind: "protection" | "quiet" | "alike" }
  | { readonly kind: "name" | "service" | "authority" | "rule"; readonly id: string };

/** A preference and what is chosen; `name` where it is about a service or who runs one. */
export interface PreferenceLine { readonly of: Preference; readonly name: Words | null; readonly chosen: string }

/** Somebody who sees a protected value now. */
export interface Exposed {
  readonly grant: string; readonly service: Words; readonly attributes: readonly string[]; readonly once: boolean;
}

/** What a screen with a button that does something knows of it. */
export interface Doing { readonly sending: boolean; readonly trouble: Trouble | null }

export interface EditState extends Doing {
  readonly screen: "edit";
  readonly attribute: Attribute;
  /** The item that is changed, null for a new one. */
  readonly item: string | null;
  readonly held: Held | null;
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  readonly same: boolean;
  readonly shared: boolean;
  readonly receivers: readonly Receiver[];
  /** Who was left out of a change of it, and can be sent the value of now. */
  readonly late: readonly Receiver[];
  /** No live grant tells anything of it. */
  readonly unseen: boolean;
}

/** Who would be told of a change. `sees` is what changes for them: not the detail itself where they see an answer alone. */
export interface Receiver { readonly grant: string; readonly service: Words; readonly sees: readonly string[] }

/** A passphrase being made: for a new vault, or as a further way into this one. */
export interface NewPassphraseState extends Doing {
  readonly screen: "newPassphrase";
  readonly for: "create" | "add";
  readonly asker: Asker | null;
  readonly name: string;
  /** The words that we suggest. */
  readonly words: string;
  /** The resident types one of their own. */
  readonly own: boolean;
  readonly draft: string;
  readonly hidden: boolean;
  readonly shared: boolean;
  readonly problem: "empty" | "weak" | "different" | null;
  /** Of an own passphrase: as many of our words would be as hard to guess. */
  readonly worth: number;
}

/** Typing a passphrase: to unlock, or to go on with something that needs the root again. */
export interface WithPassphraseState extends Doing {
  readonly screen: "withPassphrase";
  readonly for: ProveFor;
  readonly asker: Asker | null;
  readonly name: string;
  readonly draft: string;
  readonly hidden: boolean;
  readonly shared: boolean;
  readonly problem: "nameEmpty" | "nameLength" | "nameCharacter" | "empty" | "unknown" | null;
}

export type ProveFor = "unlock" | "code" | "passkey" | "detail" | "again";

/** The ways into the open vault. */
export interface Ways {
  readonly passkeys: number; readonly name: string | null; readonly code: boolean; readonly canPasskey: boolean;
}

/** What the recovery kit says beside the code. `seq` is the number of the last change, `date` a date. */
export interface Kit {
  readonly name: string | null; readonly fingerprint: string; readonly seq: number; readonly date: string; readonly address: string;
}

export type LockedWhy = "unlock" | "idle" | "tab" | "done" | "session" | "other";

export type State =
  | { readonly screen: "starting" }
  | { readonly screen: "start"; readonly asker: Asker | null; readonly shared: boolean; readonly passkeys: boolean } & Doing
  | { readonly screen: "locked"; readonly asker: Asker | null; readonly why: LockedWhy; readonly shared: boolean;
    readonly passkeys: boolean; readonly named: boolean; } & Doing
  | NewPassphraseState
  | WithPassphraseState
  | { readonly screen: "ways"; readonly ways: Ways; readonly seq: number; readonly fingerprint: string;
    readonly notice: Notice | null; } & Doing
  | { readonly screen: "recover"; readonly draft: string; readonly shared: boolean;
    readonly problem: "empty" | "length" | "character" | "check" | "unknown" | null; } & Doing
  | { readonly screen: "recovered"; readonly passkeys: boolean; readonly phrase: boolean; readonly seq: number } & Doing
  | { readonly screen: "again"; readonly why: "stale" | "somebodyElse"; readonly asker: Asker; readonly passkey: boolean;
    readonly phrase: boolean; } & Doing
  | { readonly screen: "noPrf"; readonly asker: Asker | null; readonly again: "create" | "add"; readonly shared: boolean }
  | { readonly screen: "makeCode"; readonly asker: Asker | null; readonly by: "passkey" | "passphrase" } & Doing
  | { readonly screen: "code"; readonly code: string; readonly asker: Asker | null; readonly kit: Kit | null }
  | { readonly screen: "confirm"; readonly code: string; readonly groups: readonly [number, number];
    readonly typed: readonly [string, string]; readonly wrong: readonly number[]; } & Doing
  | { readonly screen: "home"; readonly asker: Asker | null; readonly remind: boolean; readonly quiet: boolean;
    readonly paused: boolean; readonly grants: readonly GrantLine[]; readonly notice: Notice | null;
    /** How many deposits wait; `more`: a service that recognises nobody can look, too, and is not among the grants. */
    readonly offers: number; readonly more: boolean; }
  | AskedState
  | { readonly screen: "shared"; readonly ask: Ask; readonly shared: readonly string[]; readonly until: string | null }
  | { readonly screen: "refused"; readonly service: Words }
  | { readonly screen: "details"; readonly notice: Notice | null; readonly guarded: boolean; readonly offered: readonly Attribute[];
    readonly held: readonly { readonly item: string; readonly attribute: Attribute; readonly held: Held }[]; }
  | InboxState
  | { readonly screen: "hidden"; readonly attribute: Attribute; readonly item: string | null } & Doing
  | EditState
  | { readonly screen: "who"; readonly grants: readonly GrantLine[]; readonly planted: readonly string[];
    /** All sharing is paused. */
    readonly paused: boolean; readonly notice: Notice | null; } & Doing
  | { readonly screen: "stop"; readonly grant: GrantLine; readonly armed: boolean } & Doing
  /** `still`: its service sees details by another answer. */
  | { readonly screen: "stopped"; readonly grant: GrantLine; readonly at: number; readonly still: boolean }
  | ControlState
  | { readonly screen: "leaving"; readonly leaving: Leaving } & Doing
  | { readonly screen: "left"; readonly leaving: Leaving }
  | { readonly screen: "sessions"; readonly sessions: readonly SessionLine[] } & Doing
  | CounterState
  | ActivityState
  | { readonly screen: "problem"; readonly trouble: Trouble; readonly open: boolean };

export type Screen = State["screen"];

/** What surrounds every screen. */
export interface Chrome {
  readonly open: boolean; readonly offline: boolean; readonly lockSoon: boolean;
  /** Quiet mode: a neutral title, and a way out on every page. */
  readonly quiet: boolean;
  /** This browser keeps nothing, and the resident went on all the same: every computer is a shared one then. */
  readonly unkept: boolean;
  /** The vault is locked, and a code from a desk waits for it. */
  readonly counter: boolean;
}
