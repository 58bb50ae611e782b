/** One atomic change of a vault (protocols/specs/vault.md, Manifest and commit). */
import type { MethodKind, Secret } from "./derive.ts";
import { b64u, digest } from "./encoding.ts";
import type { Bytes, Random } from "./encoding.ts";
import type { ItemDocument } from "./items.ts";
import { sealItem, sealManifest } from "./manifest.ts";
import type { ItemRef, Manifest, MethodRef, Opened, Position, RegistryPin } from "./manifest.ts";
import { statementsApart } from "./statements.ts";

const NONCE_BYTES = 12;

/** What a commit changes; null removes. */
export interface Change {
  readonly put?: readonly { readonly id: string; readonly document: ItemDocument }[];
  readonly remove?: readonly string[];
  readonly methods?: { readonly [id: string]: { readonly kind: MethodKind; readonly wrap: Bytes } | null };
  readonly recoveryConfirmed?: boolean;
  readonly grants?: { readonly [id: string]: Position | null };
  readonly registry?: RegistryPin;
}

/** As protocols/specs/wallet-api.md has it. */
export type Commit = {
  readonly seq: number;
  readonly prev: string;
  readonly manifest: string;
  readonly epoch: number;
  readonly put: readonly { readonly id: string; readonly rev: number; readonly sealed: string }[];
  readonly delete: readonly string[];
};

/** A commit to send, and the vault as it is once the server has taken it. */
export interface Committed { readonly commit: Commit; readonly opened: Opened }

/** The commit that makes a vault. `root` is fresh, `vault` its id. */
export async function firstCommit(root: Secret, vault: string, change: Change, random: Random): Promise<Committed> {
  const manifest: Manifest = {
    v: 1, vault, seq: 0, epoch: 1, prev: "", items: {}, methods: {}, recovery_confirmed: false, grants: {},
    registry: { keys: [], seq: 0 },
  };
  return nextCommit(root, { manifest, known: { seq: 0, digest: "" }, items: new Map() }, change, random);
}

/** The commit after `opened`. */
export async function nextCommit(root: Secret, opened: Opened, change: Change, random: Random): Promise<Committed> {
  const { manifest: before, known } = opened;
  const put = statementsApart(change.put ?? [], opened.items, random);
  const puts = await Promise.all(put.map(async ({ id, document }) => {
    const rev = (before.items[id]?.rev ?? 0) + 1;
    const sealed = await sealItem(root, { vault: before.vault, id, rev, epoch: before.epoch }, document, random(NONCE_BYTES));
    return { id, sealed, ref: { rev, kind: document.kind, digest: await digest(sealed) } };
  }));
  const removed = new Set(change.remove ?? []);
  const manifest: Manifest = {
    ...before,
    seq: known.seq + 1,
    prev: known.digest,
    items: without<ItemRef>({ ...before.items, ...Object.fromEntries(puts.map(({ id, ref }) => [id, ref])) }, removed),
    methods: await changedMethods(before.methods, change.methods ?? {}),
    recovery_confirmed: change.recoveryConfirmed ?? before.recovery_confirmed,
    grants: changedGrants(before.grants, change.grants ?? {}),
    registry: newerPin(before.registry, change.registry),
  };
  const sealed = await sealManifest(root, manifest, random(NONCE_BYTES));
  const items = new Map([...opened.items, ...[...put, ...change.put ?? []].map(({ id, document }) => [id, document] as const)]);
  for (const id of removed) items.delete(id);
  return {
    commit: {
      seq: manifest.seq, prev: manifest.prev, manifest: b64u(sealed), epoch: manifest.epoch,
      put: puts.map(({ id, ref, sealed: item }) => ({ id, rev: ref.rev, sealed: b64u(item) })),
      delete: [...removed],
    },
    opened: { manifest, known: { seq: manifest.seq, digest: await digest(sealed) }, items },
  };
}

/** The items that `change` touches and that another device changed too, after 412: the resident settles these. */
export function conflicts(base: Opened, theirs: Opened, change: Change): readonly string[] {
  // Preferences are merged, member by member, by who plans the commit.
  const put = (change.put ?? []).filter(({ document }) => document.kind !== "preferences").map(({ id }) => id);
  const touched = [...put, ...(change.remove ?? [])];
  return touched.filter((id) => base.manifest.items[id]?.digest !== theirs.manifest.items[id]?.digest);
}

async function changedMethods(
  before: Manifest["methods"], changes: NonNullable<Change["methods"]>,
): Promise<Manifest["methods"]> {
  const refs = await Promise.all(Object.entries(changes).map(async ([id, method]): Promise<[string, MethodRef][]> =>
    (method === null ? [] : [[id, { kind: method.kind, digest: await digest(method.wrap) }]])));
  return { ...without(before, new Set(Object.keys(changes))), ...Object.fromEntries(refs.flat()) };
}

function changedGrants(before: Manifest["grants"], changes: NonNullable<Change["grants"]>): Manifest["grants"] {
  const kept = Object.entries(changes).flatMap(([id, position]): [string, Position][] => {
    if (position === null) return [];
    const pinned = before[id];
    // A pin never goes down, whatever another device has seen meanwhile.
    return [[id, pinned !== undefined && pinned.n > position.n ? pinned : position]];
  });
  return { ...without(before, new Set(Object.keys(changes))), ...Object.fromEntries(kept) };
}

function newerPin(before: RegistryPin, change: RegistryPin | undefined): RegistryPin {
  return change !== undefined && change.seq >= before.seq ? { keys: [...change.keys], seq: change.seq } : before;
}

function without<T>(members: { readonly [id: string]: T }, removed: ReadonlySet<string>): { readonly [id: string]: T } {
  return Object.fromEntries(Object.entries(members).filter(([id]) => !removed.has(id)));
}
