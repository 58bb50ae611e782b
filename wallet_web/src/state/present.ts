/** What a grant tells of the vault as it is now: held values, answers that are worked out from them, and whom a change reaches. */
import { baseOf, following, workedOut } from "../core/derived.ts";
import type { Facts } from "../core/derived.ts";
import { dateOf, dayOf } from "../core/dates.ts";
import { isArray, isObject, jcs } from "../core/encoding.ts";
import type { Json, JsonObject } from "../core/encoding.ts";
import { told } from "../core/guarded.ts";
import type { Choice, Claim, GrantItem, PastValue, Present } from "../core/items.ts";
import type { Opened } from "../core/manifest.ts";
import type { Request } from "../core/request.ts";
import { heldItem, itemsOfPersona, liveGrants, payload } from "./items.ts";
import type { Items } from "./items.ts";
import { preferencesIn } from "./preferences.ts";

export const HOME = "address.current";
export const NO_HOME = "address.no_fixed_address";
const AREA_ANSWER = "address.lives_in_area";

/** What an area answer depends on: the zone that is asked about, and the purpose's zones (id to postcodes). */
export interface Area { readonly zone: string | null; readonly zones: Readonly<Record<string, readonly string[]>> }

const NOWHERE: Area = { zone: null, zones: {} };

/** Of a verified request. */
export function areaAsked({ purpose, attributes }: Pick<Request, "purpose" | "attributes">): Area {
  return {
    zone: attributes.get(AREA_ANSWER)?.zone ?? null,
    zones: Object.fromEntries([...purpose?.zones ?? []].map(([id, { postcodes }]) => [id, postcodes])) };
}

/** Of a grant, whose request and statement were verified when it was sealed. */
function areaOf({ request, statement }: GrantItem): Area {
  const details = request === "" ? undefined : payload(request)["authorization_details"];
  if (!isArray(details) || !isObject(details[0])) return NOWHERE;
  const [{ purpose, attributes }] = details as unknown as [{ purpose: string; attributes: Record<string, { zone?: string }> }];
  const data = (payload(statement)["metadata"] as JsonObject)["resident_data_service"] as JsonObject;
  const purposes = data["purposes"] as unknown as { id: string; zones: Record<string, { postcodes: string[] }> }[];
  const zones = Object.entries(purposes.find(({ id }) => id === purpose)?.zones ?? {});
  return {
    zone: attributes[AREA_ANSWER]?.zone ?? null,
    zones: Object.fromEntries(zones.map(([id, { postcodes }]) => [id, postcodes])) };
}

/** What the vault holds that an attribute may be worked out from. */
export function factsFor(attribute: string, items: Items): Facts {
  const ids = [attribute, baseOf(attribute), HOME, NO_HOME].filter((id) => id !== null);
  return Object.fromEntries(ids.flatMap((id) => {
    const found = heldItem(items, id);
    return found === null ? [] : [[id, { value: found[1].value, as_of: found[1].as_of }]];
  }));
}

/** Whose answer an attribute of a grant is: a persona's id, or `""` for the vault's own. */
function whose({ persona, choices }: GrantItem, attribute: string): string {
  return choices[attribute]?.persona === true ? persona : "";
}

/** What an attribute of a grant is told from: the vault's own, or its persona's values and nothing else. */
export function answering(item: GrantItem, attribute: string, items: Items): Items {
  const persona = whose(item, attribute);
  if (persona === "") return items;
  const values = preferencesIn(items).personas.get(persona)?.values ?? new Map<string, Json>();
  return itemsOfPersona(values, item.choices[attribute]?.as_of ?? dateOf(dayOf(item.created)));
}

/** A held value as a claim says it. */
function claimOf(attribute: string, { value, source, as_of }: PastValue): Claim {
  const shown = told(attribute, value);
  return shown === null ? { absent: "not_held" } : { value: shown, source, as_of };
}

/** Whether a grant tells another value of an attribute in one state of the vault than in the other. */
export function isOther(item: GrantItem, attribute: string, before: Items, after: Items, now: number): boolean {
  const [one, other] = [claim(item, attribute, before, now), claim(item, attribute, after, now)]
    .map((found) => ("absent" in found ? found : { value: found.value }));
  return jcs(one ?? {}) !== jcs(other ?? {});
}

/** What a grant tells of one attribute, as it was decided and as the vault is now. */
export function claim(item: GrantItem, attribute: string, items: Items, now: number): Claim {
  const choice = item.choices[attribute];
  if (item.decisions[attribute] === "withhold") return { absent: "withheld" };
  // Withheld so that it looks like not held: `decisions` says what it would say of that.
  if (choice?.choice !== "share") return { absent: "not_held" };
  if (choice.absent !== undefined) return { absent: choice.absent };
  if (choice.value !== undefined) {
    // Of what was typed for this grant alone nothing else is known: it was there when the grant was made.
    const { value, source = "self_asserted", as_of = dateOf(dayOf(item.created)) } = choice;
    return claimOf(attribute, { value, source, as_of });
  }
  const found = present(item, attribute, items, now);
  return "absent" in found ? found : claimOf(attribute, found);
}

