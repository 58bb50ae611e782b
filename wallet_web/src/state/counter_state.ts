/** The screens at a counter, and what the wallet knows of the exchange. */
import type { CounterSession } from "../client/counter.ts";
import type { Service } from "../core/registry.ts";
import type { Index } from "../core/registry.ts";
import type { Ask, Doing, GrantLine, Words } from "./state.ts";

/** Why an exchange came to nothing; the names are keys of the texts. */
export type CounterOver = "expired" | "digits" | "cancelled" | "left" | "notHere" | "stopped" | "taken" | "unknown"
  | "otherDesk" | "answered";

export type CounterState =
  | { readonly screen: "counterFind"; readonly draft: string;
    readonly problem: "empty" | "wrong" | "elsewhere" | "unknown" | null; } & Doing
  | { readonly screen: "counterScan"; readonly camera: "starting" | "looking" | "refused"; readonly elsewhere: boolean } & Doing
  | { readonly screen: "counterHere"; readonly service: Words; readonly authority: Words; readonly place: Words } & Doing
  | { readonly screen: "counterDigits"; readonly digits: string; readonly place: Words } & Doing
  | { readonly screen: "counterDone"; readonly ask: Ask; readonly shared: readonly string[] | null }
  | { readonly screen: "counterOver"; readonly why: CounterOver; readonly open: boolean }
  | { readonly screen: "counterReport"; readonly grant: GrantLine; readonly place: Words } & Doing
  | { readonly screen: "counterReported" };

/** An exchange that this wallet has claimed and checked against the register. */
export interface AtCounter {
  readonly session: CounterSession;
  readonly service: Service;
  readonly statement: string;
  readonly index: Index;
  readonly desk: Service["counters"][number];
  /** The resident said that they are there, and has seen the digits. */
  readonly shown: boolean;
}
