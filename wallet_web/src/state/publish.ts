/** Changed values: kept in the vault and published to every live grant that holds them, in one commit. */
import type { Commit, Publication } from "../client/api.ts";
import { maySeveral } from "../core/catalogue.ts";
import { itemsOf } from "../core/items.ts";
import type { ItemDocument } from "../core/items.ts";
import { makeDisclosure } from "../core/disclosure.ts";
import { newId } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import type { GrantItem, Origin } from "../core/items.ts";
import { readRecord } from "../core/record.ts";
import type { Service } from "../core/registry.ts";
import { Failure } from "../client/failure.ts";
import { seconds, today } from "./app.ts";
import type { App } from "./app.ts";
import { attributeItem, describe, heldItem, inCatalogue } from "./items.ts";
import type { Items } from "./items.ts";
import { staysHere } from "./preferences.ts";
import { claimsOf, pinned, seeing, touched, withAnswers } from "./present.ts";
import { acceptIndex, currentService } from "./registry.ts";
import type { Words } from "./state.ts";
import { commit } from "./vault.ts";
import type { Vault } from "./vault.ts";

/**
 * A new value of a detail. `item` is the one that it replaces; null: a further one; absent: the one that is there.
 * `kept`: where it was kept from, and the date of it.
 */
export interface NewValue {
  readonly attribute: string; readonly value: Json; readonly item?: string | null;
  readonly kept?: { readonly as_of: string; readonly from: Origin };
}

type Values = readonly NewValue[];

export interface Told { readonly told: readonly Words[]; readonly notTold: readonly Words[] }

/**
 * Keeps new values and publishes them. The grants in `leftOut` keep what they have, as a value of their
 * own. A service that the registry no longer lists is not told.
 */
export async function publishValues(
  app: App, values: Values, leftOut: ReadonlySet<string>, within: Within = publishedBy(app),
): Promise<Told> {
  let outcome: Told = { told: [], notTold: [] };
  const services = await servicesOf(app, values, leftOut);
  await commit(app, async (vault) => {
    const { put, disclosures, told, notTold } = await planValues(app, vault, { values, leftOut, services });
    outcome = { told, notTold };
    return { change: { put: [...put, ...within.put(vault)] }, send: (sealed) => within.send(sealed, disclosures) };
  });
  return outcome;
}

/** What else the commit holds, and how it is sent. */
export interface Within {
  readonly put: (vault: Vault) => readonly Put[];
  readonly send: (sealed: Commit, disclosures: readonly Publication[]) => Promise<unknown>;
}

export interface Put { readonly id: string; readonly document: ItemDocument }

function publishedBy({ device: { api } }: App): Within {
  return { put: () => [], send: (sealed, disclosures) =>
    (disclosures.length === 0 ? api.commit(sealed) : api.publish({ commit: sealed, disclosures })) };
}

interface Changing {
  readonly values: Values; readonly leftOut: ReadonlySet<string>;
  readonly services: ReadonlyMap<string, Service>;
}

function affected(vault: Vault, values: Values): Map<string, GrantItem> {
  return new Map(values.flatMap((value) => seeing(vault.opened, value))
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

interface Planned extends Told { readonly put: readonly Put[]; readonly disclosures: readonly Publication[] }

async function planValues(app: App, vault: Vault, { values, leftOut, services }: Changing): Promise<Planned> {
  const { items } = vault.opened;
  const next = new Map(items);
  const put = new Map<string, ItemDocument>();
  for (const { attribute: id, value, item, kept } of values) {
    const attribute = inCatalogue(id);
    if (attribute === null) continue;
    const found = item === null && maySeveral(attribute) ? null : heldItem(items, id, item ?? undefined);
    const document = { ...attributeItem(attribute, value, found?.[1] ?? null, today(app)), ...kept };
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
      put.set(grantId, pinned(item, values.flatMap((value) => touched(item, value, items)), items, seconds(app)));
    } else if (service === undefined) {
      notTold.push(describe(item.statement).service);
    } else {
      const { grant, publication } = await nextRevision(app, item, next, service);
      put.set(grantId, grant);
      disclosures.push(publication);
      told.push(service.name);
    }
  }
  return { told, notTold, disclosures, put: [...put].map(([id, document]) => ({ id, document })) };
}

/** A grant with its next revision, and that revision as its service reads it. */
export async function nextRevision(
  app: App, item: GrantItem, items: Items, service: Service,
): Promise<{ grant: GrantItem; publication: Publication }> {
  const relationship = itemsOf(items, "relationship").get(item.relationship);
  if (relationship === undefined) throw new Invalid("manifest/item-missing");
  const now = seconds(app);
  const revision = item.revision + 1;
  const disclosure = await makeDisclosure({
    relationship, record: await readRecord(item.record), service, revision, claims: claimsOf(item, items, now),
    decisions: item.decisions, salt: item.salt, now });
  return { grant: withAnswers({ ...item, revision }, items, now),
    publication: { grant_id: item.grant_id, revision, disclosure } };
}