/** What there is of an attribute now, for this grant: worked out, else held, with what is concealed in it. */
function present(item: GrantItem, attribute: string, items: Items, now: number): Present {
  const from = answering(item, attribute, items);
  const found = workedOut(attribute, factsFor(attribute, from), { now, ...areaOf(item) });
  if (found !== null) return found;
  const mine = heldItem(from, attribute, item.choices[attribute]?.item);
  if (mine === null) return { absent: "not_held" };
  const [, { value, source, as_of }] = mine;
  return { value, source, as_of };
}

/** What a grant tells of former values: there is another one now, and the resident left its service out. */
export function former(item: GrantItem, items: Items, now: number): readonly string[] {
  return Object.entries(item.choices).flatMap(([id, { choice, value, as_of: asOf }]) => {
    if (choice !== "share" || value === undefined || asOf === undefined) return [];
    const found = present(item, id, items, now);
    return "absent" in found || jcs(told(id, found.value)) === jcs(told(id, value)) ? [] : [id];
  });
}

export function claimsOf(item: GrantItem, items: Items, now: number): Record<string, Claim> {
  return Object.fromEntries(Object.keys(item.decisions).map((id) => [id, claim(item, id, items, now)]));
}

/** Whether a choice is of this grant alone, whatever the vault has. */
function isFixed({ value, absent }: Choice): boolean {
  return value !== undefined || absent !== undefined;
}

/** Whether a standing grant tells what there is of an attribute, whenever it changes. */
function follows({ access, choices }: GrantItem, attribute: string): boolean {
  const choice = choices[attribute];
  return access !== "once" && choice?.choice === "share" && !isFixed(choice);
}

/** The grant with what it tells now of attributes that are worked out: kept to see when the date alone changes one. */
export function withAnswers(item: GrantItem, items: Items, now: number): GrantItem {
  const found = answers(item, items, now);
  return Object.keys(found).length === 0 ? item : { ...item, derived: found };
}

function answers(item: GrantItem, items: Items, now: number): Record<string, Claim> {
  const worked = Object.keys(item.choices).filter((id) => baseOf(id) !== null && follows(item, id)).sort();
  return Object.fromEntries(worked.map((id) => [id, claim(item, id, items, now)]));
}

/** Whether an answer has become another than the service was last told, by the date alone. */
export function isDue(item: GrantItem, items: Items, now: number): boolean {
  const before = item.derived ?? {};
  return Object.entries(answers(item, items, now)).some(([id, now]) => {
    const last = before[id];
    return last === undefined || jcs(last) !== jcs(now);
  });
}

/**
 * A detail that changes: the vault's own, or a persona's. `item` is the one of several, null a further one; absent: any.
 */
export interface Changing { readonly attribute: string; readonly persona?: string; readonly item?: string | null | undefined }

/** What a grant tells of a detail that changes: the detail, and what is worked out from it. */
export function touched(grant: GrantItem, { attribute, persona = "", item }: Changing, items: Items): readonly string[] {
  const mine = heldItem(items, attribute, grant.choices[attribute]?.item);
  // Who was told of one of several goes on with that one, whatever is added.
  const isOther = item === null ? grant.choices[attribute]?.item !== undefined
    : item !== undefined && mine !== null && mine[0] !== item;
  const isTold = (id: string): boolean => follows(grant, id) && whose(grant, id) === persona;
  return [...isTold(attribute) && !isOther ? [attribute] : [], ...following(attribute).filter(isTold)];
}

/** A grant whose persona changed these of its details on this day. */
export function changedOn(item: GrantItem, attributes: readonly string[], day: string): GrantItem {
  const changed = attributes.flatMap((id): [string, Choice][] => {
    const choice = item.choices[id];
    return choice?.persona === true ? [[id, { ...choice, as_of: day }]] : [];
  });
  return { ...item, choices: { ...item.choices, ...Object.fromEntries(changed) } };
}

/** The live grants whose services see a detail, or an answer that is worked out from it, as it changes. */
export function seeing({ items, ...opened }: Opened, changing: Changing): [id: string, item: GrantItem][] {
  return liveGrants({ items, ...opened }).filter(([, grant]) => touched(grant, changing, items).length > 0);
}

/** The live grants that tell something of a detail, be it what it was once. */
export function seenBy(opened: Opened, { attribute, persona = "" }: Changing): [id: string, item: GrantItem][] {
  return liveGrants(opened).filter(([, grant]) => [attribute, ...following(attribute)].some((id) => {
    const choice = grant.choices[id];
    return choice?.choice === "share" && choice.absent === undefined && whose(grant, id) === persona;
  }));
}

/** A grant that is over: what its persona answered stays as it was last told, to be compared with what others are told. */
export function settled(item: GrantItem, items: Items, now: number): GrantItem {
  const theirs = Object.keys(item.choices).filter((id) => whose(item, id) !== "");
  return theirs.length === 0 ? item : pinned(item, theirs, items, now);
}

/** A grant that goes on telling what it tells now of these attributes, and never a later value. */
export function pinned(item: GrantItem, attributes: readonly string[], items: Items, now: number): GrantItem {
  const choices = { ...item.choices };
  for (const id of attributes) {
    const choice = choices[id];
    if (choice?.choice !== "share" || isFixed(choice)) continue;
    const found = present(item, id, items, now);
    choices[id] = { ...choice, ...found };
  }
  return { ...item, choices };
}
