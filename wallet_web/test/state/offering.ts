/** What the service of the house leaves for its resident, and a resident at the page that offers it. */
import type { DepositRow } from "../../src/client/api.ts";
import { newId, utf8 } from "../../src/core/encoding.ts";
import type { Json } from "../../src/core/encoding.ts";
import { DEPOSIT_JWE } from "../../src/core/forms.ts";
import { itemsOf } from "../../src/core/items.ts";
import { encrypt } from "../../src/core/jwe.ts";
import { publicPart, thumbprint } from "../../src/core/keys.ts";
import { show } from "../../src/state/app.ts";
import type { App } from "../../src/state/app.ts";
import { keepOffered, showInbox, tickId } from "../../src/state/inbox.ts";
import { inCatalogue } from "../../src/state/items.ts";
import type { InboxState } from "../../src/state/state.ts";
import { theVault } from "../../src/state/vault.ts";
import { random } from "../core/scene.ts";
import { jws } from "../vectors/keys.ts";
import { CLIENT, DAY, NOW, signing } from "../vectors/world.ts";
import type { House } from "./house.ts";

export const [NAME, MOBILE] = ["person.full_name", "contact.mobile"];
export const SERVICE = { en: "Seatown Blue Badges", cy: "Bathodynnau Glas Trefymôr" };

/** What the service leaves for the resident, or for "Work". */
export async function left({ subjects }: House, persona: string, values: Record<string, Json>, jti = newId(random)): Promise<DepositRow> {
  const subject = subjects.get(persona);
  if (subject === undefined) throw new Error("no such subject");
  const [, { sign, deposit }] = subject;
  const sub = await thumbprint(publicPart(sign));
  const offered = Object.fromEntries(Object.entries(values).map(([id, value]) => [id, { value, as_of: "2026-11-01" }]));
  const claims = { iss: CLIENT, aud: sub, jti, iat: NOW - 10, exp: NOW + DAY, why: "held", values: offered, pad: "" };
  const inner = jws({ alg: "ES256", typ: "deposit+jwt", kid: "badges-2026" }, claims, signing);
  return { id: newId(random), service: CLIENT, sub, received: NOW - 10,
    deposit: await encrypt(utf8(inner), DEPOSIT_JWE, publicPart(deposit)) };
}

export function tick({ id }: DepositRow, attribute = NAME): Record<string, string> {
  const found = inCatalogue(attribute);
  return found === null ? {} : { [tickId(id, found)]: "on" };
}

export function page(app: App): InboxState {
  if (app.state.screen !== "inbox") throw new Error(app.state.screen);
  return app.state;
}

/** The half second is over. */
export function awake(app: App): void {
  show(app, { ...page(app), armed: true });
}

export async function open(app: App): Promise<void> {
  await showInbox(app);
  awake(app);
}

export async function opened(app: App, { server }: House, row: DepositRow): Promise<void> {
  server.inbox = [row];
  await open(app);
}

export async function keep(app: App, row: DepositRow): Promise<void> {
  await keepOffered(app, row.id, tick(row));
  awake(app);
}

export function own(app: App, attribute = NAME): Json[] {
  return [...itemsOf(theVault(app).opened.items, "attribute").values()].filter((one) => one.attribute === attribute).map(({ value }) => value);
}
