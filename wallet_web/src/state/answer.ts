/** The resident's answer: an approval is one commit with everything that was made in the wallet; a refusal is as easy. */
import type { Approval, Because, Told } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import type { Change, Committed } from "../core/commit.ts";
import { makeDisclosure } from "../core/disclosure.ts";
import { newId } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import type { ItemDocument } from "../core/items.ts";
import { makeRecord } from "../core/record.ts";
import { makeRelationship, makeSubjectProof } from "../core/subject.ts";
import { loadMore } from "../lazy.ts";
import { act, arm, seconds, show } from "./app.ts";
import type { App } from "./app.ts";
import { SIGN_IN } from "../core/registry.ts";
import type { Service } from "../core/registry.ts";
import { askAnew, askOf, showAsked } from "./ask.ts";
import { showMakeCode } from "./code.ts";
import { forgetAsking } from "./asking.ts";
import type { Asking } from "./asking.ts";
import { decide, isSingle, pageOf, withDraft } from "./choices.ts";
import type { Decision } from "./choices.ts";
import { inCatalogue, liveGrants, purposeOf, relationship } from "./items.ts";
import { turnToNext } from "./own_page.ts";
import { prove } from "./prove.ts";
import { tryRefresh } from "./grants.ts";
import { claimsOf, withAnswers } from "./present.ts";
import { preferencesIn, proposalFor } from "./preferences.ts";
import { ownPage } from "../core/preferences.ts";
import type { Evaluation } from "../core/preferences.ts";
import type { Ask, Choices, Draft } from "./state.ts";
import { checkTold, tellOthers } from "./telling.ts";
import { typedIn, values } from "./values.ts";
import { committed, isLost, prepare, refetch, theVault } from "./vault.ts";

/** An answer that is ready to send. `answers` tells one set of choices from another. */
export interface Prepared {
  readonly answers: string;
  readonly body: Approval;
  readonly next: Committed;
  readonly subjectProof: string | null;
}

interface Answered { readonly told: Told; readonly prepared: Prepared }

/** What the resident answers to: the question as it stood on the page, and what was decided there. */
interface Decided {
  readonly asking: Asking;
  readonly ask: Ask;
  readonly choices: Choices;
  readonly decisions: ReadonlyMap<string, Decision>;
}

const RECEIPT_FOR = 4000;
const REFUSALS_KEPT = 200;

export function share(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "asked" || state.own !== null || !state.armed || app.busy) return Promise.resolve();
  const choices = withDraft(state.choices, draft);
  const { decisions, errors } = decide(state.ask, choices);
  app.typed = choices;
  const here = errors.filter((error) => pageOf(error, state.ask, choices) === null);
  show(app, { ...state, choices, errors: here, armed: here.length === 0 });
  if (here.length > 0) arm(app);
  if (here.length > 0 || turnToNext(app, state.ask, choices)) return Promise.resolve();
  if (state.ask.needsCode) {
    showMakeCode(app, state.ask);
    return Promise.resolve();
  }
  const asked = app.asking?.id;
  return act(app, async () => {
    const decided = { asking: sameAsking(app, asked), ask: state.ask, choices, decisions };
    if (isSensitive(state.ask, decisions) && !await prove(app, () => showAsked(app))) return;
    await tryRefresh(app);
    const { asking } = decided;
    const answered = await answer(app, decided).catch(async (error: unknown) => {
      // What would be shared, and who would be told of it, is shown anew before anything is tried again.
      if (error instanceof Failure && error.trouble === "conflict") await askAnew(app);
      return (await loadMore()).unlockFirst(app, error);
    });
    if (answered.prepared === null) return;
    const { told, prepared } = answered;
    const { request, counter } = asking;
    const shared = [...decisions].filter(([, one]) => one.share).map(([id]) => id);
    if (counter !== null) {
      counter.answered(state.ask, shared);
      return;
    }
    app.leaving = answerUrl(request.redirectUri,
      { ...answerMembers(app, told, { code: told.code ?? "" }, request.state), subject_proof: prepared.subjectProof });
    forgetAsking(app);
    show(app, { screen: "shared", ask: state.ask, until: state.ask.untils.length === 0 ? null : choices.until, shared });
    if (state.ask.details.length === 0) leave(app);
    else app.device.after(RECEIPT_FOR, () => { if (app.state.screen === "shared") leave(app); });
  });
}

/**
 * Whether something is shared, or kept and so told to others, for which the resident shows again who they are: what is
 * private can be typed for an answer that is not.
 */
function isSensitive({ details }: Ask, decisions: ReadonlyMap<string, Decision>): boolean {
  return details.some((detail) => isSingle(detail) && decisions.get(detail.attribute.id)?.share === true)
    || [...typedIn(decisions)].some(([id, { keep }]) => keep && isPrivate(id));
}

