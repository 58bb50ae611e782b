/** A request that brought the resident here: fetched, verified by the core, and put in words for the screen. */
import type { RequestAnswer } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { ATTRIBUTES } from "../core/catalogue.ts";
import { itemsOf } from "../core/items.ts";
import { SIGN_IN, verifyStatement } from "../core/registry.ts";
import type { Index, Service } from "../core/registry.ts";
import { untils, verifyRequest, verifySignIn } from "../core/request.ts";
import type { Request } from "../core/request.ts";
import { act, seconds, show } from "./app.ts";
import type { App } from "./app.ts";
import { change, firstChoices, keepMine, tick, withDraft } from "./choices.ts";
import type { Prepared } from "./answer.ts";
import { describe, held, purposeOf, relationship, seeing } from "./items.ts";
import { acceptIndex } from "./registry.ts";
import type { Ask, AskedDetail, Asker, AskedState, Draft } from "./state.ts";
import { theVault } from "./vault.ts";

/** The request of this tab, verified. */
export interface Asking {
  readonly id: string;
  readonly answer: RequestAnswer;
  readonly service: Service;
  readonly request: Request;
  readonly index: Index;
  readonly asker: Asker;
  /** It asks for access that lasts. */
  readonly standing: boolean;
  readonly expires: number;
  /** An answer that was sent and whose receipt got lost: sent again, byte for byte. */
  readonly prepared: Prepared | null;
}

const OVER = ["requestOver", "requestUnknown", "requestDecided"];

/** Fetches and verifies the request of this tab, if there is one. A finished or unknown one is forgotten, and said. */
export async function loadAsking(app: App): Promise<void> {
  const id = app.device.request.get();
  if (id === null) return;
  try {
    const answer = await app.device.api.request(id);
    if (answer.decided !== null) throw new Failure("requestDecided");
    app.asking = await verified(app, answer);
  } catch (error) {
    if (error instanceof Failure && OVER.includes(error.trouble)) forgetAsking(app);
    throw error;
  }
}

export function forgetAsking(app: App): void {
  app.device.request.clear();
  app.asking = null;
  app.setAside = null;
}

async function verified(app: App, answer: RequestAnswer): Promise<Asking> {
  const now = seconds(app);
  const index = await acceptIndex(app, answer.index);
  const service = await verifyStatement(answer.statement, index, now);
  if (service.clientId !== answer.client_id) throw new Failure("badRequest");
  const request = await requestOf(app, answer, service);
  const signIn = request.purpose === null;
  return {
    id: answer.id, answer, service, request, index, expires: answer.expires, prepared: null,
    asker: { service: service.name, authority: service.authority.name, signIn },
    standing: !signIn && request.access !== "once",
  };
}

function requestOf(app: App, answer: RequestAnswer, service: Service): Promise<Request> {
  if (answer.request !== null) return verifyRequest(answer.request, service, { issuer: app.device.origin, now: seconds(app) });
  if (answer.parameters === null) throw new Failure("badRequest");
  return verifySignIn(answer.parameters, service);
}

/** The request as the resident reads it, with what the vault holds. */
export function askOf(app: App): Ask {
  const { asking } = app;
  if (asking === null) throw new Failure("requestUnknown");
  const { request, service, asker, expires } = asking;
  const { opened } = theVault(app);
  const { purpose } = request;
  const refusals = [...itemsOf(opened.items, "decisions")].flatMap(([, item]) => item.refusals)
    .filter((one) => one.service === service.clientId && one.purpose === (purpose?.id ?? SIGN_IN));
  // In the catalogue's order: whatever order a service writes, people are asked for their name before their car.
  const details: AskedDetail[] = purpose === null ? [] : [...ATTRIBUTES.values()].flatMap((attribute) => {
    const { id } = attribute;
    const wish = request.attributes.get(id);
    return wish === undefined ? [] : [{
      attribute, required: wish.required, why: purpose.attributes.get(id)?.why ?? { en: "", cy: "" },
      held: held(opened.items, id), others: seeing(opened, id).filter(([, item]) =>
        item.service !== service.clientId || purposeOf(item) !== purpose.id)
        .map(([, item]) => describe(item.statement).service) }];
  });
  return {
    ...asker, tier: service.tier, details, expires,
    why: purpose?.text ?? { en: "", cy: "" }, statute: purpose?.statute ?? null, basis: purpose?.lawfulBasis ?? "public_task",
    fallback: purpose?.fallback ?? { en: "", cy: "" }, retentionDays: purpose?.retentionDays ?? 0,
    untils: untils(request, seconds(app)),
    known: relationship(opened.items, service.sector) !== null,
    refusedAt: refusals.length === 0 ? null : Math.max(...refusals.map((one) => one.at)),
    needsCode: asking.standing && !opened.manifest.recovery_confirmed,
    sharedSector: service.sector !== service.clientId,
  };
}

const ARM_AFTER = 500;

/** Shows the question. The buttons wake after half a second. What was typed before going for the recovery code is back. */
export async function showAsked(app: App): Promise<void> {
  if (app.asking !== null && app.asking.prepared === null) app.asking = await verified(app, app.asking.answer);
  const ask = askOf(app);
  const before = app.setAside;
  app.setAside = null;
  show(app, { screen: "asked", ask, choices: before?.choices ?? firstChoices(ask), errors: [], armed: false,
    minutesLeft: null, shared: theVault(app).shared, sending: false, trouble: null });
  app.device.after(ARM_AFTER, () => { if (app.state.screen === "asked") show(app, { ...app.state, armed: true }); });
  watchTime(app);
}

const WARN_BELOW = 5 * 60;

/** Warns in good time before the request ends; the resident can ask for more. */
function watchTime(app: App): void {
  const look = (): void => {
    if (app.state.screen !== "asked" || app.asking === null) return;
    const left = app.asking.expires - seconds(app);
    const minutes = left > WARN_BELOW ? null : Math.max(1, Math.ceil(left / 60));
    if (minutes !== app.state.minutesLeft) show(app, { ...app.state, minutesLeft: minutes });
    app.device.after(20_000, look);
  };
  look();
}

export function moreTime(app: App): Promise<void> {
  return act(app, async () => {
    if (app.asking === null) return;
    const { expires } = await app.device.api.extend(app.asking.id);
    app.asking = { ...app.asking, expires };
    if (app.state.screen === "asked") show(app, { ...app.state, minutesLeft: null });
  });
}

function onAsked(app: App, step: (state: AskedState) => AskedState): void {
  if (app.state.screen === "asked" && !app.busy) show(app, step(app.state));
}

export function tickDetail(app: App, attribute: string, on: boolean, draft: Draft): void {
  onAsked(app, (state) => ({ ...state, choices: tick(withDraft(state.choices, draft), attribute, on),
    errors: state.errors.filter((error) => error.attribute !== attribute) }));
}

export function changeDetail(app: App, attribute: string, draft: Draft): void {
  onAsked(app, (state) => {
    const detail = state.ask.details.find((one) => one.attribute.id === attribute);
    return detail === undefined ? state : { ...state, choices: change(withDraft(state.choices, draft), detail) };
  });
}

export function keepDetail(app: App, attribute: string, draft: Draft): void {
  onAsked(app, (state) => ({ ...state, choices: keepMine(withDraft(state.choices, draft), attribute),
    errors: state.errors.filter((error) => error.attribute !== attribute) }));
}
