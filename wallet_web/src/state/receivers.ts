/** Who would be told of a change, and who was left out of one: what the page of a detail says of them. */
import type { GrantItem } from "../core/items.ts";
import type { App } from "./app.ts";
import { describe } from "./items.ts";
import { lateFor } from "./late.ts";
import { seeing, touched } from "./present.ts";
import type { Changing } from "./present.ts";
import type { Draft, Receiver } from "./state.ts";
import { theVault } from "./vault.ts";

export function receiversOf(app: App, changing: Changing): readonly Receiver[] {
  const { opened, over } = theVault(app);
  return seeing(opened, changing).filter(([grant]) => !over.has(grant))
    .map(([grant, item]) => receiver(grant, item, touched(item, changing, opened.items)));
}

/** Those that can be sent what there is now. */
export function receiversLate(app: App, changing: Changing): readonly Receiver[] {
  return lateFor(app, changing).map(([grant, item, sees]) => receiver(grant, item, sees));
}

function receiver(grant: string, { statement }: GrantItem, sees: readonly string[]): Receiver {
  return { grant, service: describe(statement).service, sees };
}

/** The grants that were ticked to keep what they have. */
export function leftOutIn(receivers: readonly Receiver[], draft: Draft): ReadonlySet<string> {
  return new Set(receivers.filter(({ grant }) => draft[`leave-out--${grant}`] === "on").map(({ grant }) => grant));
}
