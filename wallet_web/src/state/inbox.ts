/** What services offer: each deposit verified by itself, each value the resident's to keep (protocols/specs/deposit.md). */
import type { DepositRow } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { maySeveral } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import { DAY } from "../core/dates.ts";
import { openDeposit } from "../core/deposit.ts";
import type { Deposit } from "../core/deposit.ts";
import { jcs, newId } from "../core/encoding.ts";
import type { Json, JsonObject } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import type { DepositsItem, RelationshipItem } from "../core/items.ts";
import { publicPart, thumbprint } from "../core/keys.ts";
import { ID } from "../core/members.ts";
import { ownPage } from "../core/preferences.ts";
import type { Service } from "../core/registry.ts";
import { act, arm, seconds, show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { fieldId } from "./fields.ts";
import { heldItem, heldItems, inCatalogue } from "./items.ts";
import type { Items } from "./items.ts";
import { having, isProtected, preferencesIn, staysHere } from "./preferences.ts";
import { prove } from "./prove.ts";
import { publishPreferences, publishValues, servicesNow } from "./publish.ts";
import type { NewValue, Put, Told, Within } from "./publish.ts";
import { receiversOf } from "./receivers.ts";
import type { DepositLine, Draft, OfferedValue, Offering, Receiver, Words } from "./state.ts";
import { isLost, refetch, theVault } from "./vault.ts";

const MOST = 20;
const LONGEST = 32768;
const REMEMBERED = 500;
/** No deposit is in its time for longer. */
const REMEMBERED_SECONDS = 91 * DAY;

/** The name of the tick for one value of a deposit. */
export function tickId(deposit: string, attribute: Attribute): string {
  return `keep-${deposit}-${fieldId(attribute.id)}`;
}

/** `was` is the page before: of a deposit that is no longer what it was, nothing stays ticked. */
interface Anew { readonly revealed?: boolean; readonly draft?: Draft; readonly was?: readonly DepositLine[] }

export async function showInbox(app: App, { revealed = false, draft = {}, was = [] }: Anew = {}): Promise<void> {
  const deposits = (await read(app)).map((one) => lineOf(app, one));
  const same = deposits.filter((line) => was.some((one) => one.id === line.id && said(one) === said(line)));
  const names = new Set(same.flatMap(({ id, offer }) => offer?.values.map(({ attribute }) => tickId(id, attribute)) ?? []));
  const ticked = Object.fromEntries(Object.entries(draft).filter(([name]) => names.has(name)));
  show(app, { screen: "inbox", notice: takeNotice(app), draft: ticked, missing: null, revealed, sending: false, trouble: null,
    armed: false, deposits });
  arm(app);
}

/** What a page says of a deposit; of what is `kept`, also in place of what, and who would see it. */
function said({ id, from, service, received, offer }: DepositLine, kept: ReadonlySet<string> = new Set()): string {
  const values = offer?.values.map((one): JsonObject => ({ attribute: one.attribute.id, value: one.value, as_of: one.asOf,
    ...kept.has(one.attribute.id) ? { now: one.now, to: seers(one) } : {} }));
  const { jti, why, persona } = offer ?? { jti: null, why: null, persona: null };
  const to = persona === null ? null : { ...persona };
  return jcs({ id, from, en: service.en, cy: service.cy, received, jti, why, persona: to, values: values ?? null });
}

function seers({ receivers }: OfferedValue): string[] {
  return receivers.map(({ grant, sees }) => [grant, ...sees].join(" ")).sort();
}

/** One entry of the inbox. `deposit` is null where it is not what it claims to be; `persona` is whose subject it came to. */
interface Entry extends Opened { readonly row: DepositRow; readonly name: Words }

interface Opened { readonly deposit: Deposit | null; readonly persona: string }

const UNREAD: Opened = { deposit: null, persona: "" };

/** The inbox that the server gives: nothing of it is believed before it was read. */
async function read(app: App): Promise<Entry[]> {
  const { id } = theVault(app);
  const rows = rowsIn((await app.device.api.deposits()).deposits);
  const services = await servicesNow(app, rows.map(({ service }) => service));
  const entries: Entry[] = [];
  for (const row of rows) {
    const service = services.get(row.service);
    const name = service?.name ?? { en: row.service, cy: row.service };
    entries.push({ row, name, ...service === undefined ? UNREAD : await opened(app, row, service) });
  }
  // Closed meanwhile: what was read is shown to nobody, least of all to who has opened another one here since.
  if (theVault(app).id !== id) throw new Failure("unexpected");
  return entries;
}

const LATEST = 100_000_000_000;

/** What can be shown of a list that the server gave: the others are none of ours. */
export function rowsIn(given: unknown): readonly DepositRow[] {
  const list: readonly unknown[] = Array.isArray(given) ? given.slice(0, MOST) : [];
  return list.filter((row): row is DepositRow => {
    if (typeof row !== "object" || row === null) return false;
    const { id, service, received } = row as Record<string, unknown>;
    return typeof id === "string" && ID.test(id) && typeof service === "string" && service.length <= 255
      && typeof received === "number" && received >= 0 && received < LATEST;
  });
}

async function opened(app: App, { sub, deposit }: DepositRow, service: Service): Promise<Opened> {
  const { items } = theVault(app).opened;
  try {
    const relationship = await relationshipOf(items, service.sector, sub);
    if (relationship === null || typeof deposit !== "string" || deposit.length > LONGEST) return UNREAD;
    const found = await openDeposit(deposit, service, { key: relationship.deposit, sub, now: seconds(app) });
    if (remembered(items)[1].answered.some(({ jti }) => jti === found.id)) return UNREAD;
    return { deposit: found, persona: relationship.persona };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return UNREAD;
  }
}

async function relationshipOf(items: Items, sector: string, sub: string): Promise<RelationshipItem | null> {
  for (const item of itemsOf(items, "relationship").values()) {
    if (item.sector === sector && await thumbprint(publicPart(item.sign)) === sub) return item;
  }
  return null;
}

/** What was answered before, and the id of the item that says so. */
function remembered(items: Items): [id: string | null, item: DepositsItem] {
  return [...itemsOf(items, "deposits")][0] ?? [null, { kind: "deposits", answered: [] }];
}

/** With whom it is kept: the resident, also where that persona is no more or was nobody's. */
function lineOf(app: App, { row: { id, service: from, received }, name, deposit, persona: to }: Entry): DepositLine {
  const line = { id, from, service: name, received };
  if (deposit === null) return { ...line, offer: null };
  const who = preferencesIn(theVault(app).opened.items).personas.get(to);
  const persona = who === undefined ? null : { id: to, name: who.name };
  const values = [...deposit.values].flatMap(([attribute, { value, as_of: asOf }]): OfferedValue[] => {
    const found = inCatalogue(attribute);
    return found === null ? [] : [offered(app, persona?.id ?? "", found, value, asOf)];
  });
  return { ...line, offer: { jti: deposit.id, why: deposit.why, persona, values } };
}

function offered(app: App, persona: string, attribute: Attribute, value: Json, asOf: string): OfferedValue {
  const { opened: { items } } = theVault(app);
  const item = persona === "" ? placeOf(items, attribute, value) : null;
  const own = item === null ? null : itemsOf(items, "attribute").get(item)?.value ?? null;
  const now = preferencesIn(items).personas.get(persona)?.values.get(attribute.id) ?? own;
  const changing = persona === "" ? { attribute: attribute.id, item } : { attribute: attribute.id, persona };
  const receivers = staysHere(attribute.id, value, items) ? [] : receiversOf(app, changing);
  const guarded = isProtected(attribute.id) && preferencesIn(items).addressProtection;
  const hidden = ownPage(attribute) || guarded;
  return { attribute, value, asOf, receivers, hidden, now };
}

/** The item that a kept value replaces, or null. Of what the vault may hold several of, it is a further one. */
function placeOf(items: Items, attribute: Attribute, value: Json): string | null {
  if (!maySeveral(attribute)) return heldItem(items, attribute.id)?.[0] ?? null;
  return heldItems(items, attribute.id).find(([, item]) => jcs(item.value) === jcs(value))?.[0] ?? null;
}

/** Keeps what is ticked, and throws the rest away. */
export function keepOffered(app: App, deposit: string, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "inbox" || !state.armed || app.busy) return Promise.resolve();
  const line = state.deposits.find(({ id }) => id === deposit);
  const ticked = line?.offer?.values.filter(({ attribute }) => draft[tickId(deposit, attribute)] === "on") ?? [];
  if (line === undefined || ticked.length === 0) {
    show(app, { ...state, draft: { ...state.draft, ...draft }, missing: deposit });
    return Promise.resolve();
  }
  // Nobody keeps, and passes on to who sees it, what they have not seen.
  if (!state.revealed && ticked.some(({ hidden }) => hidden)) return revealInbox(app, draft);
  return answer(app, line, new Set(ticked.map(({ attribute }) => attribute.id)), draft);
}

