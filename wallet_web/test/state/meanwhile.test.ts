/** What happens while a resident is at something else: a desk ends, another device changes its mind, the vault is locked. */
import { expect, test } from "vitest";
import { Failure } from "../../src/client/failure.ts";
import { importRoot } from "../../src/core/derive.ts";
import { NO_PREFERENCES, preferencesItem } from "../../src/core/preferences_item.ts";
import type { Preferences } from "../../src/core/preferences_item.ts";
import { share } from "../../src/state/answer.ts";
import { closeVault, newApp, show } from "../../src/state/app.ts";
import type { App, Device } from "../../src/state/app.ts";
import type { Asking } from "../../src/state/asking.ts";
import { answerSingly, firstChoices, tick } from "../../src/state/choices.ts";
import { over } from "../../src/state/counter.ts";
import { revealAsked } from "../../src/state/own_page.ts";
import { proposalFor } from "../../src/state/preferences.ts";
import type { Ask } from "../../src/state/state.ts";
import { makePasskeyMethod } from "../../src/state/unlock.ts";
import type { Vault } from "../../src/state/vault.ts";
import { ask, asked, badge } from "../example.ts";

const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
const none = (): Promise<void> => Promise.resolve();

interface Scene { readonly app: App; readonly sent: string[] }

/** An open vault whose passkey prompt does `meanwhile` before it answers. */
async function scene(meanwhile: (app: App) => Promise<void>, preferences: Preferences = NO_PREFERENCES): Promise<Scene> {
  const [root, prf] = [random(32), random(32)];
  const sent: string[] = [];
  const note = (what: string) => (id: string): Promise<never> => {
    sent.push(`${what} ${id}`);
    return Promise.reject(new Failure("network"));
  };
  const made: { app?: App } = {};
  const app = newApp({
    random, now: () => 1.7e12, after: () => undefined, push: () => undefined, origin: "https://vault.example", passkeys: () => true,
    request: { keepDraft: () => undefined, counter: () => "", setCounter: () => undefined, draft: () => null },
    keys: { memory: () => Promise.resolve(null), memories: () => Promise.resolve([]), erase: none, forget: none },
    tabs: { tellLocked: () => undefined, inTurn: (act: () => unknown) => act() }, tongue: { forget: () => undefined },
    report: () => undefined,
    api: { vault: () => Promise.resolve({ vault: "v", epoch: 1, methods: [method], items: [], manifests: [] }),
      grants: () => Promise.resolve({ grants: [] }), approve: note("approve"), refuse: note("refuse"),
      challengeForPasskey: () => Promise.resolve({ challenge_id: "c", options: {} }),
      loginWithPasskey: () => Promise.resolve({ vault: "v" }) },
    usePasskey: async () => {
      if (made.app !== undefined) await meanwhile(made.app);
      return { assertion: { id: "cred" }, prf: prf.slice() };
    },
  } as unknown as Device, () => undefined);
  made.app = app;
  const method = { ...await makePasskeyMethod(app, { prf, vault: "v", epoch: 1, root }), credential_id: "cred" };
  app.vault = { id: "v", root: await importRoot(root), shared: false, pins: new Map(), over: new Map(), unsure: null, opened: {
    items: new Map([["p", preferencesItem(preferences)]]), known: { seq: 1, digest: "" },
    manifest: { epoch: 1, grants: {}, methods: new Map([["m", { kind: "passkey" }]]) } } } as unknown as Vault;
  return { app, sent };
}

/** `answered` notes whose relationship is looked for: with it an answer begins. */
function asking(name: string, counter: Asking["counter"], answered: string[] = []): Asking {
  const attributes = new Map(["contact.email", "disability.blue_badge_number"].map((id) => [id, { required: false, zone: null }]));
  return {
    id: name, prepared: null, counter, standing: false, expires: 9e9, asker: ask, answer: { request: "" },
    service: { clientId: name, authority: { id: "a" }, tier: "council", get sector() {
      answered.push(name);
      return name;
    } },
    request: { purpose: { id: "p", statute: null, zones: new Map(), attributes: new Map() }, attributes, access: "once" },
  } as unknown as Asking;
}

function questionOf(app: App): Ask {
  if (app.asking === null) throw new Error("nothing is asked");
  const email = ask.details.filter(({ attribute }) => attribute.id === "contact.email");
  return { ...ask, details: [...email, badge], proposal: proposalFor(app, app.asking) };
}

function showAnswered(app: App): void {
  const one = questionOf(app);
  const choices = answerSingly(tick(firstChoices(one), "contact.email", true), badge.attribute.id, true);
  show(app, { ...asked, ask: one, choices });
}

test.each([true, false])("an answer at a desk that is over (%s) is not given to whoever waits online when it is tried again", async (ends) => {
  const { app, sent } = await scene(async () => {
    if (ends) over(app, "expired");
    await Promise.reject(new Failure("network"));
  });
  const answered: string[] = [];
  app.asking = asking("https://desk.example", {
    online: { asking: asking("https://online.example", null, answered), typed: null },
    approve: () => Promise.reject(new Failure("network")), refuse: () => Promise.reject(new Failure("network")),
    answered: () => undefined }, answered);
  showAnswered(app);
  await share(app, {});
  app.proved = app.device.now() / 1000;
  if (ends) {
    expect(app.asking.id).toBe("https://online.example");
    await app.again?.();
    expect(app.state).toMatchObject({ screen: "problem", trouble: "requestOver" });
    expect(answered).toEqual([]);
  } else {
    expect(app.state).toMatchObject({ screen: "asked", trouble: "network" });
    show(app, { ...app.state, armed: true } as typeof app.state);
    await share(app, {});
    expect(new Set(answered)).toEqual(new Set(["https://desk.example"]));
  }
  expect(sent).toEqual([]);
});

test.each([["another persona", true], ["the same persona", false]])(
  "what a page showed as one persona's goes to a service that knows %s meanwhile only where nothing changed", async (_who, changes) => {
    const service = "https://parking.example";
    const knownAs = (persona: string): Preferences => ({ ...NO_PREFERENCES,
      personas: new Map([["w".repeat(22), { name: "Work", values: new Map([["contact.email", "work@example.org"]]) }]]),
      services: new Map([[service, { trust: null, persona, oneOff: false }]]) });
    const { app, sent } = await scene(none, knownAs("w".repeat(22)));
    app.asking = asking(service, null);
    app.proved = app.device.now() / 1000;
    showAnswered(app);
    const { vault } = app;
    if (changes && vault !== null)
      app.vault = { ...vault, opened: { ...vault.opened, items: new Map([["p", preferencesItem(knownAs(""))]]) } };
    await share(app, {});
    expect(app.state).toMatchObject({ screen: "asked" });
    expect("trouble" in app.state && app.state.trouble === "conflict").toBe(changes);
    expect(sent).toHaveLength(0);
  });

test.each([true, false])("a value whose page is locked (%s) while the passkey is asked for stays away", async (locks) => {
  const { app } = await scene((now) => (locks ? closeVault(now, "tab", false) : none()));
  const one = { ...ask, details: [badge] };
  app.asking = asking("https://parking.example", null);
  show(app, { ...asked, ask: one, choices: firstChoices(one), own: badge.attribute.id });
  await revealAsked(app, {});
  expect(app.state.screen).toBe(locks ? "locked" : "asked");
  expect("revealed" in app.state && app.state.revealed).toBe(!locks);
  expect(app.proved === null).toBe(locks);
});
