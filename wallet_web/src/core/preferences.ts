/** What follows for one request from what the resident has decided beforehand (protocols/specs/preferences.md). */
import { ATTRIBUTES } from "./catalogue.ts";
import type { Attribute } from "./catalogue.ts";
import { DAY } from "./dates.ts";
import { answeredBy } from "./derived.ts";
import { Invalid } from "./errors.ts";
import { FORMER_NAMES, TRUST, knownOf } from "./preferences_item.ts";
import type { Known, Preferences, Trust } from "./preferences_item.ts";
import type { Access } from "./request.ts";

const AGREED_SECONDS = 365 * DAY;
const REPLAYED_SECONDS = 90 * DAY;

/** Of a verified request: its purpose (null for a sign-in), what it asks, and for how long. */
export interface Asking {
  readonly purpose: { readonly statute: string | null } | null;
  readonly attributes: ReadonlyMap<string, { readonly required: boolean }>;
  readonly access: Access;
}

/** Of a service's verified statement: who it is, who runs it, and whether it is only an exercise. */
export interface Statement { readonly clientId: string; readonly authority: { readonly id: string }; readonly tier: string }

export type Refusal = "paused" | "blocked-service" | "blocked-authority" | "one-off";
export type TrustBecause = "service" | "authority" | "sandbox" | "default";
export type Withheld = Refusal | "address-protection" | "former-name" | "rule-never" | "rule-only" | "no-statute";
export type AskedBecause = "sensitive" | "rule-ask" | "discouraged" | "not-in-persona" | TrustBecause | "new" | "agreed-long-ago";

/**
 * What is proposed for one attribute, and which rule says so. `share`: it goes with the resident's one tap. `ask`: it
 * waits for a decision; `ownPage`: on a page of its own, after fresh authentication. `withhold`: it stays, and `absent`
 * is what the service reads. `persona` has the value; `""` is the resident's own.
 */
export type Decided = { readonly required: boolean; readonly persona: string; readonly ownPage: boolean } & (
  | { readonly decision: "share"; readonly because: "agreed"; readonly absent: null }
  | { readonly decision: "ask"; readonly because: AskedBecause; readonly absent: null }
  | { readonly decision: "withhold"; readonly because: Withheld; readonly absent: "withheld" | "not_held" });

/**
 * A proposal, never an act: nothing is shared without a tap. `refused` names the rule by which nothing may be shared.
 * `personaBecause`: `choose` is first contact where there are personas.
 */
export interface Evaluation {
  readonly refused: Refusal | null;
  readonly trust: Trust;
  readonly trustBecause: TrustBecause;
  readonly persona: string;
  readonly personaBecause: "remembered" | "choose" | "none";
  readonly oneOff: boolean;
  readonly oneTap: boolean;
  readonly attributes: ReadonlyMap<string, Decided>;
}

/**
 * What to propose for a verified request of this service. `agreed`: what it was given before for this purpose, and when.
 * Times in seconds.
 */
export function evaluate(
  request: Asking, preferences: Preferences, statement: Statement, now: number, agreed: ReadonlyMap<string, number> = new Map(),
): Evaluation {
  const known = knownOf(preferences, statement.clientId);
  const [trust, trustBecause] = trustIn(preferences, statement, known);
  const refused = refusal(request, preferences, known, trust, trustBecause);
  const persona = known.persona ?? "";
  const personaBecause = known.persona !== null ? "remembered" : preferences.personas.size > 0 ? "choose" : "none";
  const scene = { request, preferences, statement, trust, trustBecause, persona, refused, now, agreed };
  const attributes = new Map([...request.attributes].map(([id, { required }]) => [id, decide(id, required, scene)]));
  return {
    refused, trust, trustBecause, persona, personaBecause, oneOff: known.oneOff, attributes,
    oneTap: refused === null && trust === "trusted" && personaBecause !== "choose"
      && [...attributes.values()].every(({ decision, required }) => decision === "share" || (decision === "withhold" && !required)),
  };
}

/** The strictest of what was said of the service and of its authority; silence is no opinion. */
function trustIn(preferences: Preferences, statement: Statement, known: Known): [Trust, TrustBecause] {
  const ofAuthority = preferences.authorities.get(statement.authority.id) ?? null;
  const strictness = (trust: Trust | null): number => (trust === null ? -1 : TRUST.indexOf(trust));
  const [trust, because]: [Trust | null, TrustBecause] = strictness(ofAuthority) > strictness(known.trust)
    ? [ofAuthority, "authority"] : [known.trust, "service"];
  if (trust === null) return ["ask", "default"];
  // An exercise is nobody's to trust: its promises bind no council.
  return statement.tier === "sandbox" && trust === "trusted" ? ["ask", "sandbox"] : [trust, because];
}

function refusal(
  request: Asking, preferences: Preferences, known: Known, trust: Trust, because: TrustBecause,
): Refusal | null {
  if (preferences.paused) return "paused";
  if (trust === "blocked") return because === "authority" ? "blocked-authority" : "blocked-service";
  // Who is to know nothing beyond this once cannot be given access that lasts.
  return known.oneOff && request.access !== "once" ? "one-off" : null;
}

interface Scene {
  readonly request: Asking;
  readonly preferences: Preferences;
  readonly statement: Statement;
  readonly trust: Trust;
  readonly trustBecause: TrustBecause;
  readonly persona: string;
  readonly refused: Refusal | null;
  readonly now: number;
  readonly agreed: ReadonlyMap<string, number>;
}

