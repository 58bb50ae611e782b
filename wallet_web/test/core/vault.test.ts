import { describe, expect, it } from "vitest";
import { conflicts, firstCommit, nextCommit } from "../../src/core/commit.ts";
import { importRoot, locator, loginSeed, unlockKey } from "../../src/core/derive.ts";
import { newId } from "../../src/core/encoding.ts";
import type { ItemDocument } from "../../src/core/items.ts";
import { itemsOf } from "../../src/core/items.ts";
import { openVault } from "../../src/core/manifest.ts";
import { formatCode, parseCode } from "../../src/core/recovery.ts";
import { openRoot, sealRoot } from "../../src/core/unlock.ts";
import { Shelf, random } from "./scene.ts";

const name = (value: string): ItemDocument =>
  ({ kind: "attribute", attribute: "person.full_name", value, source: "self_asserted", as_of: "2026-11-23", history: [] });

describe("a resident's vault", () => {
  it("opens on another device exactly as it was left, with a root that cannot be taken out of the browser", async () => {
    const [root, vault, id] = [random(32), newId(random), newId(random)];
    const shelf = new Shelf();
    const first = await firstCommit(root, vault, { put: [{ id, document: name("Sian") }] }, random);
    const second = await nextCommit(root, first.opened, { put: [{ id, document: name("Siân") }], recoveryConfirmed: true }, random);
    for (const { commit } of [first, second]) shelf.take(commit);
    const kept = await importRoot(root);
    const opened = await openVault(shelf.give(kept, vault, null));
    expect(opened).toEqual(second.opened);
    expect([...itemsOf(opened.items, "attribute").values()].map(({ value }) => value)).toEqual(["Siân"]);
    expect(opened.manifest.items[id]?.rev).toBe(2);
    await expect(crypto.subtle.exportKey("raw", kept)).rejects.toThrow();
  });

  it("keeps the statement of a service once, however many answers it got, and opens with each as it was made", async () => {
    const [root, vault] = [random(32), newId(random)];
    const shelf = new Shelf();
    const grant = (statement: string): { id: string; document: ItemDocument } =>
      ({ id: newId(random), document: { kind: "grant", statement, record: "eyJ.eyJ.c2ln" } });
    const [said, later] = [`eyJ.${"x".repeat(3000)}.c2ln`, `eyJ.${"y".repeat(3000)}.c2ln`];
    const [one, two, three] = [grant(said), grant(said), grant(later)] as const;
    const first = await firstCommit(root, vault, { put: [one] }, random);
    const second = await nextCommit(root, first.opened, { put: [two, three] }, random);
    const revised = { ...one, document: { ...one.document, revision: 2 } };
    const third = await nextCommit(root, second.opened, { put: [revised] }, random);
    expect([first, second, third].map(({ commit }) => commit.put.length)).toEqual([2, 3, 1]);
    for (const { commit } of [first, second, third]) shelf.take(commit);
    const opened = await openVault(shelf.give(root, vault, null));
    expect(opened.items).toEqual(third.opened.items);
    expect([one, two, three].map(({ id }) => opened.items.get(id)?.["statement"])).toEqual([said, said, later]);
    expect([...opened.items.values()].map(({ kind }) => kind).sort()).toEqual(["grant", "grant", "grant", "statement", "statement"]);
    const sealed = shelf.give(root, vault, null).items.filter(({ id }) => id === two.id).map((item) => item.sealed.length);
    expect(sealed, "a grant is small").toEqual([1 + 12 + 256 + 16]);
  });

  it("forgets what was removed", async () => {
    const [root, vault, id] = [random(32), newId(random), newId(random)];
    const shelf = new Shelf();
    const first = await firstCommit(root, vault, { put: [{ id, document: name("Sian") }] }, random);
    const second = await nextCommit(root, first.opened, { remove: [id] }, random);
    for (const { commit } of [first, second]) shelf.take(commit);
    expect((await openVault(shelf.give(root, vault, first.opened.known))).items.size).toBe(0);
  });

  it("is unlocked by the recovery code however it was typed, which tells the server nothing", async () => {
    const [root, vault, method] = [random(32), newId(random), newId(random)];
    const code = random(20);
    const typed = parseCode(formatCode(code).toLowerCase().replaceAll("-", " "));
    const of = { vault, method, epoch: 1 };
    const wrap = await sealRoot(await unlockKey(code, "recovery", vault, method), root, of, random(12));
    expect(await openRoot(await unlockKey(typed, "recovery", vault, method), wrap, of)).toEqual(root);
    await expect(openRoot(await unlockKey(typed, "passkey", vault, method), wrap, of)).rejects.toThrow("seal/open");
    const derived = [await locator(code), await loginSeed(code, "recovery", vault), await unlockKey(code, "recovery", vault, method)];
    expect(new Set(derived.map(String)).size).toBe(3);
  });

  it("asks the resident only where two devices changed the same detail", async () => {
    const [root, vault, mine, theirs] = [random(32), newId(random), newId(random), newId(random)];
    const both = [mine, theirs].map((id) => ({ id, document: name("Sian") }));
    const base = (await firstCommit(root, vault, { put: both }, random)).opened;
    const other = (await nextCommit(root, base, { put: [{ id: theirs, document: name("Siân") }] }, random)).opened;
    const change = (id: string): { put: { id: string; document: ItemDocument }[] } => ({ put: [{ id, document: name("Sioned") }] });
    expect(conflicts(base, other, change(mine))).toEqual([]);
    expect(conflicts(base, other, change(theirs))).toEqual([theirs]);
    expect(conflicts(base, other, { remove: [theirs] })).toEqual([theirs]);
    const merged = await nextCommit(root, other, change(mine), random);
    expect([...merged.opened.items.values()]).toEqual([name("Sioned"), name("Siân")]);
  });

  it("never lowers what it has verified of a log or seen of the registry", async () => {
    const [root, vault, grant] = [random(32), newId(random), newId(random)];
    const pin = { keys: ["k".repeat(43)], seq: 9 };
    const base = (await firstCommit(root, vault, { grants: { [grant]: { n: 7, head: "seven" } }, registry: pin }, random)).opened;
    const older = { grants: { [grant]: { n: 3, head: "three" } }, registry: { keys: [], seq: 8 } };
    const { manifest } = (await nextCommit(root, base, older, random)).opened;
    expect(manifest.grants[grant]).toEqual({ n: 7, head: "seven" });
    expect(manifest.registry).toEqual(pin);
    const ended = (await nextCommit(root, base, { grants: { [grant]: null } }, random)).opened;
    expect(ended.manifest.grants).toEqual({});
  });

  it("lists an unlock method by what its wrap is, and drops one that was removed", async () => {
    const [root, vault, method] = [random(32), newId(random), newId(random)];
    const wrap = random(301);
    const shelf = new Shelf();
    const first = await firstCommit(root, vault, { methods: { [method]: { kind: "passkey", wrap } } }, random);
    shelf.take(first.commit);
    shelf.methods.push({ id: method, wrap });
    await expect(openVault(shelf.give(root, vault, null))).resolves.toEqual(first.opened);
    shelf.methods[0] = { id: method, wrap: random(301) };
    await expect(openVault(shelf.give(root, vault, null))).rejects.toThrow("manifest/wrap-changed");
    expect((await nextCommit(root, first.opened, { methods: { [method]: null } }, random)).opened.manifest.methods).toEqual({});
  });
});