export function throwAway(app: App, deposit: string, draft: Draft = {}): Promise<void> {
  const { state } = app;
  const line = state.screen === "inbox" && state.armed ? state.deposits.find(({ id }) => id === deposit) : undefined;
  return line === undefined ? Promise.resolve() : answer(app, line, new Set(), draft);
}

/** `draft` is what is ticked on the whole page. */
function answer(app: App, line: DepositLine, kept: ReadonlySet<string>, draft: Draft): Promise<void> {
  return act(app, async () => {
    const { told, notTold } = await answered(app, line, kept).catch(async (error: unknown) => {
      await showAnew(app, draft);
      throw error;
    });
    app.notice = kept.size === 0 ? { kind: "thrown" } : { kind: "saved", told, notTold };
    await showInbox(app, app.state.screen === "inbox" ? { draft, was: app.state.deposits } : {});
  });
}

/** What is offered, and who would be told, is named anew before anything is tried again. */
async function showAnew(app: App, draft: Draft): Promise<void> {
  const { state, vault } = app;
  if (vault === null || state.screen !== "inbox") return;
  // Where nothing can be had now, the page that is there still says what is answered, and nothing else is.
  await showInbox(app, { revealed: state.revealed, draft, was: state.deposits }).catch(() => undefined);
}

/** Answers it, or finds that it was answered so: by a try whose own answer was lost. Errors: `Failure` `conflict`. */
async function answered(app: App, line: DepositLine, kept: ReadonlySet<string>): Promise<Told> {
  const { id } = theVault(app);
  const entry = await entryOf(app, line);
  if (entry === null) return outcome(app, line, kept);
  try {
    return await send(app, line, entry, kept);
  } catch (error) {
    const isUnsure = isLost(error) || (error instanceof Failure && (error.status === 404 || error.trouble === "conflict"));
    if (!isUnsure || app.vault?.id !== id) throw error;
    // It is gone where it did arrive, or where another device was first: the vault says how it was answered.
    if (await entryOf(app, line).catch(() => entry) !== null) throw error;
    return outcome(app, line, kept);
  }
}

