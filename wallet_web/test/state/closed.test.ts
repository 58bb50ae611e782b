/** A vault that is closed while something is under way: the next person in that tab gets nothing of it. */
import { expect, test } from "vitest";
import type { Approval, Told } from "../../src/client/api.ts";
import { Failure } from "../../src/client/failure.ts";
import { itemsOf } from "../../src/core/items.ts";
import { share as press } from "../../src/state/answer.ts";
import { closeVault, show } from "../../src/state/app.ts";
import type { App } from "../../src/state/app.ts";
import { showAsked } from "../../src/state/ask.ts";
import { commit, openVault, theVault } from "../../src/state/vault.ts";
import { aDevice, aHouse, ask } from "./house.ts";
import type { House } from "./house.ts";

const MAIL = "contact.email";

function mails(app: App): unknown[] {
  return [...itemsOf(theVault(app).opened.items, "attribute").values()].map(({ value }) => value);
}

/** Somebody unlocks the vault of this house on a device that is there. */
async function unlock(app: App, house: House): Promise<void> {
  app.device = { ...app.device, api: (await aDevice(house)).device.api };
  await openVault(app, { vault: house.vault, epoch: 1, root: house.root, shared: false });
}

function answering(app: App, approve: (body: Approval) => Promise<Told>): void {
  app.device = { ...app.device, report: () => undefined, api: { ...app.device.api, approve: (_id: string, body: Approval) => approve(body) } };
}

async function yes(app: App): Promise<void> {
  await showAsked(app);
  if (app.state.screen === "asked") show(app, { ...app.state, armed: true });
  await press(app, {});
}

test.each([["came", false], ["was lost", true]])("an answer that %s after the lock is nobody else's, and nothing of it stays", async (_how, lost) => {
  const [first, second] = [await aHouse({}, { [MAIL]: "first@home.example" }), await aHouse({}, { [MAIL]: "second@home.example" })];
  const app = await aDevice(first);
  await ask(app);
  answering(app, async (body) => {
    await first.server.take(body.commit);
    await closeVault(app, "idle", false);
    if (lost) throw new Failure("network");
    return { code: "of-the-first" } as Told;
  });
  await yes(app);
  expect(app.vault).toBeNull();
  expect(app.state).toMatchObject({ screen: "locked", trouble: null });
  expect(app.asking?.prepared).toBeNull();
  expect(app.leaving).toBeNull();

  await unlock(app, second);
  const sent: Approval[] = [];
  answering(app, async (body) => {
    sent.push(body);
    await second.server.take(body.commit);
    return { code: "of-the-second" } as Told;
  });
  await yes(app);
  expect(sent).toHaveLength(1);
  expect(app.leaving).toContain("code=of-the-second");
  expect(mails(app)).toEqual(["second@home.example"]);
});

test("an answer that was lost, in a vault that stayed open, is sent again as it was", async () => {
  const house = await aHouse();
  const app = await aDevice(house);
  await ask(app);
  const sent: Approval[] = [];
  answering(app, async (body) => {
    sent.push(body);
    if (sent.length > 1) return { code: "the-same" } as Told;
    await house.server.take(body.commit);
    throw new Failure("network");
  });
  await yes(app);
  expect(app.leaving).toBeNull();
  await yes(app);
  expect(sent[1]).toEqual(sent[0]);
  expect(app.leaving).toContain("code=the-same");
});

test.each([["taken", false], ["lost", true]])("a change that is %s after another vault was opened here is not shown in that one", async (_how, lost) => {
  const [first, second] = [await aHouse({}, { [MAIL]: "first@home.example" }), await aHouse({}, { [MAIL]: "second@home.example" })];
  const app = await aDevice(first);
  const { api } = app.device;
  await expect(commit(app, () => Promise.resolve({ change: {}, send: async (sealed) => {
    await api.commit(sealed);
    await closeVault(app, "done", false);
    await unlock(app, second);
    if (lost) throw new Failure("network");
  } }))).rejects.toThrow(Failure);
  expect(mails(app)).toEqual(["second@home.example"]);
  expect(theVault(app)).toMatchObject({ id: second.vault, unsure: null });
});

test("a change that is taken after the same vault was opened again does not take it back", async () => {
  const house = await aHouse();
  const [app, laptop] = [await aDevice(house), await aDevice(house)];
  const { api } = app.device;
  await commit(app, () => Promise.resolve({ change: {}, send: async (sealed) => {
    await api.commit(sealed);
    await closeVault(app, "done", false);
    await openVault(laptop, { vault: house.vault, epoch: 1, root: house.root, shared: false });
    await commit(laptop, () => Promise.resolve({ change: {}, send: laptop.device.api.commit }));
    await openVault(app, { vault: house.vault, epoch: 1, root: house.root, shared: false });
  } }));
  expect(theVault(app).opened.known.seq).toBe(house.server.taken.length);
});
