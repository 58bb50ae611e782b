/** The open vault: fetch and verify it, and change it by commits that survive other tabs, other devices and lost answers. */
import type { Commit, Method, StoredMethod, VaultAnswer } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import type { Known, Memory } from "../client/keystore.ts";
import type { Change, Committed } from "../core/commit.ts";
import * as core from "../core/commit.ts";
import { importRoot } from "../core/derive.ts";
import { b64u, digest, unb64u } from "../core/encoding.ts";
import type { Bytes } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import { openVault as openSealedVault } from "../core/manifest.ts";
import type { Opened, Position } from "../core/manifest.ts";
import { loadMore } from "../lazy.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { nameOf } from "./items.ts";
import { dropMaking } from "./making.ts";
import { pinFor } from "./registry.ts";

export interface Vault {
  readonly id: string;
  /** HKDF key, not extractable. */
  readonly root: CryptoKey;
  readonly opened: Opened;
  readonly shared: boolean;
  /** Log positions that were verified since the last commit; the next one pins them. */
  readonly pins: ReadonlyMap<string, Position>;
  /** Grants whose verified log has ended; the next commit takes them off the list. */
  readonly over: ReadonlyMap<string, { readonly at: number; readonly why: "expired" | "finished" | "relinquished" }>;
  /** A commit whose answer was lost: it may have arrived. `said`: what it was to change. */
  readonly unsure: { readonly digest: string; readonly said: string } | null;
}

export interface Opening {
  readonly vault: string; readonly epoch: number; readonly root: Bytes | CryptoKey;
  readonly shared: boolean;
  /** What logging in has fetched already. */
  readonly stored?: VaultAnswer;
}

/** Takes the vault from the server, verifies all of it against what this device last saw, and keeps it open. */
export async function openVault(app: App, { vault, epoch, root, shared, stored }: Opening): Promise<void> {
  const key = root instanceof CryptoKey ? root : await importRoot(root);
  const opened = await verifyVault(app, { vault, epoch, root: key, answer: stored ?? await storedVault(app, vault) });
  await adopt(app, { id: vault, root: key, opened, shared, pins: new Map(), over: new Map(), unsure: null });
}

/** The vault as the server has it, with every manifest since the last that is known here. */
export async function storedVault(app: App, vault: string): Promise<VaultAnswer> {
  const known = await knownHere(app, vault);
  return app.device.api.vault(known === null ? null : known.seq - 1);
}

async function knownHere(app: App, vault: string): Promise<Known | null> {
  const memory = await app.device.keys.memory(vault);
  return newest(memory?.known ?? null, app.vault?.id === vault ? app.vault.opened.known : null);
}

async function verifyVault(
  app: App, { vault, epoch, root, answer }: { vault: string; epoch: number; root: CryptoKey; answer: VaultAnswer },
): Promise<Opened> {
  const known = await knownHere(app, vault);
  // Nothing from the known one on: the server's newest is older than what this device has seen.
  if (known !== null && answer.manifests.length === 0) throw new Invalid("manifest/rolled-back");
  return openSealedVault({
    root, vault, epoch, known,
    manifests: answer.manifests.map(({ seq, sealed }) => ({ seq, sealed: unb64u(sealed) })),
    items: answer.items.map(({ id, rev, sealed }) => ({ id, rev, sealed: unb64u(sealed) })),
    methods: answer.methods.map(({ id, wrap }: StoredMethod) => ({ id, wrap: unb64u(wrap) })),
  });
}

function newest(one: Known | null, other: Known | null): Known | null {
  if (one === null || other === null) return one ?? other;
  return one.seq >= other.seq ? one : other;
}

/**
 * Makes a verified state of the vault the present one, here and in this device's memory against rollback.
 * A shared computer is given nothing: a browser deletes a record and leaves its bytes in its files.
 */
