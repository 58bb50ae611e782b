/**
 * Passkeys that open a vault: WebAuthn with the PRF extension (level 3, section 10.1.4). Only named fields are ever
 * posted: `credential.toJSON()` contains the PRF output, so it is not used.
 */
import { b64u, unb64u } from "../core/encoding.ts";
import { PRF_INPUT } from "../core/derive.ts";
import type { Assertion, NewCredential } from "./api.ts";
import { Failure } from "./failure.ts";

interface Descriptor { readonly id: string; readonly type: "public-key"; readonly transports?: readonly string[] }

/** Options as the server sends them: JSON, binary as base64url. */
export interface CreationOptions {
  readonly rp: { readonly id?: string; readonly name: string };
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly challenge: string;
  readonly pubKeyCredParams: readonly { readonly type: "public-key"; readonly alg: number }[];
  readonly timeout?: number;
  readonly excludeCredentials?: readonly Descriptor[];
}
export interface RequestOptions {
  readonly challenge: string;
  readonly rpId?: string;
  readonly timeout?: number;
  readonly allowCredentials?: readonly Descriptor[];
}

/** PRF output, 32 bytes, or null where this passkey cannot make one. Its holder zeroes it. */
export type Prf = Uint8Array<ArrayBuffer> | null;

export function passkeysWork(): boolean {
  return typeof PublicKeyCredential === "function" && typeof navigator.credentials.create === "function";
}

/** Our own input, whatever the server's options say: a server cannot choose what the key is derived from. */
function extensions(): AuthenticationExtensionsClientInputs {
  return { prf: { eval: { first: bytesOf(PRF_INPUT) } } };
}

function bytesOf(input: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(input);
}

function prfOf(credential: PublicKeyCredential): Prf {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  const bytes = first instanceof ArrayBuffer ? new Uint8Array(first)
    : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
  return bytes.length === 32 ? bytes : null;
}

/** Asks the device for a new passkey. When creating gives no PRF output, using it once may: some devices work so. */
export async function createPasskey(options: CreationOptions): Promise<{ credential: NewCredential; prf: Prf }> {
  const made = await ask(() => navigator.credentials.create({
    publicKey: {
      rp: { ...options.rp },
      user: { ...options.user, id: bytes(options.user.id) },
      challenge: bytes(options.challenge),
      pubKeyCredParams: [...options.pubKeyCredParams],
      timeout: options.timeout ?? 120_000,
      attestation: "none",
      excludeCredentials: descriptors(options.excludeCredentials),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      extensions: extensions(),
    },
  }));
  const response = made.response as AuthenticatorAttestationResponse;
  const credential: NewCredential = {
    id: b64u(new Uint8Array(made.rawId)),
    attestation_object: b64u(new Uint8Array(response.attestationObject)),
    client_data_json: b64u(new Uint8Array(response.clientDataJSON)),
    transports: typeof response.getTransports === "function" ? response.getTransports() : [],
  };
  const prf = prfOf(made) ?? await tryUsing(made, options.rp.id);
  return { credential, prf };
}

/** Uses a passkey that was just made, only to get its PRF output: the challenge is ours and goes nowhere. */
async function tryUsing(made: PublicKeyCredential, rpId: string | undefined): Promise<Prf> {
  try {
    const used = await ask(() => navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        ...(rpId === undefined ? {} : { rpId }),
        allowCredentials: [{ type: "public-key", id: made.rawId }],
        userVerification: "required",
        extensions: extensions(),
      },
    }));
    return prfOf(used);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** Asks the device to use a passkey of this site. */
export async function usePasskey(options: RequestOptions): Promise<{ assertion: Assertion; prf: Prf }> {
  const used = await ask(() => navigator.credentials.get({
    publicKey: {
      challenge: bytes(options.challenge),
      ...(options.rpId === undefined ? {} : { rpId: options.rpId }),
      timeout: options.timeout ?? 120_000,
      allowCredentials: descriptors(options.allowCredentials),
      userVerification: "required",
      extensions: extensions(),
    },
  }));
  const response = used.response as AuthenticatorAssertionResponse;
  const assertion: Assertion = {
    id: b64u(new Uint8Array(used.rawId)),
    authenticator_data: b64u(new Uint8Array(response.authenticatorData)),
    client_data_json: b64u(new Uint8Array(response.clientDataJSON)),
    signature: b64u(new Uint8Array(response.signature)),
    user_handle: response.userHandle === null ? null : b64u(new Uint8Array(response.userHandle)),
  };
  return { assertion, prf: prfOf(used) };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return bytesOf(unb64u(text));
}

function descriptors(list: readonly Descriptor[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map(({ id, type, transports }) => ({
    id: bytes(id), type, ...(transports === undefined ? {} : { transports: [...transports] as AuthenticatorTransport[] }),
  }));
}

async function ask(act: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!passkeysWork()) throw new Failure("noPasskeys");
  const started = performance.now();
  let credential: Credential | null;
  try {
    credential = await act();
  } catch (error) {
    throw new Failure(troubleOfDevice(error, performance.now() - started));
  }
  if (credential === null) throw new Failure("passkeyFailed");
  return credential as PublicKeyCredential;
}

/** A person who says no and a clock that runs out both answer `NotAllowedError`; only the time tells them apart. */
function troubleOfDevice(error: unknown, tookMs: number): Failure["trouble"] {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "TimeoutError" || (name === "NotAllowedError" && tookMs >= 59_000)) return "passkeyTimeout";
  return name === "NotAllowedError" || name === "AbortError" ? "declined" : "passkeyFailed";
}