/** The strictest rule that applies: what withholds, then what asks, then what was agreed before. */
function decide(id: string, asked: boolean, scene: Scene): Decided {
  const attribute = ATTRIBUTES.get(id);
  if (attribute === undefined) throw new Invalid("request/attribute", id);
  const required = asked && attribute.share_policy !== "optional_only";
  const kept = keptBack(attribute, scene);
  if (kept !== null) return { decision: "withhold", ...kept, required, persona: "", ownPage: false };
  const mine = scene.preferences.personas.get(scene.persona);
  const lacking = mine !== undefined && !answeredBy(id, mine.values);
  const because = asks(attribute, lacking, scene);
  const persona = mine === undefined || lacking ? "" : scene.persona;
  // What a persona lacks is not needed of it: one's own goes only where the resident says so of this detail.
  const rest = { required: required && !lacking, persona, ownPage: ownPage(attribute), absent: null };
  return because === undefined ? { decision: "share", because: "agreed", ...rest } : { decision: "ask", because, ...rest };
}

/** Level 3, and what the catalogue wants decided singly. */
export function ownPage({ sensitivity, share_policy }: Attribute): boolean {
  return sensitivity >= 3 || share_policy.startsWith("explicit");
}

/** The rule by which this stays in the vault, and what the service reads instead. */
function keptBack(
  { id, protected: guarded, share_policy }: Attribute, { request, preferences, statement, refused }: Scene,
): { readonly because: Withheld; readonly absent: "withheld" | "not_held" } | null {
  const absent = preferences.alike ? "not_held" : "withheld";
  if (refused !== null) return { because: refused, absent };
  // These two never show: a service that reads "withheld" here would know of the protection.
  if (preferences.addressProtection && guarded === true) return { because: "address-protection", absent: "not_held" };
  if (FORMER_NAMES.some((name) => name === id) && !preferences.openNames.includes(id)) {
    return { because: "former-name", absent: "not_held" };
  }
  const rule = preferences.rules.get(id);
  if (rule?.rule === "never") return { because: "rule-never", absent };
  if (rule?.rule === "only" && !rule.services.includes(statement.clientId)) return { because: "rule-only", absent };
  if (share_policy === "discouraged" && (request.purpose?.statute ?? null) === null) return { because: "no-statute", absent };
  return null;
}

/** The first rule by which this waits for a decision. */
function asks(attribute: Attribute, lacking: boolean, scene: Scene): AskedBecause | undefined {
  const { preferences, trust, trustBecause, now, agreed } = scene;
  const at = agreed.get(attribute.id);
  const rules: readonly (readonly [boolean, AskedBecause])[] = [
    [ownPage(attribute), "sensitive"],
    [preferences.rules.get(attribute.id)?.rule === "ask", "rule-ask"],
    [attribute.share_policy === "discouraged", "discouraged"],
    [lacking, "not-in-persona"],
    [trust !== "trusted", trustBecause],
    [at === undefined, "new"],
    [at !== undefined && now - at > AGREED_SECONDS, "agreed-long-ago"],
  ];
  return rules.find(([applies]) => applies)?.[1];
}

/**
 * A request that the resident has answered, as the vault's grants tell it. `shared` are the attributes that went.
 * `persona`: as whom, `""` for oneself, or an id that is nobody's for who is to know nobody. `stopped`: the resident ended
 * the grant.
 */
export interface Answered extends Asking, Statement {
  readonly at: number;
  readonly persona: string;
  readonly purposeId: string;
  readonly shared: readonly string[];
  readonly stopped: boolean;
}

/**
 * What a service was given for a purpose, and when last. A grant that the resident stopped is no agreement, nor is what
 * was agreed as another persona than it knows.
 */
export function agreedOf(
  log: readonly Answered[], preferences: Preferences, clientId: string, purposeId: string,
): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  for (const one of log) {
    if (one.clientId !== clientId || one.purposeId !== purposeId || one.stopped || !isAsKnown(one, preferences)) continue;
    for (const id of one.shared) latest.set(id, Math.max(one.at, latest.get(id) ?? 0));
  }
  return latest;
}

/**
 * Whether it was answered as whom the service knows now. A subject that is never used again is nobody's persona: it counts
 * where the service is still to know nobody.
 */
function isAsKnown({ clientId, persona }: Answered, preferences: Preferences): boolean {
  const known = knownOf(preferences, clientId);
  return persona === (known.persona ?? "") || (known.oneOff && persona !== "" && !preferences.personas.has(persona));
}

/** What these preferences would have said then. `keptBack`: shared then, and would stay now. */
export interface Replayed { readonly answered: Answered; readonly evaluation: Evaluation; readonly keptBack: readonly string[] }

/** The requests of the last 90 days under these preferences, the oldest first. */
export function replay(preferences: Preferences, log: readonly Answered[], now: number): readonly Replayed[] {
  const sorted = [...log].sort((one, other) => one.at - other.at || order(one.clientId, other.clientId)
    || order(one.purposeId, other.purposeId));
  return sorted.flatMap((one, place): Replayed[] => {
    if (now - one.at > REPLAYED_SECONDS) return [];
    const agreed = agreedOf(sorted.slice(0, place), preferences, one.clientId, one.purposeId);
    const evaluation = evaluate(one, preferences, one, one.at, agreed);
    const keptBack = one.shared.filter((id) => evaluation.attributes.get(id)?.decision === "withhold").sort();
    return [{ answered: one, evaluation, keptBack }];
  });
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
