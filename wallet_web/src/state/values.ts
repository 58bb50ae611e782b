/** The values of an answer: what was typed, what the vault keeps of it, and what is used with one grant alone. */
import { maySeveral } from "../core/catalogue.ts";
import { factsOf, ofPersona, workedOut } from "../core/derived.ts";
import type { Facts } from "../core/derived.ts";
import { jcs, newId } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import type { Choice, ItemDocument, Present } from "../core/items.ts";
import type { Evaluation } from "../core/preferences.ts";
import type { Preferences } from "../core/preferences_item.ts";
import { seconds, today } from "./app.ts";
import type { App } from "./app.ts";
import type { Asking } from "./asking.ts";
import type { Decision } from "./choices.ts";
import { attributeItem, heldItem, inCatalogue } from "./items.ts";
import type { Items } from "./items.ts";
import { having, preferencesIn, withPreferences } from "./preferences.ts";
import { areaAsked, factsFor } from "./present.ts";
import { theVault } from "./vault.ts";

interface Typed { readonly value: Json; readonly keep: boolean }

/** What was typed on the page, by the detail whose boxes it was typed in. */
export function typedIn(decisions: ReadonlyMap<string, Decision>): ReadonlyMap<string, Typed> {
  return new Map([...decisions].flatMap(([id, one]): [string, Typed][] =>
    (one.share && one.typed !== null ? [[one.of ?? id, { value: one.typed, keep: one.keep }]] : [])));
}

interface Values {
  readonly choices: Readonly<Record<string, Choice>>;
  /** The items that the vault keeps. */
  readonly kept: readonly { readonly id: string; readonly document: ItemDocument }[];
  /** What the answer is made of: the vault with these. */
  readonly seen: Items;
}

/** What is shared of what: the vault's own, or a value that is used with this grant alone. */
export function values(app: App, { request }: Asking, decisions: ReadonlyMap<string, Decision>, proposal: Evaluation): Values {
  const { items } = theVault(app).opened;
  const preferences = preferencesIn(items);
  const { personas } = preferences;
  const typed = typedIn(decisions);
  const day = today(app);
  // A persona's values are never taken for one's own: they are kept with it.
  const isKept = (one: Pick<Typed, "keep">): boolean => one.keep && proposal.persona === "";
  const kept: { id: string; document: ItemDocument }[] = [];
  const itemOf = new Map<string, string>();
  const seen = new Map(items);
  for (const [id, one] of typed) {
    const attribute = inCatalogue(id);
    if (attribute === null || !isKept(one)) continue;
    const [item, former] = heldItem(items, id) ?? [newId(app.device.random), null] as const;
    itemOf.set(id, item);
    // Everyone else was told of it just now: then it is there already.
    if (former !== null && jcs(former.value) === jcs(one.value)) continue;
    const document = attributeItem(attribute, one.value, former, day);
    seen.set(item, document);
    kept.push({ id: item, document });
  }
  const facts = Object.fromEntries([...typed].map(([id, { value }]) => [id, { value, as_of: day }]));
  const setting = { now: seconds(app), ...areaAsked(request) };
  // What is typed for a persona is joined with nothing but its own values.
  const mine = personas.get(proposal.persona);
  const base = (id: string): Facts => (mine === undefined ? factsFor(id, items) : factsOf(mine.values, day));
  const more = keptWith(proposal, preferences, typed);
  if (more !== null) {
    const after = withPreferences(app, items, more);
    seen.set(after.id, after.document);
    kept.push(after);
  }
  // Access that lasts tells what its persona is, also when that changes.
  const lasts = request.access !== "once" && !proposal.oneOff;
  const choiceOf = (id: string): Choice => {
    const one = decisions.get(id);
    const attribute = inCatalogue(id);
    if (one?.share !== true || attribute === null) return { choice: "withhold" };
    const other = personas.get(proposal.attributes.get(id)?.persona ?? "");
    const theirs = one.typed === null ? other !== undefined : one.keep && mine !== undefined;
    if (lasts && theirs) return { choice: "share", persona: true };
    if (one.typed === null && other !== undefined) return alone(ofPersona(id, other.values, setting));
    if (one.typed === null || isKept(one)) {
      const item = itemOf.get(id) ?? heldItem(seen, id, one.item)?.[0];
      return { choice: "share", ...(item !== undefined && maySeveral(attribute) ? { item } : {}) };
    }
    if (one.of === undefined) return { choice: "share", value: one.typed };
    // Worked out of what is said for this once: it never changes by itself.
    return alone(workedOut(id, { ...base(id), ...facts }, setting));
  };
  return { kept, seen, choices: Object.fromEntries([...request.attributes.keys()].sort().map((id) => [id, choiceOf(id)])) };
}

/** The preferences with what was typed for a persona and is not there yet, or null: it is kept with it. */
export function keptWith(
  { persona }: Evaluation, preferences: Preferences, typed: ReadonlyMap<string, Typed>,
): Preferences | null {
  const mine = preferences.personas.get(persona);
  if (mine === undefined) return null;
  const more = [...typed].filter(([id, { value, keep }]) => keep && jcs(mine.values.get(id) ?? null) !== jcs(value));
  if (more.length === 0) return null;
  return having(preferences, persona, new Map(more.map(([id, { value }]) => [id, value])));
}

/** A choice of this grant alone: it never changes by itself. */
function alone(found: Present | null): Choice {
  if (found === null) return { choice: "share", absent: "not_held" };
  if ("absent" in found) return { choice: "share", ...found };
  return { choice: "share", value: found.value, ...(found.source === "derived" ? { source: "derived" } : {}) };
}
