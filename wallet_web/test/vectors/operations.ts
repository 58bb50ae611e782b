/** The operations of protocols/vectors/README.md, each in terms of the core. */
import { checkValue } from "../../src/core/catalogue.ts";
import { derive, notApplicable, ofPersona } from "../../src/core/derived.ts";
import type { Facts, Setting } from "../../src/core/derived.ts";
import { readEntry, verifyChain, verifyEnds, verifyPauses } from "../../src/core/chain.ts";
import type { Paused } from "../../src/core/chain.ts";
import { checkDesk, follow, formatCode as formatCounterCode, parseAddress, parseDigits, parseTyped,
  verifyCounterRequest } from "../../src/core/counter.ts";
import type { Act, State } from "../../src/core/counter.ts";
import { openDeposit } from "../../src/core/deposit.ts";
import { itemKey, locator, loginSeed, manifestKey, unlockKey } from "../../src/core/derive.ts";
import type { MethodKind } from "../../src/core/derive.ts";
import { capacity, openDisclosure } from "../../src/core/disclosure.ts";
import { verifyDpop } from "../../src/core/dpop.ts";
import { b64u, jcs, parseJson, unb64u } from "../../src/core/encoding.ts";
import type { Json, JsonObject } from "../../src/core/encoding.ts";
import type { Decisions } from "../../src/core/items.ts";
import { peek } from "../../src/core/jose.ts";
import { thumbprint } from "../../src/core/keys.ts";
import type { PrivateJwk, PublicJwk } from "../../src/core/keys.ts";
import { marks, reveals, told } from "../../src/core/guarded.ts";
import { verifyLoginProof } from "../../src/core/login.ts";
import type { Login } from "../../src/core/login.ts";
import { formatName, parseName } from "../../src/core/names.ts";
import { passphraseSecret } from "../../src/core/passphrase.ts";
import { openVault } from "../../src/core/manifest.ts";
import type { Known, Position } from "../../src/core/manifest.ts";
import { evaluate, replay } from "../../src/core/preferences.ts";
import type { Asking, Statement } from "../../src/core/preferences.ts";
import type { Access } from "../../src/core/request.ts";
import { mergePreferences, preferencesItem, readPreferences } from "../../src/core/preferences_item.ts";
import { decisionsHash, verifyRecord } from "../../src/core/record.ts";
import { formatCode, parseCode } from "../../src/core/recovery.ts";
import { verifyIndex, verifyStatement } from "../../src/core/registry.ts";
import type { Index, Service } from "../../src/core/registry.ts";
import { purposeId, verifyRequest } from "../../src/core/request.ts";
import type { Request } from "../../src/core/request.ts";
import { verifyPause } from "../../src/core/pause.ts";
import { verifyRevocation } from "../../src/core/revocation.ts";
import { openSealed, seal } from "../../src/core/seal.ts";
import type { Context } from "../../src/core/seal.ts";
import { verifySubjectProof } from "../../src/core/subject.ts";

interface Registered { readonly statement: string; readonly index: string; readonly now: number }
interface Asked extends Registered { readonly request: string; readonly issuer: string }
interface Derivation { readonly secret: string; readonly vault: string; readonly id: string; readonly kind: MethodKind;
  readonly method: string; }
interface VaultInput { readonly root: string; readonly vault: string; readonly epoch: number; readonly known: Known | null;
  readonly manifests: readonly { seq: number; sealed: string }[];
  readonly items: readonly { id: string; rev: number; sealed: string }[];
  readonly methods: readonly { id: string; wrap: string }[]; }

type PurposeInput = { readonly statute: string | null } | null;
interface ServiceInput { readonly client_id: string; readonly authority: string; readonly tier: string }
interface RequestInput { readonly purpose: PurposeInput; readonly attributes: { readonly [id: string]: boolean }; readonly access: Access }
interface AnsweredInput extends ServiceInput, RequestInput { readonly at: number; readonly persona: string;
  readonly purpose_id: string; readonly shared: readonly string[]; readonly stopped: boolean; }

