/** Another device was first: what it did is shown, and nothing is done that no page said. */
import { expect, test } from "vitest";
import type { Approval, Told } from "../../src/client/api.ts";
import { itemsOf } from "../../src/core/items.ts";
import { share as press } from "../../src/state/answer.ts";
import { show } from "../../src/state/app.ts";
import type { App } from "../../src/state/app.ts";
import { showAsked } from "../../src/state/ask.ts";
import { remove, save, showEdit } from "../../src/state/details.ts";
import { preferencesIn, savePreferences } from "../../src/state/preferences.ts";
import { publishValues } from "../../src/state/publish.ts";
import { theVault } from "../../src/state/vault.ts";
import { CLIENT } from "../vectors/world.ts";
import { aDevice, aHouse, ask, share } from "./house.ts";

const MAIL = "contact.email";
const BOX = "contact-email";

function mails(app: App): (readonly [string, unknown])[] {
  return [...itemsOf(theVault(app).opened.items, "attribute")].map(([id, { value }]) => [id, value] as const);
}

test("a detail that was taken away and typed anew elsewhere stays one, and who follows it is named and told", async () => {
  const house = await aHouse({}, { [MAIL]: "a@home.example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const [[old] = [""]] = mails(phone);
  showEdit(phone, MAIL, old);
  showEdit(laptop, MAIL, old);
  await remove(laptop);
  await publishValues(laptop, [{ attribute: MAIL, value: "laptop@home.example", item: null }]);
  const grant = await share(laptop, house, MAIL);
  await save(phone, { [BOX]: "phone@home.example" });
  expect(phone.state).toMatchObject({ screen: "edit", trouble: "conflict", held: { value: "laptop@home.example" }, receivers: [{ grant }] });
  await save(phone, { [BOX]: "phone@home.example" });
  expect(mails(phone).map(([, value]) => value)).toEqual(["phone@home.example"]);
  expect(house.server.published.map(({ grant_id: id }) => id)).toEqual([grant]);
});

test("what was typed first on another device is seen before it is changed", async () => {
  const house = await aHouse();
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  showEdit(phone, MAIL, null);
  await publishValues(laptop, [{ attribute: MAIL, value: "laptop@home.example", item: null }]);
  await save(phone, { [BOX]: "phone@home.example" });
  expect(phone.state).toMatchObject({ screen: "edit", trouble: "conflict", held: { value: "laptop@home.example" }, draft: { [BOX]: "phone@home.example" } });
  await save(phone, { [BOX]: "phone@home.example" });
  expect(mails(phone).map(([, value]) => value)).toEqual(["phone@home.example"]);
});

test("a detail that was shared meanwhile is not taken away, and the page says who sees it", async () => {
  const house = await aHouse({}, { [MAIL]: "a@home.example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const [[id] = [""]] = mails(phone);
  showEdit(phone, MAIL, id);
  house.server.meanwhile = [async () => { await share(laptop, house, MAIL); }];
  await remove(phone);
  expect(phone.state).toMatchObject({ screen: "edit", trouble: "conflict", receivers: [{ sees: [MAIL] }] });
  expect(mails(phone)).toHaveLength(1);
});

test("a question that another device changed is asked anew, and can then be answered", async () => {
  const house = await aHouse();
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  await ask(phone);
  const sent: Approval[] = [];
  phone.device = { ...phone.device, api: { ...phone.device.api, approve: async (_id: string, body: Approval) => {
    await house.server.take(body.commit);
    sent.push(body);
    return { code: "code" } as Told;
  } } };
  const yes = async (): Promise<void> => {
    if (phone.state.screen === "asked") show(phone, { ...phone.state, armed: true });
    await press(phone, {});
  };
  await showAsked(phone);
  house.server.meanwhile = [async () => {
    const [persona = ""] = [...preferencesIn(theVault(laptop).opened.items).personas.keys()];
    await savePreferences(laptop, (now) => ({ ...now, services: new Map([[CLIENT, { trust: "ask", persona, oneOff: false }]]) }));
  }];
  await yes();
  expect(phone.state).toMatchObject({ screen: "asked", trouble: "conflict", ask: { persona: "Work" } });
  expect(sent).toEqual([]);
  await yes();
  expect(sent).toHaveLength(1);
});
