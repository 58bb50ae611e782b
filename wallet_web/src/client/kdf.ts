/** Asks the worker for what a passphrase derives. Loaded only where somebody uses one. */
import address from "./kdf.worker.ts?worker&url";
import type { Bytes } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import type { Code } from "../core/errors.ts";
import { Failure } from "./failure.ts";
import { startWorker } from "./workers.ts";

export interface KdfQuestion { readonly passphrase: string; readonly salt: Bytes; readonly suite: number }
export type KdfAnswer = { readonly secret: Bytes } | { readonly code: Code | null };

/** 32 bytes after about half a second. Its caller zeroes them. Errors: `unlock/…`, `Failure`. */
export function deriveSecret(passphrase: string, salt: Bytes, suite: number): Promise<Bytes> {
  const worker = startWorker(address);
  return new Promise<Bytes>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<KdfAnswer>) => {
      if ("secret" in data) resolve(data.secret);
      else reject(data.code === null ? new Failure("passphrase") : new Invalid(data.code));
    };
    // The worker's file did not come.
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Failure("network"));
    };
    worker.postMessage({ passphrase, salt, suite } satisfies KdfQuestion);
  }).finally(() => { worker.terminate(); });
}