/** What each operation takes, as protocols/vectors/README.md has it. */
export interface Inputs {
  "encoding.json": { readonly text_b64u: string };
  "derive.item": Derivation;
  "derive.manifest": Derivation;
  "derive.unlock": Derivation;
  "derive.login": Derivation;
  "derive.locator": Derivation;
  "derive.passphrase": { readonly passphrase: string; readonly salt: string; readonly suite: number };
  "name.parse": { readonly name: string };
  "name.format": { readonly name: string };
  "recovery.parse": { readonly code: string };
  "recovery.format": { readonly bytes: string };
  "seal.seal": { readonly key: string; readonly context: Context; readonly nonce: string; readonly plaintext: string };
  "seal.open": { readonly key: string; readonly context: Context; readonly sealed: string };
  "manifest.open": VaultInput;
  "login.verify": Login & { readonly proof: string; readonly public: string };
  "registry.index": { readonly index: string; readonly keys: readonly string[]; readonly release_keys: readonly PublicJwk[];
    readonly seq: number; readonly now: number; };
  "registry.statement": Registered;
  "request.verify": Asked;
  "counter.format": { readonly bytes: string };
  "counter.address": { readonly address: string; readonly issuer: string };
  "counter.typed": { readonly typed: string };
  "counter.digits": { readonly typed: string };
  "counter.follow": { readonly state: State; readonly act: Act };
  "counter.request": Asked & { readonly shown: string };
  "record.verify": Asked & { readonly record: string };
  "decisions.hash": { readonly salt: string; readonly decisions: Decisions };
  "proof.verify": { readonly subject_proof: string; readonly client_id: string; readonly request_hash: string };
  "revocation.verify": { readonly revocation: string; readonly client_id: string; readonly sub: string;
    readonly grant_id: string; readonly record_hash: string; };
  "pause.verify": { readonly word: string; readonly client_id: string; readonly sub: string;
    readonly grant_id: string; readonly record_hash: string; readonly paused: boolean; };
  "disclosure.open": { readonly disclosure: string; readonly key: PrivateJwk; readonly record: string;
    readonly request_hash: string; readonly client_id: string; readonly now: number;
    readonly last: { readonly revision: number; readonly n: number } | null; readonly n: number; };
  "disclosure.capacity": { readonly attributes: readonly string[] };
  "deposit.open": Registered & { readonly deposit: string; readonly key: PrivateJwk; readonly sub: string };
  "dpop.verify": { readonly proof: string; readonly method: string; readonly url: string; readonly now: number;
    readonly token: string | null; readonly nonce: string | null; };
  "chain.verify": { readonly grant_id: string; readonly record: string; readonly entries: readonly Json[];
    readonly pin: Position; readonly n: number; readonly head: string; readonly issuer: string;
    readonly dpop_jkt: string | null; };
  "chain.ends": { readonly record: string; readonly entries: readonly Json[] };
  "chain.pauses": { readonly record: string; readonly entries: readonly Json[]; readonly vault: Paused | null };
  "preferences.read": { readonly preferences: JsonObject };
  "preferences.evaluate": { readonly preferences: JsonObject; readonly service: ServiceInput; readonly request: RequestInput;
    readonly agreed: { readonly [attribute: string]: number }; readonly now: number; };
  "preferences.replay": { readonly preferences: JsonObject; readonly log: readonly AnsweredInput[]; readonly now: number };
  "preferences.merge": { readonly base: JsonObject; readonly mine: JsonObject; readonly theirs: JsonObject };
  "guarded.told": { readonly attribute: string; readonly value: Json };
  "guarded.reveals": { readonly held: readonly (readonly [string, Json])[]; readonly value: Json };
  "catalogue.check": { readonly attribute: string; readonly value: Json };
  "derived.answer": { readonly attribute: string; readonly held: Facts } & Setting;
  "derived.persona": { readonly attribute: string; readonly values: JsonObject } & Setting;
}

export type Operation = keyof Inputs;

type Operations = { readonly [O in Operation]: (input: Inputs[O]) => unknown };