export async function adopt(app: App, vault: Vault): Promise<void> {
  const isNew = app.vault === null;
  const shared = vault.shared || app.chrome.unkept;
  app.vault = { ...vault, shared };
  dropMaking(app);
  app.unusedId = null;
  // The screens of an open vault are at hand before somebody goes offline.
  if (isNew) void loadMore().catch(() => undefined);
  const { keys, now } = app.device;
  if (shared) return;
  await keys.keep({ vault: vault.id, epoch: vault.opened.manifest.epoch, root: vault.root, used: now() });
  await keys.remember(memoryOf(app, vault));
  app.device.tongue.keep();
  if (isNew) app.device.tabs.tellOpened();
}

/** What this device remembers of a vault. */
export function memoryOf(app: App, { id, opened }: Vault): Memory {
  return { vault: id, known: opened.known, registry: app.registry, name: nameOf(opened) };
}

/** The first manifest of a new vault, and the vault as it is once the server has it. */
export async function firstCommit(
  app: App,
  { vault, root, method, shared, put = [] }:
  { vault: string; root: Bytes; method: Method; shared: boolean; put?: NonNullable<Change["put"]> },
): Promise<{ commit: Commit; vault: Vault }> {
  const key = await importRoot(root);
  const { commit, opened } = await core.firstCommit(
    key, vault, withRegistry(app, { put, methods: methodChange(method) }), app.device.random,
  );
  return { commit, vault: { id: vault, root: key, opened, shared, pins: new Map(), over: new Map(), unsure: null } };
}

export function methodChange(method: Method): NonNullable<Change["methods"]> {
  return { [method.id]: { kind: method.kind, wrap: unb64u(method.wrap) } };
}

function withRegistry(app: App, change: Change): Change {
  const pin = pinFor(app);
  return pin === null ? change : { ...change, registry: { keys: [...pin.keys], seq: pin.seq } };
}

/** The open vault; an act that needs one is not offered without. */
export function theVault(app: App): Vault {
  if (app.vault === null) throw new Failure("unexpected");
  return app.vault;
}

/** A change as the next commit, with the log positions and ended grants that were learned since the last one. */
export async function prepare(app: App, change: Change): Promise<Committed> {
  const vault = theVault(app);
  const listed = vault.opened.manifest.grants;
  const learned: Record<string, Position | null> = {};
  for (const [id, position] of vault.pins) if (id in listed) learned[id] = position;
  for (const id of vault.over.keys()) if (id in listed) learned[id] = null;
  const grants = { ...learned, ...change.grants };
  const put = await asLeft(app, [...endedByService(vault), ...change.put ?? []], grants);
  return core.nextCommit(vault.root, vault.opened, withRegistry(app, { ...change, put, grants }), app.device.random);
}

/**
 * Grants that leave the list take along what nothing says of them later: how far their logs were verified, and what their
 * persona was for them.
 */
async function asLeft(
  app: App, put: NonNullable<Change["put"]>, grants: NonNullable<Change["grants"]>,
): Promise<readonly Put[]> {
  const leaving = Object.entries(grants).filter(([, position]) => position === null);
  if (leaving.length === 0) return put;
  const { opened: { items, manifest }, pins } = theVault(app);
  const { settled } = await loadMore();
  const documents = new Map(put.map(({ id, document }) => [id, document]));
  for (const [id] of leaving) {
    const before = itemsOf(documents, "grant").get(id) ?? itemsOf(items, "grant").get(id);
    if (before === undefined) continue;
    const log = pins.get(id) ?? manifest.grants[id];
    const left = settled(before, items, seconds(app));
    const after = log === undefined || log.n === 0 ? left : { ...left, log };
    if (after !== before) documents.set(id, after);
  }
  return [...documents].map(([id, document]) => ({ id, document }));
}

type Put = NonNullable<Change["put"]>[number];

/** Grants whose services ended them: who did it is kept, since no later look at the log tells it again. */
function endedByService({ opened, over }: Vault): NonNullable<Change["put"]> {
  return [...itemsOf(opened.items, "grant")].flatMap(([id, item]) => {
    const end = over.get(id);
    return end?.why === "relinquished" && item.ended === null && id in opened.manifest.grants
      ? [{ id, document: { ...item, ended: { at: end.at, why: end.why } } }] : [];
  });
}

