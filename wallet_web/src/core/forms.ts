/** The table of protocols/specs/encoding.md: what each document may look like before its claims are read. */

export interface Form {
  /** The `typ` values allowed, the one that we write first; undefined: it may be absent. */
  readonly types: readonly (string | undefined)[];
  readonly members: readonly string[];
  /** Bytes of the compact form. */
  readonly longest: number;
  readonly algorithms: readonly string[];
}

const OURS = ["ES256"];
const SUPPLIERS = ["ES256", "EdDSA", "Ed25519", "PS256"];

const signed = (typ: string, longest: number): Form =>
  ({ types: [typ], members: ["alg", "typ", "jwk"], longest, algorithms: OURS });
const registered = (typ: string, longest: number): Form =>
  ({ types: [typ], members: ["alg", "typ", "kid"], longest, algorithms: OURS });

export const DPOP_PROOF: Form = { ...signed("dpop+jwt", 8192), algorithms: SUPPLIERS };
export const REQUEST_OBJECT: Form = {
  types: ["oauth-authz-req+jwt", "JWT", undefined], members: ["alg", "typ", "kid"], longest: 32768, algorithms: SUPPLIERS,
};
export const STATEMENT: Form = registered("entity-statement+jwt", 65536);
export const INDEX: Form = registered("registry-index+jwt", 1048576);
export const RECORD: Form = signed("sharing-record+jwt", 16384);
export const SUBJECT_PROOF: Form = signed("subject-proof+jwt", 8192);
export const REVOCATION: Form = signed("revocation+jwt", 8192);
export const PAUSE: Form = signed("pause+jwt", 8192);
export const DISCLOSURE: Form = signed("disclosure+jwt", 65536);
export const DISCLOSURE_JWE: Form = {
  types: ["disclosure+jwt"], members: ["alg", "enc", "typ", "kid", "epk"], longest: 65536, algorithms: ["ECDH-ES+A256KW"],
};
export const DEPOSIT: Form = { ...registered("deposit+jwt", 16384), algorithms: SUPPLIERS };
export const DEPOSIT_JWE: Form = {
  types: ["deposit+jwt"], members: ["alg", "enc", "typ", "kid", "epk"], longest: 32768, algorithms: ["ECDH-ES+A256KW"],
};
export const LOGIN: Form = { types: ["login+jwt"], members: ["alg", "typ"], longest: 8192, algorithms: ["EdDSA"] };