export const OPERATIONS: Operations = {
  "encoding.json": ({ text_b64u }) => jcs(parseJson(unb64u(text_b64u))),
  "derive.item": async ({ secret, vault, id }) => b64u(await itemKey(unb64u(secret), vault, id)),
  "derive.manifest": async ({ secret, vault }) => b64u(await manifestKey(unb64u(secret), vault)),
  "derive.unlock": async ({ secret, kind, vault, method }) => b64u(await unlockKey(unb64u(secret), kind, vault, method)),
  "derive.login": async ({ secret, kind, vault }) => {
    if (kind === "passkey") throw new Error("a passkey derives no login key");
    return b64u(await loginSeed(unb64u(secret), kind, vault));
  },
  "derive.locator": async ({ secret }) => locator(unb64u(secret)),
  "derive.passphrase": async ({ passphrase, salt, suite }) => b64u(await passphraseSecret(passphrase, unb64u(salt), suite)),
  "name.parse": ({ name }) => parseName(name),
  "name.format": ({ name }) => formatName(name),
  "recovery.parse": ({ code }) => b64u(parseCode(code)),
  "recovery.format": ({ bytes }) => formatCode(unb64u(bytes)),
  "seal.seal": async ({ key, context, nonce, plaintext }) =>
    b64u(await seal(unb64u(key), context, unb64u(plaintext), unb64u(nonce))),
  "seal.open": async ({ key, context, sealed }) => b64u(await openSealed(unb64u(key), context, unb64u(sealed))),
  "manifest.open": openManifest,
  "login.verify": async ({ proof, public: x, ...login }) => verifyLoginProof(proof, x, login),
  "registry.index": async ({ index, keys, release_keys, seq, now }) => {
    const accepted = await verifyIndex(index, { keys: release_keys, pinned: keys, seq, now });
    return { seq: accepted.seq, keys: accepted.thumbprints };
  },
  "registry.statement": async (input) => {
    const { clientId, encJkt, name } = await serviceOf(input);
    return { client_id: clientId, enc_jkt: encJkt, name: name.en };
  },
  "counter.format": ({ bytes }) => formatCounterCode(unb64u(bytes)),
  "counter.address": ({ address, issuer }) => parseAddress(address, issuer),
  "counter.typed": ({ typed }) => parseTyped(typed),
  "counter.digits": ({ typed }) => parseDigits(typed),
  "counter.follow": ({ state, act }) => follow(state, act),
  "counter.request": async (input) => {
    const service = await serviceOf(input);
    const request = await verifyCounterRequest(input.request, service, { issuer: input.issuer, now: input.now });
    const shown = service.counters.find(({ id }) => id === input.shown);
    if (shown === undefined) throw new Error("the vector shows a desk that is not there");
    checkDesk(request.desk, shown);
    const attributes = [...request.attributes.keys()].sort();
    return { request_hash: request.requestHash, purpose: purposeId(request), attributes, desk: request.desk.id };
  },
  "request.verify": async (input) => {
    const { request } = await asked(input);
    const attributes = [...request.attributes.keys()].sort();
    return { request_hash: request.requestHash, purpose: purposeId(request), attributes };
  },
  "record.verify": async (input) => {
    const { request, service } = await asked(input);
    const { sub, grantId, hash } = await verifyRecord(input.record, request, service, input.now);
    return { sub, grant_id: grantId, record_hash: hash };
  },
  "decisions.hash": async ({ salt, decisions }) => decisionsHash(salt, decisions),
  "proof.verify": async ({ subject_proof, client_id, request_hash }) => {
    const proof = await verifySubjectProof(subject_proof, { clientId: client_id, requestHash: request_hash });
    return { sub: proof.sub, grant_id: proof.grantId, record_hash: proof.recordHash };
  },
  "revocation.verify": async ({ revocation, client_id, sub, grant_id, record_hash }) =>
    verifyRevocation(revocation, { clientId: client_id, sub, grantId: grant_id, recordHash: record_hash }),
  "pause.verify": async ({ word, client_id, sub, grant_id, record_hash, paused }) =>
    verifyPause(word, { clientId: client_id, sub, grantId: grant_id, recordHash: record_hash }, paused),
  "disclosure.open": async ({ disclosure, request_hash, client_id, ...rest }) => {
    const { revision, claims } = await openDisclosure(disclosure, { ...rest, requestHash: request_hash, clientId: client_id });
    return { revision, claims };
  },
  "disclosure.capacity": ({ attributes }) => capacity(attributes),
  "deposit.open": async ({ deposit, key, sub, ...registered }) => {
    const opened = await openDeposit(deposit, await serviceOf(registered), { key, sub, now: registered.now });
    return { id: opened.id, why: opened.why, values: Object.fromEntries(opened.values) };
  },
  "dpop.verify": async ({ proof, ...proven }) => {
    const { jkt, jti } = await verifyDpop(proof, proven);
    return { jkt, jti };
  },
  "chain.verify": async ({ grant_id, dpop_jkt, ...rest }) => verifyChain({ ...rest, grantId: grant_id, dpopJkt: dpop_jkt }),
  "chain.ends": async ({ record, entries }) => {
    await verifyEnds(entries.map(readEntry), record);
    return {};
  },
  "chain.pauses": async ({ record, entries, vault }) => {
    await verifyPauses(entries.map(readEntry), record, vault);
    return {};
  },
  "preferences.read": ({ preferences }) => preferencesItem(readPreferences(preferences)),
  "preferences.evaluate": ({ preferences, service, request, agreed, now }) => {
    const { refused, trust, trustBecause, persona, personaBecause, oneOff, oneTap, attributes } = evaluate(
      askingOf(request), readPreferences(preferences), serviceIn(service), now, new Map(Object.entries(agreed)));
    return {
      refused, trust, trust_because: trustBecause, persona, persona_because: personaBecause, one_off: oneOff, one_tap: oneTap,
      attributes: Object.fromEntries([...attributes].map(([id, { ownPage, ...rest }]) => [id, { ...rest, own_page: ownPage }])),
    };
  },
  "preferences.replay": ({ preferences, log, now }) => {
    const answered = log.map((one) => ({ ...askingOf(one), ...serviceIn(one),
      at: one.at, persona: one.persona, purposeId: one.purpose_id, shared: one.shared, stopped: one.stopped }));
    return replay(readPreferences(preferences), answered, now).map(({ answered: { at }, evaluation, keptBack }) => (
      { at, refused: evaluation.refused, one_tap: evaluation.oneTap, kept_back: keptBack }));
  },
  "preferences.merge": ({ base, mine, theirs }) => preferencesItem(
    mergePreferences(readPreferences(base), readPreferences(mine), readPreferences(theirs))),
  "guarded.told": ({ attribute, value }) => told(attribute, value),
  "guarded.reveals": ({ held, value }) => reveals(value, marks(held)),
  "catalogue.check": ({ attribute, value }) => checkValue(attribute, value),
  "derived.answer": ({ attribute, held, ...setting }) =>
    (notApplicable(attribute, held) ? { absent: "not_applicable" } : derive(attribute, held, setting)),
  "derived.persona": ({ attribute, values, ...setting }) => ofPersona(attribute, new Map(Object.entries(values)), setting),
};

