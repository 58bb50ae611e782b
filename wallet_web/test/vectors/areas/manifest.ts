import { b64u, digest, jcs, utf8 } from "../../../src/core/encoding.ts";
import type { Bytes, Json, JsonObject } from "../../../src/core/encoding.ts";
import { itemKey, manifestKey } from "../../../src/core/derive.ts";
import { seal } from "../../../src/core/seal.ts";
import { aDigest, anId, fixed } from "../keys.ts";
import type { Inputs } from "../operations.ts";
import { Area } from "../recipe.ts";

const ROOT = fixed("root", 32);
const VAULT = anId("vault");
const METHOD = anId("passkey");
const NAME: JsonObject = { kind: "attribute", attribute: "person.full_name", value: "Siân", source: "self_asserted", as_of: "2026-11-02", history: [] };
const LATER: JsonObject = { kind: "from-a-later-release", anything: [1, null] };

interface Sealed { readonly id: string; readonly rev: number; readonly sealed: string; readonly ref: JsonObject }

async function item(label: string, document: Json, rev = 1, kind = "attribute", bytes?: Bytes): Promise<Sealed> {
  const id = anId(label);
  const context = { t: "item", vault: VAULT, id, rev, epoch: 1 } as const;
  const sealed = await seal(await itemKey(ROOT, VAULT, id), context, bytes ?? utf8(jcs(document)), fixed(`nonce ${label} ${rev}`, 12));
  return { id, rev, sealed: b64u(sealed), ref: { rev, kind, digest: await digest(sealed) } };
}

/** A sealed manifest. `changes` are of its plaintext; `rev` and `epoch` are those of the seal. */
async function manifestOf(
  seq: number, prev: string, items: readonly Sealed[], changes: JsonObject = {}, epoch = 1,
): Promise<{ seq: number; sealed: string; digest: string }> {
  const document = {
    v: 1, vault: VAULT, seq, epoch: 1, prev, items: Object.fromEntries(items.map(({ id, ref }) => [id, ref])),
    methods: { [METHOD]: { kind: "passkey", digest: await digest(fixed("wrap", 301)) } }, recovery_confirmed: true,
    grants: { [anId("grant")]: { n: 3, head: aDigest("head") } }, registry: { keys: [aDigest("registrar")], seq: 12 }, ...changes,
  };
  const sealed = await seal(await manifestKey(ROOT, VAULT), { t: "manifest", vault: VAULT, id: "manifest", rev: seq, epoch },
    utf8(jcs(document)), fixed(`nonce manifest ${seq}`, 12));
  return { seq, sealed: b64u(sealed), digest: await digest(sealed) };
}

/** `manifest.open` (protocols/specs/vault.md, Manifest and commit): what a server must not be able to do. */
export async function manifest(): Promise<Area> {
  const area = new Area("manifest");
  const name = await item("name", NAME, 2);
  const later = await item("later", LATER, 1, "from-a-later-release");
  const first = await manifestOf(1, "", []);
  const second = await manifestOf(2, first.digest, [name]);
  const third = await manifestOf(3, second.digest, [name, later]);
  const wrap = b64u(fixed("wrap", 301));
  const base: Inputs["manifest.open"] = {
    root: b64u(ROOT), vault: VAULT, epoch: 1, known: second, manifests: [third], items: [name, later], methods: [{ id: METHOD, wrap }],
  };
  const opened = { seq: 3, items: { [name.id]: NAME, [later.id]: LATER } };
  const good = (comment: string, changes: Partial<Inputs["manifest.open"]>, output: Json = opened): Area =>
    area.valid("manifest.open", comment, asGiven({ ...base, ...changes }), output);
  good("the next manifest, and an item of a kind that we do not know", {});
  good("a device that knows nothing takes the newest", { known: null });
  good("a device that knows nothing takes the whole chain", { known: null, manifests: [first, second, third] });
  good("two manifests since the known one", { known: first, manifests: [second, third] });
  good("nothing new", { known: third });
  good("the list begins before what is known", { manifests: [first, second, third] });
  good("a new vault", { known: null, manifests: [first], items: [] }, { seq: 1, items: {} });
  await badLinks(area, base, { first, second, third });
  await badForms(area, base);
  badItems(area, base, { name, later });
  await badContents(area, base);
  return area;
}

type Base = Inputs["manifest.open"];

/** Without what only the making needs. */
function asGiven(base: Base): Base {
  return {
    ...base,
    known: base.known === null ? null : { seq: base.known.seq, digest: base.known.digest },
    manifests: base.manifests.map(({ seq, sealed }) => ({ seq, sealed })),
    items: base.items.map(({ id, rev, sealed }) => ({ id, rev, sealed })),
  };
}

type Link = Awaited<ReturnType<typeof manifestOf>>;

async function badLinks(area: Area, base: Base, { first, second, third }: Readonly<Record<"first" | "second" | "third", Link>>): Promise<void> {
  const other = await manifestOf(2, aDigest("elsewhere"), []);
  const onOther = await manifestOf(3, other.digest, []);
  const bad = (error: "chain" | "rolled-back" | "forked" | "malformed", comment: string, changes: Partial<Base>): Area =>
    area.invalid("manifest.open", `manifest/${error}`, comment, asGiven({ ...base, ...changes }));
  bad("rolled-back", "an old vault", { manifests: [first], known: second });
  bad("rolled-back", "an old vault by its whole chain", { manifests: [first, second], known: third });
  bad("forked", "another manifest at the known number", { manifests: [other], items: [], known: second });
  bad("forked", "another branch, from the known number on", { manifests: [other, onOther], items: [], known: second });
  bad("chain", "the next manifest follows another", { manifests: [onOther], items: [] });
  bad("chain", "a manifest between is left out", { known: first });
  bad("chain", "a manifest within the list is left out", { known: null, manifests: [first, third] });
  bad("chain", "a manifest comes twice", { known: null, manifests: [second, second, third] });
  bad("chain", "in the wrong order", { known: null, manifests: [third, second] });
  bad("chain", "the first manifest names one before it", { known: null, manifests: [await manifestOf(1, aDigest("before"), [])], items: [] });
  bad("malformed", "no manifest at all", { manifests: [] });
}

