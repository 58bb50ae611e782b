/** A server that keeps one vault of one resident, real devices of hers, and a service of the vectors' world that knows her. */
import type { Api, DepositRow, Publication } from "../../src/client/api.ts";
import { Failure } from "../../src/client/failure.ts";
import { firstCommit } from "../../src/core/commit.ts";
import type { Commit } from "../../src/core/commit.ts";
import { b64u, newId } from "../../src/core/encoding.ts";
import type { Bytes, Json } from "../../src/core/encoding.ts";
import type { Choice, GrantItem, ItemDocument, RelationshipItem } from "../../src/core/items.ts";
import { publicPart } from "../../src/core/keys.ts";
import { NO_PREFERENCES, preferencesItem } from "../../src/core/preferences_item.ts";
import type { Preferences } from "../../src/core/preferences_item.ts";
import { makeRecord } from "../../src/core/record.ts";
import { makeRelationship } from "../../src/core/subject.ts";
import { newApp } from "../../src/state/app.ts";
import type { App, Device } from "../../src/state/app.ts";
import { verified } from "../../src/state/asking.ts";
import { commit, openVault } from "../../src/state/vault.ts";
import { Shelf, aRequest, random } from "../core/scene.ts";
import { CLIENT, ISSUER, NOW, UNTIL, indexOf, registrar, requestClaims, requestOf, statementOf } from "../vectors/world.ts";

export const WORK = newId(random);

interface Publishing { readonly commit: Commit; readonly disclosures: readonly Publication[] }

/** What a server keeps of one vault. */
export class Server {
  readonly shelf = new Shelf();
  readonly taken: Commit[] = [];
  readonly revoked: string[] = [];
  readonly published: Publication[] = [];
  /** The wraps of the ways to unlock that it keeps. */
  readonly methods: { readonly id: string; readonly wrap: string }[] = [];
  /** What services left, as the server gives it. */
  inbox: readonly DepositRow[] = [];
  /** How many of the next answers are lost: what they answer has been done. */
  lost = 0;
  /** What another device does before this one's next commits arrive. */
  meanwhile: (() => Promise<void>)[] = [];

  private answer<T>(given: T): T {
    if (this.lost === 0) return given;
    this.lost -= 1;
    throw new Failure("network");
  }

  /** `refused` is asked of a commit that follows the last. */
  async take(sealed: Commit, refused: () => void = () => undefined): Promise<{ seq: number }> {
    const [first, ...later] = this.meanwhile;
    this.meanwhile = [];
    await first?.();
    this.meanwhile = later;
    if (sealed.seq !== this.taken.length + 1) throw new Failure("refused", "another-device-was-first", 412);
    refused();
    this.taken.push(sealed);
    this.shelf.take(sealed);
    return this.answer({ seq: sealed.seq });
  }

  async publish({ commit: sealed, disclosures }: Publishing, refused?: () => void): Promise<{ seq: number }> {
    try {
      return await this.take(sealed, refused);
    } finally {
      if (this.taken.includes(sealed)) this.published.push(...disclosures);
    }
  }

  async answerDeposit(id: string, body: Publishing): Promise<{ seq: number }> {
    try {
      return await this.publish(body, () => {
        if (!this.inbox.some((row) => row.id === id)) throw new Failure("requestUnknown", "not-found", 404);
      });
    } finally {
      if (this.taken.includes(body.commit)) this.inbox = this.inbox.filter((row) => row.id !== id);
    }
  }
}

export interface House {
  readonly server: Server; readonly vault: string; readonly root: Bytes;
  /** By what keys the service knows the resident: as herself, and as "Work". */
  readonly subjects: ReadonlyMap<string, readonly [id: string, item: RelationshipItem]>;
}

/** A vault with one persona, "Work". */
export async function aHouse(
  values: Record<string, Json> = {}, own: Record<string, Json> = {}, more: Partial<Preferences> = {},
): Promise<House> {
  const subjects = await Promise.all(["", WORK].map(async (persona) =>
    [persona, [newId(random), await makeRelationship(CLIENT, persona)]] as const));
  const house: House = { server: new Server(), vault: newId(random), root: random(32), subjects: new Map(subjects) };
  const personas = new Map([[WORK, { name: "Work", values: new Map(Object.entries(values)) }]]);
  const documents: (readonly [string, ItemDocument])[] = [...subjects.map(([, one]) => one),
    [newId(random), preferencesItem({ ...NO_PREFERENCES, personas, ...more })],
    ...Object.entries(own).map(([attribute, value]): [string, ItemDocument] => [newId(random),
      { kind: "attribute", attribute, value, source: "self_asserted", as_of: "2026-11-02", history: [] }])];
  const put = documents.map(([id, document]) => ({ id, document }));
  await house.server.take((await firstCommit(house.root, house.vault, { put }, random)).commit);
  return house;
}

