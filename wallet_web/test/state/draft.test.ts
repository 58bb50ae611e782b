import { expect, test } from "vitest";
import { importRoot } from "../../src/core/derive.ts";
import type { App } from "../../src/state/app.ts";
import type { Choices } from "../../src/state/state.ts";
import { keepDraft, recallDraft } from "../../src/state/draft.ts";
import { ask, askPrivately } from "../example.ts";

const typed: Choices = { persona: "", ticked: ["contact.email"], proposed: [], singly: {},
  changing: ["person.full_name"], until: "2028-11-23", draft: { "person-full-name": "Siân O’Connor", "once": "on" } };

async function wallet(request = "AbC", root = 7, shared = false): Promise<{ app: App; kept: () => string | null }> {
  let draft: string | null = null;
  const vault = { id: "v", shared, root: await importRoot(new Uint8Array(32).fill(root)), opened: { manifest: { epoch: 1 } } };
  const app = { vault, asking: { id: request, counter: null }, device: {
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    request: { draft: () => draft, keepDraft: (_of: string, sealed: string | null) => { draft = sealed; } },
  } } as unknown as App;
  return { app, kept: () => draft };
}

test("what was typed comes back, and nobody else can read it", async () => {
  const { app, kept } = await wallet();
  await keepDraft(app, typed);
  expect(await recallDraft(app, ask)).toEqual(typed);
  for (const [request, root] of [["other", 7], ["AbC", 8]] as const) {
    const { app: other, kept: left } = await wallet(request, root);
    other.device.request.keepDraft("online", kept());
    expect(await recallDraft(other, ask)).toBeNull();
    expect(left()).toBeNull();
  }
});

test("the newest is kept, whatever is typed while one is sealed", async () => {
  const { app } = await wallet();
  const at = (count: number): Choices => ({ ...typed, draft: { "person-full-name": "S".repeat(count) } });
  await Promise.all([1, 2, 3, 4].map((count) => keepDraft(app, at(count))));
  expect(await recallDraft(app, ask)).toEqual(at(4));
});

test("a shared computer is given nothing, and neither is a tab that was locked or answered meanwhile", async () => {
  const shared = await wallet("AbC", 7, true);
  await keepDraft(shared.app, typed);
  expect(shared.kept()).toBeNull();
  for (const gone of ["vault", "asking"] as const) {
    const { app, kept } = await wallet();
    const keeping = keepDraft(app, typed);
    app[gone] = null;
    await keeping;
    expect(kept()).toBeNull();
  }
});

test("what no longer fits the question is left out", async () => {
  const { app } = await wallet();
  await keepDraft(app, { ...typed, ticked: ["contact.email", "person.sex"], until: "2099-01-01" });
  expect(await recallDraft(app, ask)).toMatchObject({ ticked: ["contact.email"], until: "2027-11-23" });
});

test("what was typed as one persona does not come back for another", async () => {
  const { app } = await wallet();
  const as = (persona: string): typeof ask => ({ ...ask, proposal: { ...ask.proposal, persona } });
  const work: Choices = { ...typed, persona: "d29yay13b3JrLXdvcmstdw" };
  await keepDraft(app, work);
  for (const other of [as(""), as("b3RoZXItb3RoZXItb3RoZQ")]) {
    expect(await recallDraft(app, other)).toBeNull();
  }
  expect(await recallDraft(app, as(work.persona))).toEqual(work);
});

test("an answer that was given on a detail's own page comes back, and no other", async () => {
  const { app } = await wallet();
  const given = { "disability.blue_badge_number": false, "health.conditions": true };
  await keepDraft(app, { ...typed, singly: { ...given, "person.full_name": true } });
  expect(await recallDraft(app, askPrivately)).toMatchObject({ singly: given });
  await keepDraft(app, { ...typed, singly: { "health.conditions": "yes" } } as unknown as Choices);
  expect(await recallDraft(app, askPrivately)).toMatchObject({ singly: {} });
});