async function badForms(area: Area, base: Base): Promise<void> {
  const forms: [string, JsonObject][] = [
    ["a version that we do not know", { v: 2 }], ["an unknown member", { more: 1 }], ["a number below 1", { epoch: 0 }],
    ["another number than its own", { seq: 4 }], ["prev that is no digest", { prev: "x" }],
    ["an item without a revision", { items: { [anId("name")]: { kind: "attribute", digest: aDigest("x") } } }],
    ["an item of revision 0", { items: { [anId("name")]: { rev: 0, kind: "attribute", digest: aDigest("x") } } }],
    ["an item whose id is none", { items: { name: { rev: 1, kind: "attribute", digest: aDigest("x") } } }],
    ["a method of an unknown kind", { methods: { [METHOD]: { kind: "sms", digest: aDigest("x") } } }],
    ["recovery_confirmed as a text", { recovery_confirmed: "true" }],
    ["a position without a head", { grants: { [anId("grant")]: { n: 3, head: "" } } }],
    ["a head without a position", { grants: { [anId("grant")]: { n: 0, head: aDigest("head") } } }],
    ["a pin that is no thumbprint", { registry: { keys: ["registrar"], seq: 12 } }],
  ];
  for (const [comment, changes] of forms) {
    const manifests = [await manifestOf(3, aDigest("any"), [], changes)];
    area.invalid("manifest.open", "manifest/malformed", comment, asGiven({ ...base, known: null, items: [], manifests }), "Form");
  }
  const other = async (changes: JsonObject, epoch?: number): Promise<Partial<Base>> =>
    ({ known: null, items: [], manifests: [await manifestOf(3, aDigest("any"), [], changes, epoch)] });
  area.invalid("manifest.open", "manifest/vault", "the manifest of another vault", asGiven({ ...base, ...await other({ vault: anId("other") }) }));
  area.invalid("manifest.open", "manifest/epoch", "another epoch inside", asGiven({ ...base, ...await other({ epoch: 2 }) }));
  area.invalid("manifest.open", "seal/open", "sealed in another epoch", asGiven({ ...base, ...await other({ epoch: 2 }, 2) }));
  area.invalid("manifest.open", "seal/open", "an old manifest under a new number",
    { ...base, manifests: base.manifests.map(({ sealed }) => ({ seq: 4, sealed })) });
  area.invalid("manifest.open", "seal/open", "another root", { ...base, root: b64u(fixed("other root", 32)) });
}

function badItems(area: Area, base: Base, { name, later }: { name: Sealed; later: Sealed }): void {
  const bad = (error: "item-missing" | "item-unlisted" | "item-changed" | "wrap-changed", comment: string, changes: Partial<Base>): Area =>
    area.invalid("manifest.open", `manifest/${error}`, comment, asGiven({ ...base, ...changes }), "MaliciousServer");
  bad("item-missing", "an item is held back", { items: [name] });
  bad("item-missing", "an item is exchanged for another", { items: [name, { ...later, id: anId("planted") }] });
  bad("item-unlisted", "an item is planted", { items: [name, later, { ...later, id: anId("planted") }] });
  bad("item-unlisted", "an item comes twice", { items: [name, later, later] });
  bad("item-changed", "two items are exchanged", { items: [{ ...name, sealed: later.sealed }, { ...later, sealed: name.sealed }] });
  bad("item-changed", "a changed byte", { items: [{ ...name, sealed: `${name.sealed.slice(0, 40)}AAAA${name.sealed.slice(44)}` }, later] });
  bad("item-changed", "another revision", { items: [{ ...name, rev: 1 }, later] });
  bad("wrap-changed", "a wrap is exchanged", { methods: [{ id: METHOD, wrap: b64u(fixed("other wrap", 301)) }] });
  bad("wrap-changed", "a wrap is held back", { methods: [] });
  bad("wrap-changed", "a method is planted", { methods: [...base.methods, { id: anId("planted"), wrap: b64u(fixed("wrap", 301)) }] });
  bad("wrap-changed", "a method under another id", { methods: base.methods.map(({ wrap }) => ({ id: anId("planted"), wrap })) });
  bad("wrap-changed", "a method comes twice", { methods: [...base.methods, ...base.methods] });
}

async function badContents(area: Area, base: Base): Promise<void> {
  const listing = async (sealed: Sealed): Promise<Base> =>
    asGiven({ ...base, known: null, items: [sealed], manifests: [await manifestOf(3, aDigest("any"), [sealed])] });
  area.invalid("manifest.open", "item/kind", "an item of another kind than the listed one", await listing(await item("kind", LATER)));
  area.invalid("manifest.open", "item/kind", "an item that is an array", await listing(await item("array", [1])));
  area.invalid("manifest.open", "item/kind", "an item that is no JSON", await listing(await item("broken", null, 1, "attribute", utf8("{"))));
  const moved = await item("moved", NAME);
  area.invalid("manifest.open", "seal/open", "an item sealed for another id", await listing({ ...moved, id: anId("another place") }));
}
