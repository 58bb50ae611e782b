/** Your details: what the vault holds, and changing one of them. */
import { ATTRIBUTES, maySeveral } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import { jcs } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import { Failure } from "../client/failure.ts";
import { act, show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { controlOf, draftOf, parse } from "./fields.ts";
import { heldItem, heldOf, inCatalogue } from "./items.ts";
import { isProtected, preferencesIn } from "./preferences.ts";
import { seeing } from "./present.ts";
import { prove } from "./prove.ts";
import { publishValues } from "./publish.ts";
import { audienceOf, isUnseen, receiversLate, receiversOf } from "./receivers.ts";
import { emptyForm } from "./shapes.ts";
import type { Draft } from "./state.ts";
import { commit, theVault } from "./vault.ts";

/** What nobody types: documents, and what is worked out from other details. */
function isTyped(attribute: Attribute): boolean {
  return controlOf(attribute) !== null;
}

export function showDetails(app: App): void {
  const { opened } = theVault(app);
  const guarded = preferencesIn(opened.items).addressProtection;
  const held = [...itemsOf(opened.items, "attribute")].flatMap(([id, item]) => {
    const attribute = inCatalogue(item.attribute);
    return attribute === null ? [] : [{ item: id, attribute, held: heldOf(opened.items, item) }];
  });
  const order = [...ATTRIBUTES.keys()];
  held.sort((one, other) => order.indexOf(one.attribute.id) - order.indexOf(other.attribute.id)
    || one.held.asOf.localeCompare(other.held.asOf));
  const offered = [...ATTRIBUTES.values()].filter((one) => isTyped(one)
    && (maySeveral(one) || !held.some(({ attribute }) => attribute.id === one.id)));
  show(app, { screen: "details", held, offered, guarded, notice: takeNotice(app) });
}

/** A sensitive detail has a page of its own, which hides its value until the resident has shown again who they are. */
export function showPrivate(app: App, id: string, item: string | null): void {
  const attribute = inCatalogue(id);
  if (attribute !== null) show(app, { screen: "hidden", attribute, item, sending: false, trouble: null });
}

export function reveal(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "hidden") return Promise.resolve();
  const later = (): Promise<void> => {
    showEdit(app, state.attribute.id, state.item);
    return Promise.resolve();
  };
  return act(app, async () => { if (await prove(app, later)) await later(); });
}

/** `item` is the one to change, null for a new one. */
export function showEdit(app: App, id: string, item: string | null, typed: Draft | null = null): void {
  const attribute = inCatalogue(id);
  if (attribute === null) return;
  const vault = theVault(app);
  const found = item === null ? undefined : itemsOf(vault.opened.items, "attribute").get(item);
  const held = found === undefined ? null : heldOf(vault.opened.items, found);
  const stays = isProtected(id) && preferencesIn(vault.opened.items).addressProtection;
  const receivers = stays ? [] : receiversOf(app, { attribute: id, item });
  const late = item === null ? [] : receiversLate(app, { attribute: id, item });
  const draft = typed ?? (held === null ? emptyDraft(attribute) : draftOf(attribute, held.value));
  show(app, { screen: "edit", attribute, item, held, draft, errors: [], same: false, shared: vault.shared, receivers, late,
    unseen: isUnseen(app, { attribute: id, item }), sending: false, trouble: null });
}

function emptyDraft(attribute: Attribute): Draft {
  return controlOf(attribute) === "form" ? emptyForm(attribute) : {};
}

export function save(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "edit" || app.busy) return Promise.resolve();
  const { attribute, held, item } = state;
  const parsed = parse(attribute, draft);
  if ("error" in parsed) {
    show(app, { ...state, draft, errors: [parsed.error], same: false });
    return Promise.resolve();
  }
  const same = held !== null && equal(held.value, parsed.value);
  show(app, { ...state, draft, errors: [], same });
  if (same) return Promise.resolve();
  return act(app, async () => {
    const change = { attribute: attribute.id, value: parsed.value, item, was: held?.value ?? null };
    const { told, notTold } = await publishValues(app, [change], audienceOf(state.receivers, draft))
      .catch((error: unknown) => editAnew(app, attribute, item, { error, draft }));
    app.notice = { kind: "saved", told, notTold };
    showDetails(app);
  });
}

/** What there is now, and who would be told of it, is shown before anything is tried again. */
function editAnew(
  app: App, attribute: Attribute, item: string | null, { error, draft }: { error: unknown; draft: Draft | null },
): never {
  const { items } = theVault(app).opened;
  const isThere = item !== null && items.has(item);
  showEdit(app, attribute.id, isThere || maySeveral(attribute) ? item : heldItem(items, attribute.id)?.[0] ?? null, draft);
  throw error;
}

function equal(one: Json, other: Json): boolean {
  return jcs(one) === jcs(other);
}

/** Only a detail that nobody sees is removed; the others are stopped or changed first. */
export function remove(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "edit" || state.receivers.length > 0 || state.item === null) return Promise.resolve();
  const { item } = state;
  return act(app, async () => {
    await commit(app, ({ opened }) => {
      // Another device may have shared it meanwhile.
      if (seeing(opened, { attribute: state.attribute.id, item }).length > 0) throw new Failure("conflict");
      return Promise.resolve({ change: { remove: opened.items.has(item) ? [item] : [] }, send: app.device.api.commit });
    }).catch((error: unknown) => editAnew(app, state.attribute, item, { error, draft: null }));
    app.notice = { kind: "removed" };
    showDetails(app);
  });
}
