/** The sealed list of everything in a vault, and what a wallet checks when it opens one (protocols/specs/vault.md). */
import { itemKey, manifestKey } from "./derive.ts";
import type { MethodKind, Secret } from "./derive.ts";
import { digest, jcs, parseObject, utf8 } from "./encoding.ts";
import type { Bytes, Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import type { ItemDocument } from "./items.ts";
import { DIGEST, ID, digestOrNothing, entries, exactly, flag, integer, oneOf, text, texts } from "./members.ts";
import { openSealed, seal } from "./seal.ts";
import { withStatements } from "./statements.ts";

const MALFORMED = "manifest/malformed";
const MEMBERS = ["v", "vault", "seq", "epoch", "prev", "items", "methods", "recovery_confirmed", "grants", "registry"];
const KINDS = ["passkey", "passphrase", "recovery"] as const;

/** How far a grant's log has been verified: `n` entries, the last with this head. `n` 0 has head `""`. */
export type Position = { readonly n: number; readonly head: string };

export type ItemRef = { readonly rev: number; readonly kind: string; readonly digest: string };
export type MethodRef = { readonly kind: MethodKind; readonly digest: string };
export type RegistryPin = { readonly keys: readonly string[]; readonly seq: number };

/** The plaintext of a manifest. `prev` is the digest of the sealed manifest before it. */
export type Manifest = {
  readonly v: 1;
  readonly vault: string;
  readonly seq: number;
  readonly epoch: number;
  readonly prev: string;
  readonly items: { readonly [id: string]: ItemRef };
  readonly methods: { readonly [id: string]: MethodRef };
  readonly recovery_confirmed: boolean;
  readonly grants: { readonly [id: string]: Position };
  readonly registry: RegistryPin;
};

/** The newest manifest that this device has seen. */
export interface Known { readonly seq: number; readonly digest: string }

export interface SealedManifest { readonly seq: number; readonly sealed: Bytes }
export interface SealedItem { readonly id: string; readonly rev: number; readonly sealed: Bytes }
export interface SealedMethod { readonly id: string; readonly wrap: Bytes }

/** A vault whose every link, item and wrap was checked. */
export interface Opened {
  readonly manifest: Manifest;
  readonly known: Known;
  readonly items: ReadonlyMap<string, ItemDocument>;
}

/** What the wallet expects, and what the server gave. */
export interface Given {
  readonly root: Secret;
  readonly vault: string;
  readonly epoch: number;
  readonly known: Known | null;
  readonly manifests: readonly SealedManifest[];
  readonly items: readonly SealedItem[];
  readonly methods: readonly SealedMethod[];
}

/**
 * Everything in the vault, if it is exactly what the newest manifest lists.
 * Errors: `seal/…`, `manifest/…`, `item/kind`.
 */
export async function openVault(given: Given): Promise<Opened> {
  const { manifest, known } = await openManifests(given);
  await checkItems(manifest, given.items);
  await checkWraps(manifest, given.methods);
  const opened = given.items.map(async (item) =>
    [item.id, await openItem(given.root, manifest, item)] as const);
  return { manifest, known, items: withStatements(new Map(await Promise.all(opened))) };
}

/** The newest of the manifests, every link checked; without the items, which `openVault` needs. */
export async function openManifests(given: Omit<Given, "items" | "methods">): Promise<{ manifest: Manifest; known: Known }> {
  const { root, vault, epoch, known, manifests } = given;
  const key = await manifestKey(root, vault);
  const links: { manifest: Manifest; seq: number; digest: string }[] = [];
  for (const { seq, sealed } of manifests) {
    const manifest = parseManifest(await openSealed(key, { t: "manifest", vault, id: "manifest", rev: seq, epoch }, sealed));
    if (manifest.seq !== seq) throw new Invalid(MALFORMED, "seq");
    if (manifest.vault !== vault) throw new Invalid("manifest/vault");
    if (manifest.epoch !== epoch) throw new Invalid("manifest/epoch");
    links.push({ manifest, seq, digest: await digest(sealed) });
  }
  const newest = links.at(-1);
  if (newest === undefined) throw new Invalid(MALFORMED, "no manifest");
  checkChain(links, known);
  if (known !== null && newest.seq < known.seq) throw new Invalid("manifest/rolled-back");
  if (links.some((link) => link.seq === known?.seq && link.digest !== known.digest)) throw new Invalid("manifest/forked");
  return { manifest: newest.manifest, known: { seq: newest.seq, digest: newest.digest } };
}

/** The sealed bytes that the server keeps. */
export async function sealManifest(root: Secret, manifest: Manifest, nonce: Bytes): Promise<Bytes> {
  const context = { t: "manifest", vault: manifest.vault, id: "manifest", rev: manifest.seq, epoch: manifest.epoch } as const;
  return seal(await manifestKey(root, manifest.vault), context, utf8(jcs(manifest)), nonce);
}

/** The sealed bytes of one revision of an item. */
export async function sealItem(
  root: Secret, context: { vault: string; id: string; rev: number; epoch: number }, document: ItemDocument, nonce: Bytes,
): Promise<Bytes> {
  return seal(await itemKey(root, context.vault, context.id), { t: "item", ...context }, utf8(jcs(document)), nonce);
}

/** A manifest from its plaintext. Errors: `manifest/malformed`. */
export function parseManifest(plaintext: Bytes): Manifest {
  const document = exactly(parsed(plaintext), MEMBERS, MALFORMED);
  if (document["v"] !== 1) throw new Invalid(MALFORMED, "v");
  const registry = exactly(document["registry"], ["keys", "seq"], MALFORMED);
  return {
    v: 1,
    vault: text(document, "vault", MALFORMED, ID),
    seq: integer(document, "seq", MALFORMED, 1),
    epoch: integer(document, "epoch", MALFORMED, 1),
    prev: digestOrNothing(document, "prev", MALFORMED),
    items: byId(document["items"], itemRef),
    methods: byId(document["methods"], methodRef),
    recovery_confirmed: flag(document, "recovery_confirmed", MALFORMED),
    grants: byId(document["grants"], (value) => position(value, MALFORMED)),
    registry: { keys: texts(registry["keys"], MALFORMED, DIGEST), seq: integer(registry, "seq", MALFORMED) },
  };
}

/** `{"n","head"}`, from a manifest or an answer. */
export function position(value: Json | undefined, code: "manifest/malformed" | "log/malformed"): Position {
  const document = exactly(value, ["n", "head"], code);
  const n = integer(document, "n", code);
  const head = digestOrNothing(document, "head", code);
  if ((n === 0) !== (head === "")) throw new Invalid(code, "position");
  return { n, head };
}

function checkChain(links: readonly { manifest: Manifest; seq: number; digest: string }[], known: Known | null): void {
  let before = known ?? { seq: 0, digest: "" };
  for (const [at, { manifest, seq, digest }] of links.entries()) {
    // A list may begin where this device has no link to compare: at or before what it knows, or anywhere if it knows nothing.
    const isFree = at === 0 && (known === null ? seq !== 1 : seq <= known.seq);
    if (!isFree && (seq !== before.seq + 1 || manifest.prev !== before.digest)) throw new Invalid("manifest/chain");
    before = { seq, digest };
  }
}

async function checkItems(manifest: Manifest, items: readonly SealedItem[]): Promise<void> {
  const given = new Set(items.map(({ id }) => id));
  if (!Object.keys(manifest.items).every((id) => given.has(id))) throw new Invalid("manifest/item-missing");
  if (given.size !== items.length || !items.every(({ id }) => Object.hasOwn(manifest.items, id))) {
    throw new Invalid("manifest/item-unlisted");
  }
  for (const { id, rev, sealed } of items) {
    const listed = manifest.items[id];
    if (listed?.rev !== rev || listed.digest !== await digest(sealed)) throw new Invalid("manifest/item-changed");
  }
}

async function checkWraps(manifest: Manifest, methods: readonly SealedMethod[]): Promise<void> {
  const given = new Map(methods.map(({ id, wrap }) => [id, wrap]));
  const listed = Object.entries(manifest.methods);
  if (methods.length !== listed.length) throw new Invalid("manifest/wrap-changed");
  for (const [id, ref] of listed) {
    const wrap = given.get(id);
    if (wrap === undefined || ref.digest !== await digest(wrap)) throw new Invalid("manifest/wrap-changed");
  }
}

async function openItem(root: Secret, { vault, epoch, items }: Manifest, { id, rev, sealed }: SealedItem): Promise<ItemDocument> {
  const plaintext = await openSealed(await itemKey(root, vault, id), { t: "item", vault, id, rev, epoch }, sealed);
  const kind = items[id]?.kind ?? "";
  const document = objectOrNull(plaintext);
  if (document?.["kind"] !== kind) throw new Invalid("item/kind");
  return { ...document, kind };
}

function parsed(plaintext: Bytes): JsonObject {
  const document = objectOrNull(plaintext);
  if (document === null) throw new Invalid(MALFORMED, "no JSON object");
  return document;
}

function objectOrNull(plaintext: Bytes): JsonObject | null {
  try {
    return parseObject(plaintext);
  } catch {
    return null;
  }
}

function byId<T>(value: Json | undefined, read: (value: Json) => T): { readonly [id: string]: T } {
  return Object.fromEntries(entries(value, MALFORMED, ID).map(([id, member]) => [id, read(member)]));
}

function itemRef(value: Json): ItemRef {
  const ref = exactly(value, ["rev", "kind", "digest"], MALFORMED);
  return {
    rev: integer(ref, "rev", MALFORMED, 1), kind: text(ref, "kind", MALFORMED), digest: text(ref, "digest", MALFORMED, DIGEST),
  };
}

function methodRef(value: Json): MethodRef {
  const ref = exactly(value, ["kind", "digest"], MALFORMED);
  return { kind: oneOf(ref["kind"], KINDS, MALFORMED), digest: text(ref, "digest", MALFORMED, DIGEST) };
}
