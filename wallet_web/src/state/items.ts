/** Reading the opened items of a vault: the details, the relationships, the grants, the refusals. */
import type { Attribute } from "../core/catalogue.ts";
import { ATTRIBUTES } from "../core/catalogue.ts";
import { isObject, parseObject, unb64u } from "../core/encoding.ts";
import type { Json, JsonObject } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import type { AttributeItem, GrantItem, ItemDocument, RelationshipItem } from "../core/items.ts";
import type { Opened } from "../core/manifest.ts";
import type { Held, LawfulBasis, Words } from "./state.ts";

export type Items = ReadonlyMap<string, ItemDocument>;

/** The items of a detail, where the vault holds it: more than one only where the catalogue allows it, the newest first. */
export function heldItems(items: Items, attribute: string): [id: string, item: AttributeItem][] {
  return [...itemsOf(items, "attribute")].filter(([, item]) => item.attribute === attribute)
    .sort(([one, { as_of: first }], [other, { as_of: second }]) => (`${second} ${other}` > `${first} ${one}` ? 1 : -1));
}

/** The item of a detail: the one that was chosen, else the newest. */
export function heldItem(items: Items, attribute: string, chosen?: string): [id: string, item: AttributeItem] | null {
  const all = heldItems(items, attribute);
  return (chosen === undefined ? all[0] : all.find(([id]) => id === chosen)) ?? null;
}

export function heldOf(items: Items, { value, as_of, source, history, from }: AttributeItem): Held {
  const held = { value, asOf: as_of, source, history };
  return from === undefined ? held : { ...held, from: { service: serviceName(items, from.service), why: from.why } };
}

/** What a service that the resident has met is called, by the last statement that the vault has of it; else its address. */
export function serviceName(items: Items, clientId: string): Words {
  const met = [...itemsOf(items, "grant").values()].filter(({ service }) => service === clientId)
    .reduce<GrantItem | null>((last, item) => (last === null || item.created >= last.created ? item : last), null);
  return met === null ? { en: clientId, cy: clientId } : describe(met.statement).service;
}

export function held(items: Items, attribute: string): Held | null {
  const found = heldItem(items, attribute);
  return found === null ? null : heldOf(items, found[1]);
}

/** A persona's values as if a vault held nothing else. */
export function itemsOfPersona(values: ReadonlyMap<string, Json>, day: string): Items {
  return new Map([...values].map(([attribute, value]): [string, AttributeItem] =>
    [attribute, { kind: "attribute", attribute, value, source: "self_asserted", as_of: day, history: [] }]));
}

/** The relationship of a persona with a sector; `""`: of oneself. */
export function relationship(items: Items, sector: string, persona: string): [id: string, item: RelationshipItem] | null {
  return [...itemsOf(items, "relationship")].find(([, item]) => item.sector === sector && item.persona === persona) ?? null;
}

/** The grants of the manifest that have not ended. */
export function liveGrants(opened: Opened): [id: string, item: GrantItem][] {
  return [...itemsOf(opened.items, "grant")].filter(([id, item]) => id in opened.manifest.grants && item.ended === null);
}

/** The new item of a detail: a former value goes to the history only where the catalogue keeps one. */
export function attributeItem(attribute: Attribute, value: Json, former: AttributeItem | null, day: string): AttributeItem {
  const history = former === null || attribute.keep_history !== true ? []
    : [{ value: former.value, as_of: former.as_of, source: former.source }, ...former.history];
  return { kind: "attribute", attribute: attribute.id, value, source: "self_asserted", as_of: day, history };
}

export function inCatalogue(id: string): Attribute | null {
  return ATTRIBUTES.get(id) ?? null;
}

/** The purpose of a grant, of the record that this vault signed. */
export function purposeOf(item: GrantItem): string {
  const purpose = payload(item.record)["purpose"];
  return typeof purpose === "string" ? purpose : "";
}

/** Where a grant was asked in person, as its service signed it. */
export function placeOf(item: GrantItem): Words | null {
  if (item.request === "") return null;
  const details = payload(item.request)["authorization_details"] as unknown as undefined | readonly { desk?: { place: Words } }[];
  return details?.[0]?.desk?.place ?? null;
}

/** The claims of a document that was verified before it was sealed. */
export function payload(compact: string): JsonObject {
  return parseObject(unb64u(compact.split(".")[1] ?? ""));
}

/** What a sealed statement says of its service. It was verified when the grant was made; only its words are read here. */
export interface Described {
  readonly service: Words;
  readonly purposes: ReadonlyMap<string, { readonly text: Words; readonly basis: LawfulBasis; readonly retentionDays: number }>;
}

export function describe(statement: string): Described {
  const data = (payload(statement)["metadata"] as JsonObject)["resident_data_service"] as JsonObject;
  const purposes = data["purposes"] as unknown as { id: string; text: Words; lawful_basis: LawfulBasis; retention_days: number }[];
  return {
    service: data["name"] as unknown as Words,
    purposes: new Map(purposes.map((one) =>
      [one.id, { text: one.text, basis: one.lawful_basis, retentionDays: one.retention_days }])),
  };
}

/** The kinds of the ways into a vault, one for each way. */
export function kindsOf({ manifest }: Opened): readonly string[] {
  return Object.values(manifest.methods).map(({ kind }) => kind);
}

/** The vault's name, where it has a passphrase. */
export function nameOf({ items, manifest }: Opened): string | null {
  return [...itemsOf(items, "name")].find(([, item]) => item.method in manifest.methods)?.[1].name ?? null;
}

/** Nothing is shared until the resident resumes. */
export function isPaused({ items }: Opened): boolean {
  return [...itemsOf(items, "preferences").values()].some((item) => item["paused"] === true);
}

/** Whether a grant's service was to recognise nobody: its subject is that of a persona which was made for it alone. */
export function isOneOff({ items }: Opened, { persona }: GrantItem): boolean {
  const personas = [...itemsOf(items, "preferences").values()].map((item) => item["personas"]);
  return persona !== "" && !personas.some((known) => isObject(known) && persona in known);
}

/** Quiet mode: the wallet shows less and locks sooner. */
export function isQuiet({ items }: Opened): boolean {
  return [...itemsOf(items, "preferences").values()].some((item) => item["quiet"] === true);
}