async function entryOf(app: App, { id }: DepositLine): Promise<Entry | null> {
  return (await read(app)).find(({ row }) => row.id === id) ?? null;
}

/** What became of a deposit that is no longer there. Errors: `Failure` `conflict` where it was not answered so. */
async function outcome(app: App, { from, offer }: DepositLine, kept: ReadonlySet<string>): Promise<Told> {
  // What could not be read was to be thrown away, and is.
  if (offer === null) return { told: [], notTold: [] };
  const before = theVault(app);
  await app.device.tabs.inTurn(async () => { await refetch(app, theVault(app), {}); });
  const { items } = theVault(app).opened;
  const isIt = (one: DepositsItem["answered"][number]): boolean => one.jti === offer.jti && one.service === from;
  const found = remembered(items)[1].answered.find(isIt);
  if (found === undefined || jcs([...found.kept ?? []]) !== jcs([...kept].sort())) throw new Failure("conflict");
  // Of what was known before, nothing says any more who was told by it.
  if (remembered(before.opened.items)[1].answered.some(isIt)) return { told: [], notTold: [] };
  const isTold = ({ grant }: Receiver): boolean =>
    (itemsOf(items, "grant").get(grant)?.revision ?? 0) > (itemsOf(before.opened.items, "grant").get(grant)?.revision ?? 0);
  const named = receiversIn(offer, kept);
  return { told: namesOf(named.filter(isTold)), notTold: namesOf(named.filter((one) => !isTold(one))) };
}

