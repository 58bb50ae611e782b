/** The routes of protocols/specs/counter.md, the wallet's side. */
import { get, post, segment } from "./api.ts";
import type { Approval, Commit } from "./api.ts";

export type CounterReason = "expired" | "digits" | "cancelled" | "left" | "suspended" | "removed" | "frozen";

/** What the server says of one exchange. The second half is there once it is claimed, `request` once it is paired. */
export interface CounterSession {
  readonly id: string;
  readonly state: "waiting" | "opened" | "paired" | "decided" | "collected" | "void";
  /** Counts what happened. */
  readonly n: number;
  readonly claimed: boolean;
  readonly expires: number;
  readonly reason?: CounterReason;
  readonly outcome?: "approved" | "declined" | null;
  readonly client_id?: string;
  readonly statement?: string;
  readonly index?: string;
  readonly desk?: string;
  readonly digits?: string;
  readonly request?: string;
}

export type CounterCode = { readonly code: string } | { readonly typed: string };
export type Departure = "not-here" | "other-desk" | "changed-mind";

const at = (id: string): string => `/api/counters/${segment(id)}`;

export const counters = {
  open: (code: CounterCode) => post<CounterSession>("/api/counters", code),
  /** Answers when there is something newer than `seen`, or after 20 s. */
  look: (id: string, seen?: number) => get<CounterSession>(`${at(id)}${seen === undefined ? "" : `?seen=${seen}`}`),
  approve: (id: string, body: Approval & { readonly subject_proof: string | null }) =>
    post<{ iss: string }>(`${at(id)}/approval`, body),
  refuse: (id: string) => post<{ iss: string }>(`${at(id)}/refusal`, {}),
  leave: (id: string, why: Departure) => post<object>(`${at(id)}/departure`, { why }),
  report: (grant: string, body: { commit: Commit | null; revocation: string | null }) =>
    post<{ seq: number | null; ended: number }>(`/api/grants/${segment(grant)}/report`, body),
};
