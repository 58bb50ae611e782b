/** What can be wrong with a document: one stable code each, as the specs name them. */

type Encoding = "encoding/base64" | "encoding/json";
type Jose = `jose/${"too-long" | "malformed" | "header" | "algorithm" | "type" | "key" | "signature" | "payload"}`;
type Recovery = `recovery/${"length" | "character" | "check"}`;
type Seal = `seal/${"version" | "malformed" | "open" | "padding"}`;
type Name = `name/${"length" | "character"}`;
type Unlock = `unlock/${"suite" | "salt"}`;
type Manifest = `manifest/${"malformed" | "vault" | "epoch" | "chain" | "rolled-back" | "forked"
  | "item-missing" | "item-unlisted" | "item-changed" | "wrap-changed"}`;
type Item = `item/${"kind" | "malformed"}`;
type Login = `login/${"members" | "audience" | "vault" | "method" | "nonce" | "time"}`;
type Registry = `registry/${"members" | "issuer" | "time" | "keys" | "purpose" | "key-unknown" | "index-expired"
  | "index-old" | "statement-unlisted" | "statement-changed" | "counter"}`;
type Request = `request/${"client" | "audience" | "redirect" | "response-type" | "scope" | "time" | "pkce" | "members"
  | "location" | "purpose" | "attribute" | "required" | "access" | "duration" | "encryption-key" | "zone" | "unsigned"
  | "desk" | "desk-key"}`;
type Counter = `counter/${"code" | "origin" | "typed" | "digits" | "desk" | "state"}`;
type Subject = "subject/mismatch";
type Record = `record/${"members" | "request" | "audience" | "authority" | "purpose" | "attributes" | "access"
  | "time" | "retention"}`;
type Proof = `proof/${"members" | "audience" | "request" | "grant" | "record"}`;
type Revocation = `revocation/${"members" | "grant" | "record" | "audience"}`;
type Pause = `pause/${"members" | "grant" | "record" | "audience" | "paused" | "seq"}`;
type Disclosure = `disclosure/${"members" | "too-large" | "decrypt" | "audience" | "grant" | "request" | "expired"
  | "attributes" | "claim" | "decision" | "decisions" | "rolled-back"}`;
type Deposit = `deposit/${"members" | "decrypt" | "issuer" | "audience" | "time" | "attribute" | "value" | "repeated"}`;
type Dpop = `dpop/${"jti" | "method" | "url" | "time" | "token" | "nonce"}`;
type Log = `log/${"malformed" | "gap" | "chain" | "time" | "head" | "rolled-back" | "record" | "proof" | "key"
  | "end" | "after-end" | "pause"}`;
type Catalogue = "catalogue/value";
type Derived = "derived/zone";
type Preferences = `preferences/${"members" | "version"}`;

/** Every code of the specs. */
export type Code = Encoding | Jose | Recovery | Name | Seal | Unlock | Manifest | Item | Login | Registry | Request | Subject
  | Counter | Record | Proof | Revocation | Pause | Disclosure | Deposit | Dpop | Log | Catalogue | Derived | Preferences;

/** A document or value that its spec refuses. `code` is for programs, `message` for developers. */
export class Invalid extends Error {
  override readonly name = "Invalid";
  readonly code: Code;

  constructor(code: Code, message: string = code) {
    super(message);
    this.code = code;
  }
}