/** A device on which the vault is open. */
export async function aDevice({ server, vault, root }: House): Promise<App> {
  const api = {
    commit: (sealed: Commit) => server.take(sealed),
    index: async () => indexOf(await statementOf()),
    statement: () => statementOf(),
    grants: () => Promise.resolve({ grants: [] }),
    publish: (body: Publishing) => server.publish(body),
    deposits: () => Promise.resolve({ deposits: server.inbox }),
    answerDeposit: (id: string, body: Publishing) => server.answerDeposit(id, body),
    revoke: async (id: string, { commit: sealed }: { commit: Commit }) => {
      await server.take(sealed);
      server.revoked.push(id);
    },
    vault: () => {
      const { manifests, items, epoch } = server.shelf.give(root, vault, null);
      return Promise.resolve({ vault, epoch, seq: server.taken.length, methods: server.methods,
        manifests: manifests.map(({ seq, sealed }) => ({ seq, sealed: b64u(sealed) })),
        items: items.map(({ id, rev, sealed }) => ({ id, rev, sealed: b64u(sealed) })) });
    },
  } as unknown as Api;
  const nothing = (): Promise<null> => Promise.resolve(null);
  const silent = (): undefined => undefined;
  const app = newApp({
    api, random, now: () => NOW * 1000, after: silent, report: (error: unknown) => { throw error; },
    keys: { memory: nothing, remember: nothing, keep: nothing, erase: nothing, memories: () => Promise.resolve([]) },
    tongue: { keep: silent }, push: silent, leaveTo: silent, passkeys: () => true,
    origin: ISSUER, registrarKeys: [publicPart(registrar)],
    tabs: { tellOpened: silent, inTurn: (work: () => Promise<void>) => work() },
    request: { counter: () => "", draft: () => null, keepDraft: silent, clear: silent },
  } as unknown as Device, silent);
  await openVault(app, { vault, epoch: 1, root, shared: false });
  return app;
}

/** The service asks her to sign in. */
export async function ask(app: App): Promise<void> {
  const statement = await statementOf();
  app.asking = await verified(app, { id: "r", request: requestOf(requestClaims(null)), parameters: null, client_id: CLIENT,
    statement, index: await indexOf(statement), expires: NOW + 1000, decided: null });
}

/** The service of the scene sees these from now on; the id of that grant. */
export function share(app: App, house: House, ...attributes: string[]): Promise<string> {
  return shareAs("", app, house, attributes);
}

/** It sees these of "Work", as they are each time. */
export function shareAsWork(app: App, house: House, ...attributes: string[]): Promise<string> {
  return shareAs(WORK, app, house, attributes);
}

async function shareAs(persona: string, app: App, { subjects }: House, attributes: readonly string[]): Promise<string> {
  const subject = subjects.get(persona);
  if (subject === undefined) throw new Error("no such subject");
  const [relationship, keys] = subject;
  const { request, service, compact } = await aRequest();
  const [id, salt] = [newId(random), newId(random)];
  const decisions = Object.fromEntries(attributes.map((one) => [one, "share" as const]));
  const record = await makeRecord({ relationship: keys, request, service, grantId: id, access: { until: UNTIL }, salt, decisions, now: NOW });
  const theirs: Choice = persona === "" ? { choice: "share" } : { choice: "share", persona: true };
  const item: GrantItem = {
    kind: "grant", grant_id: id, service: CLIENT, authority: "seatown", sub: record.sub, sector: CLIENT, persona, relationship,
    request: compact, parameters: null, request_hash: request.requestHash, statement: await statementOf(), record: record.compact, salt,
    decisions, choices: Object.fromEntries(attributes.map((one): [string, Choice] => [one, theirs])), access: { until: UNTIL },
    revision: 1, created: NOW, ended: null };
  await commit(app, () => Promise.resolve({
    change: { put: [{ id, document: item }], grants: { [id]: { n: 0, head: "" } } }, send: app.device.api.commit }));
  return id;
}
