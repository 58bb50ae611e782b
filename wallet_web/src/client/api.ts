/** One function for each route of protocols/specs/wallet-api.md.
  Answers are shaped here; what they claim is checked by the core. */
import { Failure } from "./failure.ts";
import type { CreationOptions, RequestOptions } from "./passkey.ts";

export interface SealedItem { readonly id: string; readonly rev: number; readonly sealed: string }
export interface Commit {
  readonly seq: number; readonly prev: string; readonly manifest: string; readonly epoch: number;
  readonly put: readonly SealedItem[]; readonly delete: readonly string[];
}
export interface Method {
  readonly id: string; readonly kind: "passkey" | "passphrase" | "recovery"; readonly wrap: string;
  readonly suite?: number; readonly salt?: string;
  readonly login_jwk?: { readonly crv: string; readonly kty: string; readonly x: string }; readonly locator?: string;
}
export interface StoredMethod {
  readonly id: string; readonly kind: string; readonly wrap: string; readonly credential_id?: string | null;
}
export interface VaultAnswer {
  readonly vault: string; readonly epoch: number; readonly seq: number;
  readonly manifests: readonly { readonly seq: number; readonly sealed: string }[];
  readonly methods: readonly StoredMethod[]; readonly items: readonly SealedItem[];
}
export interface NewCredential {
  readonly id: string; readonly attestation_object: string; readonly client_data_json: string;
  readonly transports: readonly string[];
}
export interface NewVault {
  readonly challenge_id: string; readonly vault: string; readonly method: Method; readonly commit: Commit;
  readonly credential?: NewCredential;
}
export interface Assertion {
  readonly id: string; readonly authenticator_data: string; readonly client_data_json: string;
  readonly signature: string; readonly user_handle: string | null;
}
export interface RequestAnswer {
  readonly id: string; readonly request: string | null; readonly parameters: Readonly<Record<string, string>> | null;
  readonly client_id: string; readonly statement: string; readonly index: string; readonly expires: number;
  readonly decided: "approved" | "declined" | null;
}
/** What the service is told: `iss`, and where it asked for a signed answer (JARM) all of it, signed by the issuer. */
export interface Told { readonly iss: string; readonly response?: string; readonly code?: string; readonly error?: string }
/** A service's wish that the resident signs out, as the server has checked it; `statement` proves whose it is. */
export interface LeavingAnswer {
  readonly statement: string | null; readonly index: string | null; readonly redirect_uri: string | null;
  readonly state: string | null; readonly ui_locales: string | null; readonly signed_in: boolean; readonly proved: boolean;
}
export interface SessionLine {
  readonly id: string; readonly since: number; readonly amr: string; readonly device: string; readonly this: boolean;
}
export interface ServerGrant {
  readonly id: string; readonly service: string; readonly subject: string; readonly state: string;
  readonly ends: number; readonly n: number; readonly head: string; readonly last_read: number | null;
  /** Which key its disclosure is encrypted to. */
  readonly enc_jkt: string | null;
}
export interface LogAnswer { readonly entries: readonly unknown[]; readonly n: number; readonly head: string }
export interface Publication { readonly grant_id: string; readonly revision: number; readonly disclosure: string }
/** What a service left for the resident, as the server says: nothing of it is believed before the core has read it. */
export interface DepositRow {
  readonly id: string; readonly service: string; readonly sub: string; readonly received: number; readonly deposit: string;
}
/** A subject's word that its grant is paused or goes on. */
export interface Word { readonly grant_id: string; readonly word: string }
export interface Approval {
  readonly commit: Commit; readonly record: string; readonly disclosure: string | null;
  readonly replaces: readonly string[];
}

/** Why there is no answer: the service is told which. */
export type Because = "declined" | "failed" | "timed_out";

const TIMEOUT = 30_000;

async function call(method: "GET" | "POST", path: string, body?: object): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method, credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(TIMEOUT),
      ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new Failure("network");
  }
  if (!response.ok) throw await failure(response);
  return response;
}

const TROUBLES: Readonly<Record<number, Failure["trouble"]>> = {
  404: "requestUnknown", 409: "requestDecided", 410: "requestOver", 413: "tooLarge", 422: "refused", 429: "busy",
};

const RULES: Readonly<Record<string, Failure["trouble"]>> = { "login/stale": "stale", "login/other": "somebodyElse" };

