/** What happened, on the screen: events of logs that were verified, and what the vault itself remembers. */
import type { Code } from "../core/errors.ts";
import type { Doing, GrantLine, Words } from "./state.ts";

export type EventKind = "shared" | "signedIn" | "read" | "unchanged" | "published" | "paused" | "resumed" | "revoked"
  | "replaced" | "expired" | "finished" | "relinquished" | "refused" | "kept" | "thrown";

/**
 * One thing that happened, at a time. `client` is the service's id, `grant` null where there was none. `attributes` are
 * what was shared or kept, as far as they may be named. `picked`: when a service looked for what was published.
 */
export interface ActivityEvent {
  readonly at: number;
  readonly kind: EventKind;
  readonly client: string;
  readonly service: Words;
  readonly grant: string | null;
  readonly signIn: boolean;
  readonly attributes: readonly string[];
  readonly picked: number | null;
  readonly place: Words | null;
}

/**
 * What is wrong with the log of a grant: the rule that it breaks; it is not there (`missing`); the server goes on serving
 * what has ended (`revived`).
 */
export interface Fault { readonly grant: string; readonly service: Words; readonly rule: Code | "missing" | "revived" }

export type ActivityState =
  | { readonly screen: "activity"; readonly quiet: boolean;
    /** The newest first. */
    readonly events: readonly ActivityEvent[];
    readonly services: readonly { readonly client: string; readonly name: Words }[];
    /** Services that know the resident by more than one subject. */
    readonly linked: readonly string[];
    /** The service whose events are shown, `""` for all of them; and how many. */
    readonly chosen: string; readonly shown: number;
    /** How many logs hold; those that do not; services whose logs could not be had now, or that the vault never met. */
    readonly good: number; readonly faults: readonly Fault[]; readonly unchecked: readonly Words[];
    readonly planted: readonly string[];
    /** A copy was just saved. */
    readonly saved: boolean; } & Doing
  /** `newer`: a newer answer took its place, and is in force. */
  | { readonly screen: "notMe"; readonly grant: GrantLine; readonly newer: boolean; readonly armed: boolean } & Doing
  /** `still`: by what else the service can look; `newer`, which of them took the place of this one. */
  | { readonly screen: "notMeDone"; readonly grant: GrantLine; readonly still: readonly GrantLine[]; readonly newer: string | null }
  /** Telling a service now of what it was left out of. `attributes` are what it is sent. */
  | { readonly screen: "late"; readonly grant: GrantLine; readonly attributes: readonly string[]; readonly armed: boolean } & Doing;
