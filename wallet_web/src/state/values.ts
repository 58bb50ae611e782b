/** The values of an answer: what was typed, what the vault keeps of it, and what is used with one grant alone. */
import { maySeveral } from "../core/catalogue.ts";
import { jcs, newId } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import type { AttributeItem, Choice } from "../core/items.ts";
import type { Evaluation } from "../core/preferences.ts";
import { seconds, today } from "./app.ts";
import type { App } from "./app.ts";
import type { Asking } from "./asking.ts";
import type { Decision } from "./choices.ts";
import { attributeItem, heldItem, inCatalogue } from "./items.ts";
import type { Items } from "./items.ts";
import { preferencesIn } from "./preferences.ts";
import { NO_HOME, areaAsked, factsFor, workedOut } from "./present.ts";
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
  readonly kept: readonly { readonly id: string; readonly document: AttributeItem }[];
  /** What the answer is made of: the vault with these, and with what is said for this once. */
  readonly seen: Items;
}

/** What is shared of what: the vault's own, or a value that is used with this grant alone. */
export function values(app: App, { request }: Asking, decisions: ReadonlyMap<string, Decision>, proposal: Evaluation): Values {
  const { items } = theVault(app).opened;
  const { personas } = preferencesIn(items);
  const typed = typedIn(decisions);
  const day = today(app);
  // A persona's values are never taken for one's own.
  const isKept = (one: Pick<Typed, "keep">): boolean => one.keep && proposal.persona === "";
  const kept: { id: string; document: AttributeItem }[] = [];
  const itemOf = new Map<string, string>();
  const seen = new Map(items);
  for (const [id, one] of typed) {
    const attribute = inCatalogue(id);
    if (attribute === null || (!isKept(one) && id !== NO_HOME)) continue;
    const [item, former] = heldItem(items, id) ?? [newId(app.device.random), null] as const;
    itemOf.set(id, item);
    // Everyone else was told of it just now: then it is there already.
    if (former !== null && jcs(former.value) === jcs(one.value)) continue;
    const document = attributeItem(attribute, one.value, former, day);
    seen.set(item, document);
    if (isKept(one)) kept.push({ id: item, document });
  }
  const facts = Object.fromEntries([...typed].map(([id, { value }]) => [id, { value, as_of: day }]));
  const choiceOf = (id: string): Choice => {
    const one = decisions.get(id);
    const attribute = inCatalogue(id);
    if (one?.share !== true || attribute === null) return { choice: "withhold" };
    const other = personas.get(proposal.attributes.get(id)?.persona ?? "")?.values.get(id);
    if (one.typed === null && other !== undefined) return { choice: "share", value: other };
    if (one.typed === null || isKept(one)) {
      const item = itemOf.get(id) ?? heldItem(seen, id, one.item)?.[0];
      return { choice: "share", ...(item !== undefined && maySeveral(attribute) ? { item } : {}) };
    }
    if (one.of === undefined) return { choice: "share", value: one.typed };
    // Worked out of what is said for this once: it never changes by itself.
    const worked = workedOut(id, { ...factsFor(id, items), ...facts }, areaAsked(request), seconds(app));
    return worked === null || "absent" in worked ? { choice: "share" } : { choice: "share", ...worked };
  };
  return { kept, seen, choices: Object.fromEntries([...request.attributes.keys()].sort().map((id) => [id, choiceOf(id)])) };
}
