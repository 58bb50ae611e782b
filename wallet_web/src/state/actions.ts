/** Everything that a person can do, as the views call it. */
import type { Attribute } from "../core/catalogue.ts";
import type { ActivityAct } from "../activity.ts";
import type { CounterAct } from "../at_counter.ts";
import type { Place } from "./navigate.ts";
import type { TypedPhrase } from "./passphrase.ts";
import type { PersonaAct } from "./persona.ts";
import type { Draft, Preference } from "./state.ts";
import type { Language } from "../text/index.ts";

export interface Actions {
  /** `shared`: what the tick of a shared computer says, from a screen that has it. */
  readonly go: (place: Place, shared?: boolean) => void;
  readonly back: () => void;
  readonly stayUnlocked: () => void;
  readonly lock: () => void;

  readonly create: (shared: boolean) => void;
  readonly unlock: (shared: boolean) => void;
  readonly recover: (code: string, shared: boolean) => void;
  readonly addPasskey: () => void;
  readonly leaveRecovered: () => void;

  readonly otherWords: () => void;
  readonly ownPassphrase: (own: boolean) => void;
  readonly hide: (hidden: boolean) => void;
  readonly makeWithPassphrase: (typed: TypedPhrase) => void;
  readonly provePassphrase: (typed: TypedPhrase) => void;
  readonly passkeyByPassphrase: () => void;

  readonly againByPasskey: () => void;
  readonly againByPassphrase: () => void;
  readonly useAnother: () => void;

  readonly makeCode: () => void;
  readonly printCode: () => void;
  readonly saveCode: () => void;
  readonly codeSaved: () => void;
  readonly showCodeAgain: () => void;
  readonly confirmCode: (first: string, second: string) => void;
  readonly codeLater: () => void;

  readonly tick: (attribute: string, on: boolean, draft: Draft) => void;
  readonly change: (attribute: string, draft: Draft) => void;
  readonly type: (draft: Draft) => void;
  readonly keepMine: (attribute: string, draft: Draft) => void;
  /** To the page of a detail that is decided by itself, and the answer there. */
  readonly showOwn: (attribute: string, draft: Draft) => void;
  readonly answerOwn: (share: boolean, draft: Draft) => void;
  readonly share: (draft: Draft) => void;
  readonly refuse: () => void;
  /** Back to the service, after what cannot be tried again. */
  readonly giveUp: () => void;
  readonly moreTime: () => void;
  readonly leave: () => void;

  readonly edit: (attribute: Attribute, item: string | null) => void;
  readonly reveal: (draft: Draft) => void;
  /** The page with other boxes: a row more, a row less. */
  readonly redraft: (draft: Draft) => void;
  readonly save: (draft: Draft) => void;
  readonly remove: () => void;

  readonly keepOffered: (deposit: string, draft: Draft) => void;
  readonly throwAway: (deposit: string, draft: Draft) => void;

  readonly look: () => void;
  /** As whom a service is to know the resident. */
  readonly meet: (persona: string | undefined) => void;
  readonly onlyOnce: (on: boolean) => void;
  /** With the ways to be known; `given` is an id, or what was typed. */
  readonly persona: (what: PersonaAct, given?: string | Draft) => void;
  readonly choose: (of: Preference) => void;
  readonly prefer: (draft: Draft) => void;
  readonly protect: (draft: Draft) => void;
  /** Leaves at once, with nothing left open. */
  readonly speak: (language: Language) => void;
  readonly exit: () => void;

  readonly pause: (paused: boolean) => void;
  readonly stop: (grant: string) => void;
  readonly confirmStop: () => void;

  readonly signOut: () => void;
  readonly stayIn: () => void;
  readonly endSession: (id: string) => void;
  readonly endSessions: () => void;
  /** About what happened; `given` is a service, or a grant. */
  readonly activity: (what: ActivityAct, given?: string) => void;
  /** At a counter; `given` is what was typed, or a grant. */
  readonly counter: (what: CounterAct, given?: string) => void;

  readonly retry: () => void;
  readonly goOnUnkept: () => void;
}