/**
 * After the server took a commit. Errors: `Failure` `unexpected` where its vault was closed before the answer came: what
 * was in it is shown to nobody, least of all to who has opened another one here since.
 */
export async function committed(app: App, { opened }: Committed): Promise<void> {
  const vault = theVault(app);
  if (vault.id !== opened.manifest.vault) throw new Failure("unexpected");
  // Closed and opened again meanwhile: it is in there already, perhaps with more.
  if (vault.opened.known.seq >= opened.known.seq) return;
  const kept = [...vault.pins].filter(([id]) => !(id in opened.manifest.grants));
  await adopt(app, { ...vault, opened, pins: new Map(kept), over: new Map(), unsure: null });
}

export interface Plan { readonly change: Change; readonly send: (commit: Commit) => Promise<unknown> }

/**
 * Changes the vault. `plan` is asked again when another device was first: what it plans then rests on the newest state.
 * An item changed on both sides is a conflict, and nothing is sent. A commit whose answer got lost is recognised.
 */
export function commit(app: App, plan: (vault: Vault) => Promise<Plan>): Promise<void> {
  return app.device.tabs.inTurn(async () => {
    const base = theVault(app);
    const { change, send } = await plan(base);
    const prepared = await prepare(app, change);
    try {
      await sent(app, prepared, change, send);
      return;
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== 412) throw error;
    }
    if (await refetch(app, base, change)) return;
    const again = await plan(theVault(app));
    await sent(app, await prepare(app, again.change), again.change, again.send);
  });
}

async function sent(app: App, prepared: Committed, change: Change, send: Plan["send"]): Promise<void> {
  try {
    await send(prepared.commit);
  } catch (error) {
    if (isLost(error) && app.vault?.id === prepared.opened.manifest.vault) {
      app.vault = { ...app.vault, unsure: { digest: prepared.opened.known.digest, said: saying(change) } };
    }
    throw error;
  }
  await committed(app, prepared);
}

/** No answer, or one that does not say whether the act took place. */
export function isLost(error: unknown): boolean {
  return error instanceof Failure && (error.status === 0 || error.status >= 500);
}

const A_TIME = 1_000_000_000;

/** What a change says, whatever the ids and times of its items are: the same act plans it again with fresh ones. */
function saying({ put = [], remove = [], methods = {}, recoveryConfirmed, grants = {} }: Change): string {
  const timeless = (_name: string, value: unknown): unknown => (typeof value === "number" && value > A_TIME ? A_TIME : value);
  const wraps = Object.entries(methods).map(([id, method]) => [id, method === null ? null : b64u(method.wrap)]);
  return JSON.stringify([put.map(({ document }) => JSON.stringify(document, timeless)).sort(), [...remove].sort(),
    wraps.sort(), recoveryConfirmed, Object.entries(grants).sort()]);
}

/** Another device was first, or our own lost commit was. True when it was our own, and has done what `change` would. */
export async function refetch(app: App, base: Vault, change: Change): Promise<boolean> {
  const answer = await storedVault(app, base.id);
  const opened = await verifyVault(app, { vault: base.id, epoch: base.opened.manifest.epoch, root: base.root, answer });
  const now = theVault(app);
  if (now.id !== base.id) throw new Failure("unexpected");
  const { unsure } = base;
  // Each of these manifests was checked: what is among them has taken place, also where another device has written since.
  const links = await Promise.all(answer.manifests.map(({ sealed }) => digest(unb64u(sealed))));
  await adopt(app, { ...now, opened, unsure: null });
  if (unsure !== null && links.includes(unsure.digest) && unsure.said === saying(change)) return true;
  const isOurs = unsure?.digest === opened.known.digest;
  if (!isOurs && core.conflicts(base.opened, opened, change).length > 0) throw new Failure("conflict");
  return false;
}