function isPrivate(id: string): boolean {
  const attribute = inCatalogue(id);
  return attribute !== null && ownPage(attribute);
}

function theAsking(app: App): Asking {
  if (app.asking === null) throw new Failure("requestUnknown");
  return app.asking;
}

/** An answer is for the question that it was given to, also when it is tried again: another may have come in its place. */
function sameAsking(app: App, id: string | undefined): Asking {
  const asking = theAsking(app);
  if (asking.id !== id) throw new Failure("requestOver");
  return asking;
}

function said(choices: Choices, decisions: ReadonlyMap<string, Decision>): string {
  return JSON.stringify([choices.until, [...decisions]]);
}

async function answer(app: App, decided: Decided): Promise<Answered> {
  const { asking, ask, choices, decisions } = decided;
  if (madeBefore(app, asking, said(choices, decisions)) === null) {
    await tellOthers(app, allowed(app, decided), decisions, new Set(ask.details.flatMap(({ follow }) => follow)));
  }
  return app.device.tabs.inTurn(() => approve(app, decided));
}

/** The answer that was sent before and perhaps lost, where it says the same and comes from the vault that is open. */
function madeBefore(app: App, { prepared }: Asking, answers: string): Prepared | null {
  return prepared?.answers === answers && prepared.next.opened.manifest.vault === theVault(app).id ? prepared : null;
}

async function approve(app: App, decided: Decided): Promise<Answered> {
  const { asking, choices, decisions } = decided;
  let prepared = madeBefore(app, asking, said(choices, decisions)) ?? await prepareAnswer(app, decided);
  try {
    return await sendAnswer(app, asking, prepared);
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 412) throw error;
  }
  await refetch(app, theVault(app), {});
  prepared = await prepareAnswer(app, decided);
  return sendAnswer(app, asking, prepared);
}

async function sendAnswer(app: App, asking: Asking, prepared: Prepared): Promise<Answered> {
  let told: Told;
  try {
    told = await (asking.counter?.approve(prepared.body, prepared.subjectProof)
      ?? app.device.api.approve(asking.id, prepared.body));
  } catch (error) {
    // Of a vault that was closed meanwhile nothing is kept, and another question keeps its own.
    const isHere = app.vault?.id === prepared.next.opened.manifest.vault && app.asking?.id === asking.id;
    if (isLost(error) && isHere) app.asking = { ...asking, prepared };
    throw error;
  }
  await committed(app, prepared.next);
  return { told, prepared };
}

async function prepareAnswer(app: App, decided: Decided): Promise<Prepared> {
  const { asking, choices, decisions } = decided;
  const { service, request, answer } = asking;
  const { opened, over } = theVault(app);
  const { random } = app.device;
  const now = seconds(app);
  const put: { id: string; document: ItemDocument }[] = [];
  const proposal = allowed(app, decided);
  // A one-off subject is a persona that nobody has a second time.
  const persona = proposal.oneOff ? newId(random) : proposal.persona;
  const found = relationship(opened.items, service.sector, persona);
  const [relationshipId, subject] = found ?? [newId(random), await makeRelationship(service.sector, persona)] as const;
  if (found === null) put.push({ id: relationshipId, document: subject });

  const attributes = [...request.attributes.keys()].sort();
  const access = request.access === "once" || choices.until === null ? request.access : { until: choices.until };
  const salt = newId(random);
  const words = Object.fromEntries(attributes.map((id) => [id,
    decisions.get(id)?.share === true || looksNotHeld(app, proposal, id) ? "share" : "withhold"] as const));
  const grantId = newId(random);
  const record = await makeRecord({ relationship: subject, request, service, grantId, access, salt, decisions: words, now });

  const { choices: chosen, kept, seen } = values(app, asking, decisions, proposal);
  put.push(...kept);

  const purpose = request.purpose?.id ?? SIGN_IN;
  const replaced = liveGrants(opened).filter(([id, item]) => !over.has(id) && item.sub === record.sub
    && item.service === service.clientId && purposeOf(item) === purpose);
  for (const [id, item] of replaced) put.push({ id, document: { ...item, ended: { at: now, why: "replaced" } } });
  checkTold(app, decisions, proposal.persona, new Set(replaced.map(([id]) => id)));
  const grant = withAnswers({
    kind: "grant", grant_id: grantId, service: service.clientId, authority: service.authority.id, sub: record.sub,
    sector: service.sector, persona, relationship: relationshipId, request: answer.request ?? "",
    parameters: answer.request === null ? answer.parameters : null, request_hash: request.requestHash, statement: answer.statement,
    record: record.compact, salt, decisions: words, choices: chosen,
    access, revision: 1, created: now, ended: null,
  }, seen, now);
  const disclosure = request.purpose === null ? null : await makeDisclosure({
    relationship: subject, record, service, revision: 1, claims: claimsOf(grant, seen, now), decisions: words, salt, now });
  put.push({ id: grantId, document: grant });
  const change: Change = {
    put,
    grants: { ...Object.fromEntries(replaced.map(([id]) => [id, null])), [grantId]: { n: 0, head: "" } },
  };
  const next = await prepare(app, change);
  const subjectProof = service.subjectProof
    ? await makeSubjectProof(subject, record, now) : null;
  const body: Approval = {
    commit: next.commit, record: record.compact, disclosure, replaces: replaced.map(([id]) => id),
  };
  return { answers: said(choices, decisions), body, next, subjectProof };
}

