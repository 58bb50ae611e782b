/** Who would be told of a change, and who was left out of one: what the page of a detail says of them. */
import type { GrantItem } from "../core/items.ts";
import { grantEnd } from "../core/request.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { describe } from "./items.ts";
import { lateFor } from "./late.ts";
import { seeing, seenBy, touched } from "./present.ts";
import type { Changing } from "./present.ts";
import type { Audience } from "./publish.ts";
import type { Draft, Receiver } from "./state.ts";
import { theVault } from "./vault.ts";

export function receiversOf(app: App, changing: Changing): readonly Receiver[] {
  const { opened, over } = theVault(app);
  return seeing(opened, changing)
    .filter(([grant, { access, created }]) => !over.has(grant) && grantEnd(access, created) > seconds(app))
    .map(([grant, item]) => receiver(grant, item, touched(item, changing, opened.items)));
}

/** Those that can be sent what there is now. */
export function receiversLate(app: App, changing: Changing): readonly Receiver[] {
  return lateFor(app, changing).map(([grant, item, sees]) => receiver(grant, item, sees));
}

function receiver(grant: string, { statement }: GrantItem, sees: readonly string[]): Receiver {
  return { grant, service: describe(statement).service, sees };
}

/** Those that the page named, without the ones that were ticked to keep what they have. */
export function audienceOf(receivers: readonly Receiver[], draft: Draft): Audience {
  const grants = receivers.map(({ grant }) => grant);
  return { shown: new Set(grants), leftOut: new Set(grants.filter((grant) => draft[`leave-out--${grant}`] === "on")) };
}

/** Whether no live grant tells anything of it, also not what it was once told. */
export function isUnseen(app: App, changing: Changing): boolean {
  return seenBy(theVault(app).opened, changing).every(([grant]) => theVault(app).over.has(grant));
}
