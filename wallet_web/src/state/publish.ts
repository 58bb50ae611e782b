/** Changed values: kept in the vault and published to every live grant that holds them, in one commit. */
import type { Publication } from "../client/api.ts";
import { maySeveral } from "../core/catalogue.ts";
import { itemsOf } from "../core/items.ts";
import type { ItemDocument } from "../core/items.ts";
import { makeDisclosure } from "../core/disclosure.ts";
import type { Claim } from "../core/disclosure.ts";
import { dateOf, dayOf } from "../core/dates.ts";
import { newId } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { told } from "../core/guarded.ts";
import type { GrantItem, PastValue } from "../core/items.ts";
import { readRecord } from "../core/record.ts";
import type { Service } from "../core/registry.ts";
import { Failure } from "../client/failure.ts";
import { seconds, today } from "./app.ts";
import type { App } from "./app.ts";
import { attributeItem, describe, heldItem, inCatalogue, seeing } from "./items.ts";
import type { Items } from "./items.ts";
import { pinned, staysHere } from "./preferences.ts";
import { acceptIndex, currentService } from "./registry.ts";
import type { Words } from "./state.ts";
import { commit } from "./vault.ts";
import type { Plan, Vault } from "./vault.ts";

/** A new value of a detail. `item` is the one that it replaces; null: a further one; absent: the one that is there. */
export interface NewValue { readonly attribute: string; readonly value: Json; readonly item?: string | null }

type Values = readonly NewValue[];

export interface Told { readonly told: readonly Words[]; readonly notTold: readonly Words[] }

/**
 * Keeps new values and publishes them. The grants in `leftOut` keep what they have, as a value of their
 * own. A service that the registry no longer lists is not told.
 */
export async function publishValues(app: App, values: Values, leftOut: ReadonlySet<string>): Promise<Told> {
  let outcome: Told = { told: [], notTold: [] };
  const services = await servicesOf(app, values, leftOut);
  await commit(app, async (vault) => {
    const { plan, told, notTold } = await planValues(app, vault, { values, leftOut, services });
    outcome = { told, notTold };
    return plan;
  });
  return outcome;
}

interface Changing {
  readonly values: Values; readonly leftOut: ReadonlySet<string>;
  readonly services: ReadonlyMap<string, Service>;
}

function affected(vault: Vault, values: Values): Map<string, GrantItem> {
  return new Map(values.flatMap(({ attribute, item }) => seeing(vault.opened, attribute, item))
    .filter(([id]) => !vault.over.has(id)));
}

/** The services to tell, with their present keys. */
function servicesOf(app: App, values: Values, leftOut: ReadonlySet<string>): Promise<Map<string, Service>> {
  const { vault } = app;
  return servicesNow(app, vault === null ? []
    : [...affected(vault, values)].filter(([id]) => !leftOut.has(id)).map(([, item]) => item.service));
}

/** These services with their present keys, as far as the registry lists them. */
export async function servicesNow(app: App, wanted: readonly string[]): Promise<Map<string, Service>> {
  const services = new Map<string, Service>();
  if (wanted.length === 0) return services;
  const index = await acceptIndex(app, await app.device.api.index());
  for (const clientId of new Set(wanted)) {
    try {
      services.set(clientId, (await currentService(app, index, clientId)).service);
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Failure && error.status === 404)
        && !(error instanceof Failure && error.trouble === "unlisted")) throw error;
    }
  }
  return services;
}

async function planValues(app: App, vault: Vault, { values, leftOut, services }: Changing): Promise<{ plan: Plan } & Told> {
  const { items } = vault.opened;
  const next = new Map(items);
  const put = new Map<string, ItemDocument>();
  for (const { attribute: id, value, item } of values) {
    const attribute = inCatalogue(id);
    if (attribute === null) continue;
    const found = item === null && maySeveral(attribute) ? null : heldItem(items, id, item ?? undefined);
    const document = attributeItem(attribute, value, found?.[1] ?? null, today(app));
    const itemId = found?.[0] ?? newId(app.device.random);
    put.set(itemId, document);
    next.set(itemId, document);
  }
  const disclosures: Publication[] = [];
  const told: Words[] = [];
  const notTold: Words[] = [];
  // Under address protection a protected value is told to nobody: who was kept goes on seeing the former one.
  const quiet = values.some(({ attribute, value }) => staysHere(attribute, value, next));
  for (const [grantId, item] of affected(vault, values)) {
    const service = services.get(item.service);
    if (quiet || leftOut.has(grantId)) {
      put.set(grantId, pinned(item, values.map(({ attribute }) => attribute), items));
    } else if (service === undefined) {
      notTold.push(describe(item.statement).service);
    } else {
      const revision = item.revision + 1;
      put.set(grantId, { ...item, revision });
      disclosures.push({
        grant_id: grantId, revision, disclosure: await disclosureOf(app, { item, items: next, service, revision }),
      });
      told.push(service.name);
    }
  }
  const change = { put: [...put].map(([id, document]) => ({ id, document })) };
  const { api } = app.device;
  return { told, notTold, plan: { change, send:
    (sealed) => (disclosures.length === 0 ? api.commit(sealed) : api.publish({ commit: sealed, disclosures })) } };
}

interface Next { readonly item: GrantItem; readonly items: Items; readonly service: Service; readonly revision: number }

export async function disclosureOf(app: App, { item, items, service, revision }: Next): Promise<string> {
  const relationship = itemsOf(items, "relationship").get(item.relationship);
  if (relationship === undefined) throw new Invalid("manifest/item-missing");
  return makeDisclosure({
    relationship, record: await readRecord(item.record), service, revision,
    claims: claimsOf(item, items),
    decisions: item.decisions, salt: item.salt, now: seconds(app) });
}

/** A held value as a claim says it. */
export function claimOf(attribute: string, held: PastValue | null): Claim {
  const value = held === null ? null : told(attribute, held.value);
  return held === null || value === null ? { absent: "not_held" } : { value, source: held.source, as_of: held.as_of };
}

function claimsOf(item: GrantItem, items: Items): Record<string, Claim> {
  return Object.fromEntries(Object.entries(item.decisions).map(([id, decision]): [string, Claim] => {
    if (decision === "withhold") return [id, { absent: "withheld" }];
    // Withheld so that it looks like not held: `decisions` says what it would say of that.
    if (item.choices[id]?.choice !== "share") return [id, { absent: "not_held" }];
    const own = item.choices[id].value;
    // A value of this grant alone carries no date of its own: it was there when the grant was made.
    const found = own !== undefined ? { value: own, source: "self_asserted" as const, as_of: dateOf(dayOf(item.created)) }
      : heldItem(items, id, item.choices[id].item)?.[1];
    return [id, claimOf(id, found ?? null)];
  }));
}
