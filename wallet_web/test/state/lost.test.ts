/** Answers that were lost: what took place is recognised, and what is another act is done all the same. */
import { expect, test } from "vitest";
import { b64u, newId } from "../../src/core/encoding.ts";
import { itemsOf } from "../../src/core/items.ts";
import { save, showEdit } from "../../src/state/details.ts";
import { savePreferences } from "../../src/state/preferences.ts";
import { commit, theVault } from "../../src/state/vault.ts";
import { endGrant } from "../../src/state/who.ts";
import { random } from "../core/scene.ts";
import { aDevice, aHouse, share } from "./house.ts";

const MAIL = "contact.email";
const BOX = "contact-email";

test("a code that was made after a lost one is kept, and the same one again is kept once", async () => {
  const house = await aHouse();
  const app = await aDevice(house);
  const add = async (id: string, wrap: Uint8Array<ArrayBuffer>): Promise<void> => commit(app, () => Promise.resolve({
    change: { methods: { [id]: { kind: "recovery", wrap } }, recoveryConfirmed: true },
    send: async (sealed) => {
      const before = house.server.taken.length;
      await app.device.api.commit(sealed).finally(() => {
        if (house.server.taken.length > before) house.server.methods.push({ id, wrap: b64u(wrap) });
      });
    } }));
  const [one, two] = [[newId(random), random(60)], [newId(random), random(60)]] as const;
  house.server.lost = 1;
  await expect(add(...one)).rejects.toMatchObject({ trouble: "network" });
  await add(...one);
  expect(house.server.methods.map(({ id }) => id)).toEqual([one[0]]);
  house.server.lost = 1;
  await expect(commit(app, () => Promise.resolve({ change: { recoveryConfirmed: false }, send: app.device.api.commit }))).rejects.toThrow();
  await add(...two);
  expect(Object.keys(theVault(app).opened.manifest.methods).sort()).toEqual([one[0], two[0]].sort());
});

test("what was stopped is stopped, though the answer was lost and another device wrote since", async () => {
  const house = await aHouse({}, { [MAIL]: "a@home.example" });
  const app = await aDevice(house);
  const grant = await share(app, house, MAIL);
  house.server.lost = 1;
  await expect(endGrant(app, grant)).rejects.toMatchObject({ trouble: "network" });
  await savePreferences(await aDevice(house), (now) => ({ ...now, quiet: true }));
  await endGrant(app, grant);
  expect(house.server.revoked).toHaveLength(0); // the one that was lost had done it
  expect(itemsOf(theVault(app).opened.items, "grant").get(grant)?.ended).toMatchObject({ why: "revoked" });
});

test("a mistake whose saving was lost is seen before it is put right, and who is left out is named with it", async () => {
  const house = await aHouse({}, { [MAIL]: "a@home.example" });
  const app = await aDevice(house);
  const grant = await share(app, house, MAIL);
  const [item] = [...itemsOf(theVault(app).opened.items, "attribute").keys()];
  showEdit(app, MAIL, item ?? null);
  house.server.lost = 1;
  await save(app, { [BOX]: "typo@home.example" });
  const right = { [BOX]: "right@home.example", [`leave-out--${grant}`]: "on" };
  await save(app, right);
  expect(app.state).toMatchObject({ screen: "edit", trouble: "conflict", held: { value: "typo@home.example" }, receivers: [{ grant }] });
  await save(app, right);
  expect(app.state).toMatchObject({ screen: "details", notice: { kind: "saved", told: [] } });
  expect(house.server.published).toHaveLength(1);
});