/** Whom the page named for what is kept. */
function receiversIn({ values }: Offering, kept: ReadonlySet<string>): readonly Receiver[] {
  return values.filter(({ attribute }) => kept.has(attribute.id)).flatMap(({ receivers }) => receivers);
}

/** Each service once. */
export function namesOf(receivers: readonly Receiver[]): Words[] {
  return [...new Map(receivers.map(({ service }) => [service.en, service])).values()];
}

/** One commit: the values that are kept, that the deposit was answered, and the server forgets it. */
function send(app: App, line: DepositLine, entry: Entry, kept: ReadonlySet<string>): Promise<Told> {
  const { items } = theVault(app).opened;
  const { from, offer } = line;
  const whole = within(app, line, entry, kept);
  if (offer === null) return publishValues(app, [], {}, whole);
  const taken = offer.values.filter(({ attribute }) => kept.has(attribute.id));
  const audience = { shown: new Set(receiversIn(offer, kept).map(({ grant }) => grant)) };
  const { persona } = offer;
  if (persona === null || taken.length === 0) {
    return publishValues(app, taken.map(({ attribute, value, asOf }): NewValue => ({
      attribute: attribute.id, value, item: placeOf(items, attribute, value),
      kept: { as_of: asOf, from: { service: from, why: offer.why } } })), audience, whole);
  }
  const more = new Map(taken.map(({ attribute, value }) => [attribute.id, value]));
  return publishPreferences(app, (now) => having(now, persona.id, more), audience, whole);
}

function within(app: App, line: DepositLine, entry: Entry, kept: ReadonlySet<string>): Within {
  const now = seconds(app);
  const { id, from, service: { en, cy } } = line;
  const { deposit } = entry;
  return {
    put: ({ opened: { items } }): Put[] => {
      // What is answered is what the page says: neither the server nor another device has changed it since.
      if (said(lineOf(app, entry), kept) !== said(line, kept)) throw new Failure("conflict");
      if (deposit === null) return [];
      const [item, { answered: before }] = remembered(items);
      if (before.some(({ jti }) => jti === deposit.id)) throw new Failure("conflict");
      const mine = { jti: deposit.id, at: now, service: from, name: { en, cy }, kept: [...kept].sort() };
      const known = [mine, ...before.filter(({ at }) => at > now - REMEMBERED_SECONDS)];
      return [{ id: item ?? newId(app.device.random), document: { kind: "deposits", answered: known.slice(0, REMEMBERED) } }];
    },
    send: (commit, disclosures) => app.device.api.answerDeposit(id, { commit, disclosures }),
  };
}

/** What is sensitive is seen after the resident has shown again who they are. */
export function revealInbox(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "inbox" || app.busy) return Promise.resolve();
  const ticked = { ...state.draft, ...draft };
  return act(app, async () => {
    const later = (): Promise<void> => showInbox(app, { revealed: true, draft: ticked, was: state.deposits });
    if (await prove(app, later)) await later();
  });
}