async function failure(response: Response): Promise<Failure> {
  let code = "";
  try {
    const problem = await response.json() as { code?: unknown; rule?: unknown };
    if (typeof problem.code === "string") code = typeof problem.rule === "string" ? problem.rule : problem.code;
  } catch { /* not a problem document: the status says enough */ }
  const { status } = response;
  return new Failure(RULES[code] ?? TROUBLES[status] ?? (status >= 500 ? "server" : "refused"), code, status);
}

async function json<T>(response: Promise<Response>): Promise<T> {
  const answer = await response;
  try {
    return await answer.json() as T;
  } catch {
    throw new Failure("server");
  }
}

async function words(response: Promise<Response>): Promise<string> {
  const answer = await response;
  try {
    return await answer.text();
  } catch {
    throw new Failure("network");
  }
}

export const get = <T>(path: string): Promise<T> => json<T>(call("GET", path));
export const post = <T>(path: string, body: object): Promise<T> => json<T>(call("POST", path, body));
export const segment = encodeURIComponent;

export const api = {
  session: () => get<{ signed_in: boolean; vault?: string; auth_time?: number }>("/api/session"),
  challengeToRegister: (vault: string) =>
    post<{ challenge_id: string; options: CreationOptions }>("/api/challenges", { for: "register", vault }),
  challengeForPasskey: () =>
    post<{ challenge_id: string; options: RequestOptions }>("/api/challenges", { for: "passkey" }),
  challengeForRecovery: (locator: string) =>
    post<{ challenge_id: string; nonce: string; vault: string; method: string }>("/api/challenges", { for: "recovery", locator }),
  challengeForPassphrase: (name: string) =>
    post<{ challenge_id: string; nonce: string; vault: string; method: string; suite: number; salt: string }>(
      "/api/challenges", { for: "passphrase", name }),
  createVault: (body: NewVault) => post<unknown>("/api/vaults", body),
  loginWithPasskey: (challenge: string, credential: Assertion) =>
    post<{ vault: string }>("/api/login/passkey", { challenge_id: challenge, credential }),
  loginWithProof: (challenge: string, proof: string) =>
    post<{ vault: string }>("/api/login/proof", { challenge_id: challenge, proof }),
  leaving: (ticket: string) => post<LeavingAnswer>("/api/leaving", { ticket }),
  sessions: () => get<{ sessions: readonly SessionLine[] }>("/api/sessions"),
  endSession: async (id: string): Promise<void> => { await call("POST", `/api/sessions/${segment(id)}/end`, {}); },
  endSessions: async (): Promise<void> => { await call("POST", "/api/sessions/end", {}); },
  logout: async (): Promise<void> => { await call("POST", "/api/logout", {}); },
  /** With the manifests after `since`; with the newest alone where none is known. */
  vault: (since: number | null) => get<VaultAnswer>(since === null ? "/api/vault" : `/api/vault?since=${since}`),
  commit: (commit: Commit) => post<{ seq: number }>("/api/vault/commits", { commit }),
  addMethod: (body: { commit: Commit; method: Method; challenge_id?: string; credential?: NewCredential }) =>
    post<{ seq: number }>("/api/vault/methods", body),
  request: (id: string) => get<RequestAnswer>(`/api/requests/${segment(id)}`),
  extend: (id: string) => post<{ expires: number }>(`/api/requests/${segment(id)}/extension`, {}),
  approve: (id: string, body: Approval) => post<Told>(`/api/requests/${segment(id)}/approval`, body),
  refuse: (id: string, because: Because) => post<Told>(`/api/requests/${segment(id)}/refusal`, { because }),
  grants: () => get<{ grants: readonly ServerGrant[] }>("/api/grants"),
  log: (id: string, after: number) => get<LogAnswer>(`/api/grants/${segment(id)}/log?after=${after}`),
  revoke: (id: string, body: { commit: Commit; revocation: string }) =>
    post<{ seq: number; ended: number }>(`/api/grants/${segment(id)}/revocation`, body),
  deposits: () => get<{ deposits: readonly DepositRow[] }>("/api/deposits"),
  answerDeposit: (id: string, body: { commit: Commit; disclosures: readonly Publication[] }) =>
    post<{ seq: number }>(`/api/deposits/${segment(id)}/answer`, body),
  pause: (body: { commit: Commit; paused: boolean; words: readonly Word[] }) => post<{ seq: number }>("/api/pause", body),
  publish: (body: { commit: Commit; disclosures: readonly Publication[] }) => post<{ seq: number }>("/api/publications", body),
  index: () => words(call("GET", "/registry/index")),
  statement: (digest: string) => words(call("GET", `/registry/statements/${segment(digest)}`)),
};

export type Api = typeof api;