/**
 * The preferences have the last word, also where another device changed them while this page was open: then what is kept
 * back is not shared, and what the page showed as one persona's goes to nobody as another's.
 */
function allowed(app: App, { asking, ask, decisions }: Decided): Evaluation {
  const proposal = proposalFor(app, asking);
  const isAsShown = ([id, { share: shared }]: readonly [string, Decision]): boolean => {
    const [now, shown] = [proposal.attributes.get(id), ask.proposal.attributes.get(id)];
    return !shared || (now !== undefined && now.decision !== "withhold" && now.persona === shown?.persona
      && now.ownPage === shown.ownPage);
  };
  const same = proposal.persona === ask.proposal.persona && proposal.oneOff === ask.proposal.oneOff;
  if (!same || proposal.refused !== null || ![...decisions].every(isAsShown)) throw new Failure("conflict");
  return proposal;
}

/** Whether what is withheld is to look like not held. */
function looksNotHeld(app: App, proposal: Evaluation, attribute: string): boolean {
  const decided = proposal.attributes.get(attribute);
  return decided?.absent === "not_held"
    || (decided?.decision !== "withhold" && preferencesIn(theVault(app).opened.items).alike);
}

/**
 * What goes back to the service: of a signed answer only that, since everything is in it. The issuer is this wallet's
 * own, whatever the answer says (RFC 9207).
 */
function answerMembers(
  app: App, told: Told, members: Readonly<Record<string, string>>, state: string | null,
): Record<string, string | null> {
  return told.response === undefined ? { ...members, iss: app.device.origin, state } : { response: told.response };
}

/** The redirect address of the verified request, with the answer. */
export function answerUrl(redirectUri: string, members: Readonly<Record<string, string | null>>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(members)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

/** Leaves for the service. */
export function leave(app: App): void {
  if (app.leaving !== null) app.device.leaveTo(app.leaving);
}

/** Says no, and remembers it where the vault is open; or goes back because there can be no answer any more. */
export function refuse(app: App, because: Because = "declined"): Promise<void> {
  if (because === "declined" && app.state.screen === "asked" && !app.state.armed) return Promise.resolve();
  const asked = app.asking?.id;
  return act(app, async () => {
    const { request, service, id, asker, counter } = sameAsking(app, asked);
    if (counter !== null) {
      const ask = askOf(app);
      await counter.refuse();
      if (because === "declined") await rememberRefusal(app, service, request.purpose?.id ?? SIGN_IN);
      counter.answered(ask, null);
      return;
    }
    const told = await app.device.api.refuse(id, because).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.trouble !== "requestOver") throw error;
      return app.device.api.refuse(id, "timed_out");
    });
    app.leaving = answerUrl(request.redirectUri, answerMembers(app, told, { error: told.error ?? "" }, request.state));
    if (because === "declined") await rememberRefusal(app, service, request.purpose?.id ?? SIGN_IN);
    forgetAsking(app);
    show(app, { screen: "refused", service: asker.service });
    leave(app);
  });
}

/** A refusal that cannot be remembered is still a refusal. */
async function rememberRefusal(app: App, { clientId: service, name }: Service, purpose: string): Promise<void> {
  if (app.vault === null) return;
  try {
    await app.device.tabs.inTurn(async () => {
      const [id, item] = [...itemsOf(theVault(app).opened.items, "decisions")][0]
        ?? [newId(app.device.random), { kind: "decisions" as const, refusals: [] }];
      const refusal = { service, purpose, at: seconds(app), name: { en: name.en, cy: name.cy } };
      const document = { ...item, refusals: [...item.refusals, refusal].slice(-REFUSALS_KEPT) };
      const next = await prepare(app, { put: [{ id, document }] });
      await app.device.api.commit(next.commit);
      await committed(app, next);
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}
