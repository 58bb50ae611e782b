/** Who was left out of a change is told of it later, by one act: the same publication, of what the vault has now. */
import { Failure } from "../client/failure.ts";
import { ATTRIBUTES } from "../core/catalogue.ts";
import { dateOf, dayOf } from "../core/dates.ts";
import type { Choice, GrantItem } from "../core/items.ts";
import { evaluate, ownPage } from "../core/preferences.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { heldItem, liveGrants } from "./items.ts";
import type { Items } from "./items.ts";
import { answeredOf, preferencesIn, staysHere } from "./preferences.ts";
import { answering, changedOn, former, touched } from "./present.ts";
import type { Changing } from "./present.ts";
import { nextRevision, servicesNow } from "./publish.ts";
import { commit, theVault } from "./vault.ts";

/**
 * Of the former values that a live grant tells: those whose new value the resident may send. What their choices keep
 * back now stays, as it would in a new request; under address protection that is every protected one. Who knows a
 * persona is sent nothing of the resident's own that it would answer itself.
 */
export function lateIn(item: GrantItem, items: Items, now: number): readonly string[] {
  const answered = answeredOf(item);
  const { attributes } = evaluate(answered, preferencesIn(items), answered, now);
  return former(item, items, now).filter((id) => {
    const decided = attributes.get(id);
    const choice = item.choices[id];
    const persona = choice?.persona === true ? item.persona : "";
    if (decided?.decision === "withhold" || (decided?.persona ?? "") !== persona) return false;
    const value = heldItem(answering(item, id, items), id, choice?.item)?.[1].value ?? null;
    return !staysHere(id, value, items);
  });
}

/** The live grants that were left out of a change of this detail, each with what it can be sent. */
export function lateFor(app: App, changing: Changing): [id: string, item: GrantItem, attributes: readonly string[]][] {
  const { opened, over } = theVault(app);
  return liveGrants(opened).flatMap(([id, item]): [string, GrantItem, readonly string[]][] => {
    if (over.has(id)) return [];
    const late = lateIn(item, opened.items, seconds(app));
    const mine = touched(following(item, late, seconds(app)), changing, opened.items).filter((one) => late.includes(one));
    return mine.length === 0 ? [] : [[id, item, late]];
  });
}

/** The grant as it tells what there is of these attributes, from now on. */
export function following(item: GrantItem, attributes: readonly string[], now: number): GrantItem {
  const followed = attributes.map((id): [string, Choice] => {
    const { item: one, persona } = item.choices[id] ?? {};
    return [id, { choice: "share", ...(one === undefined ? {} : { item: one }), ...(persona === undefined ? {} : { persona }) }];
  });
  const after = { ...item, choices: { ...item.choices, ...Object.fromEntries(followed) } };
  return changedOn(after, attributes, dateOf(dayOf(now)));
}

/** Whether the resident shows again who they are before these go. */
export function isSensitive(attributes: readonly string[]): boolean {
  return attributes.some((id) => {
    const attribute = ATTRIBUTES.get(id);
    return attribute !== undefined && ownPage(attribute);
  });
}

/** Publishes to one grant what it was left out of. Errors: `Failure` `unlisted`, `conflict`. */
export async function sendLate(app: App, id: string, attributes: readonly string[]): Promise<void> {
  const now = new Map(liveGrants(theVault(app).opened)).get(id);
  const service = now === undefined ? undefined : (await servicesNow(app, [now.service])).get(now.service);
  if (now !== undefined && service === undefined) throw new Failure("unlisted");
  await commit(app, async ({ opened }) => {
    const item = new Map(liveGrants(opened)).get(id);
    // What another device changed meanwhile is looked at again before it is sent.
    const still = item === undefined ? [] : lateIn(item, opened.items, seconds(app));
    if (item === undefined || service === undefined || !attributes.every((one) => still.includes(one))) {
      throw new Failure("conflict");
    }
    const { grant, publication } = await nextRevision(
      app, following(item, attributes, seconds(app)), opened.items, service);
    return { change: { put: [{ id, document: grant }] },
      send: (sealed) => app.device.api.publish({ commit: sealed, disclosures: [publication] }) };
  });
}
