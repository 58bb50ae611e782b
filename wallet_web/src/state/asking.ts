/** A request that brought the resident here: fetched and verified by the core, before anything is said about it. */
import type { Approval, RequestAnswer, Told } from "../client/api.ts";
import type { Asked } from "../client/request.ts";
import { Failure } from "../client/failure.ts";
import { verifyStatement } from "../core/registry.ts";
import type { Index, Service } from "../core/registry.ts";
import { verifyRequest, verifySignIn } from "../core/request.ts";
import type { Request } from "../core/request.ts";
import type { Prepared } from "./answer.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { acceptIndex } from "./registry.ts";
import type { Ask, Asker } from "./state.ts";

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
  /** Where there is no page to go back to. */
  readonly counter: Answering | null;
}

/** How an answer goes at a counter, and what is shown then; `shared` is null for a no. `online` waits in this tab meanwhile. */
export interface Answering {
  readonly online: Online;
  readonly approve: (body: Approval, subjectProof: string | null) => Promise<Told>;
  readonly refuse: () => Promise<Told>;
  readonly answered: (ask: Ask, shared: readonly string[] | null) => void;
}

/** What this tab was asked online, and what was chosen and typed for it. */
export type Online = Pick<App, "asking" | "typed">;

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

/** A question at a counter gives way to the one that waits online. */
export function leaveQuestion(app: App): void {
  const online = app.asking?.counter?.online;
  if (online === undefined) return;
  app.asking = online.asking;
  app.typed = online.typed;
}

/** Where what is typed for a question is kept. */
export function slotOf({ counter }: Asking): Asked {
  return counter === null ? "online" : "counter";
}

export function dropDrafts({ device: { request } }: App): void {
  request.keepDraft("online", null);
  request.keepDraft("counter", null);
}

export function forgetAsking(app: App): void {
  app.device.request.clear();
  app.asking = null;
  app.typed = null;
}

/** Everything that came with a request, verified. Errors: `jose/…`, `registry/…`, `request/…`, `Failure`. */
export async function verified(app: App, answer: RequestAnswer): Promise<Asking> {
  const now = seconds(app);
  const index = await acceptIndex(app, answer.index);
  const service = await verifyStatement(answer.statement, index, now);
  if (service.clientId !== answer.client_id) throw new Failure("badRequest");
  const request = await requestOf(app, answer, service);
  const signIn = request.purpose === null;
  return {
    id: answer.id, answer, service, request, index, expires: answer.expires, prepared: null, counter: null,
    asker: { service: service.name, authority: service.authority.name, signIn },
    standing: !signIn && request.access !== "once",
  };
}

function requestOf(app: App, answer: RequestAnswer, service: Service): Promise<Request> {
  if (answer.request !== null) return verifyRequest(answer.request, service, { issuer: app.device.origin, now: seconds(app) });
  if (answer.parameters === null) throw new Failure("badRequest");
  return verifySignIn(answer.parameters, service);
}