function askingOf({ purpose, attributes, access }: RequestInput): Asking {
  return { purpose, access, attributes: new Map(Object.entries(attributes).map(([id, required]) => [id, { required }])) };
}

function serviceIn({ client_id, authority, tier }: ServiceInput): Statement {
  return { clientId: client_id, authority: { id: authority }, tier };
}

async function openManifest({ root, vault, epoch, known, manifests, items, methods }: VaultInput): Promise<unknown> {
  const { manifest, items: opened } = await openVault({
    root: unb64u(root), vault, epoch, known,
    manifests: manifests.map(({ seq, sealed }) => ({ seq, sealed: unb64u(sealed) })),
    items: items.map(({ id, rev, sealed }) => ({ id, rev, sealed: unb64u(sealed) })),
    methods: methods.map(({ id, wrap }) => ({ id, wrap: unb64u(wrap) })),
  });
  return { seq: manifest.seq, items: Object.fromEntries(opened) };
}

async function serviceOf({ statement, index, now }: Registered): Promise<Service> {
  return verifyStatement(statement, await acceptedIndex(index), now);
}

/** An index that was accepted when it was made, by a wallet that has pinned the keys in it. */
export async function acceptedIndex(compact: string): Promise<Index> {
  const { jwks, iat } = peek(compact) as { jwks?: { keys: PublicJwk[] }; iat?: number };
  const keys = jwks?.keys ?? [];
  return verifyIndex(compact, { keys, pinned: await Promise.all(keys.map(thumbprint)), seq: 0, now: iat ?? 0 });
}

async function asked(input: Asked): Promise<{ request: Request; service: Service }> {
  const service = await serviceOf(input);
  return { service, request: await verifyRequest(input.request, service, { issuer: input.issuer, now: input.now }) };
}
