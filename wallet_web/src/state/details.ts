/** Your details: what the vault holds, and changing one of them. */
import type { Json } from "../core/encoding.ts";
import { jcs } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import { act, show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { draftOf, parse } from "./fields.ts";
import { describe, heldItem, held as heldValue, inCatalogue, seeing } from "./items.ts";
import { publishValues } from "./publish.ts";
import type { Draft } from "./state.ts";
import { commit, theVault } from "./vault.ts";

/** Offered to be added, because services ask for them. */
const OFFERED = ["person.full_name", "person.date_of_birth", "contact.email",
  "contact.mobile", "address.current", "vehicle.registration"];

export function showDetails(app: App): void {
  const { opened } = theVault(app);
  const held = [...itemsOf(opened.items, "attribute")].flatMap(([, item]) => {
    const attribute = inCatalogue(item.attribute);
    return attribute === null ? [] : [{ attribute, held: { value: item.value, asOf: item.as_of, source: item.source } }];
  });
  show(app, { screen: "details", held, offered: OFFERED, notice: takeNotice(app) });
}

export function showEdit(app: App, id: string): void {
  const attribute = inCatalogue(id);
  if (attribute === null) return;
  const vault = theVault(app);
  const held = heldValue(vault.opened.items, id);
  const receivers = seeing(vault.opened, id).filter(([grant]) => !vault.over.has(grant))
    .map(([grant, item]) => ({ grant, service: describe(item.statement).service }));
  show(app, { screen: "edit", attribute, held, draft: held === null ? {} : draftOf(attribute, held.value), errors: [],
    same: false, shared: vault.shared, receivers, sending: false, trouble: null });
}

export function save(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "edit" || app.busy) return Promise.resolve();
  const { attribute, held } = state;
  const parsed = parse(attribute, draft);
  if ("error" in parsed) {
    show(app, { ...state, draft, errors: [parsed.error], same: false });
    return Promise.resolve();
  }
  const same = held !== null && equal(held.value, parsed.value);
  show(app, { ...state, draft, errors: [], same });
  if (same) return Promise.resolve();
  const leftOut = new Set(state.receivers.filter(({ grant }) => draft[`leave-out--${grant}`] === "on").map(({ grant }) => grant));
  return act(app, async () => {
    const { told, notTold } = await publishValues(app, new Map([[attribute.id, parsed.value]]), leftOut);
    app.notice = { kind: "saved", told, notTold };
    showDetails(app);
  });
}

function equal(one: Json, other: Json): boolean {
  return jcs(one) === jcs(other);
}

/** Only a detail that nobody sees is removed; the others are stopped or changed first. */
export function remove(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "edit" || state.receivers.length > 0) return Promise.resolve();
  const { id } = state.attribute;
  return act(app, async () => {
    await commit(app, ({ opened }) => {
      const found = heldItem(opened.items, id);
      return Promise.resolve({ change: { remove: found === null ? [] : [found[0]] }, send: app.device.api.commit });
    });
    app.notice = { kind: "removed" };
    showDetails(app);
  });
}
