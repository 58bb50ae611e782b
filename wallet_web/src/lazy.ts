/** What only some people need, in a file of its own: passphrases, the recovery code, who can see what. */
import { Failure } from "./client/failure.ts";

export type More = typeof import("./more.ts");

let loaded: More | null = null;

/** Loads it, once. Errors: `Failure` `network`. */
export async function loadMore(): Promise<More> {
  try {
    loaded ??= await import("./more.ts");
  } catch {
    throw new Failure("network");
  }
  return loaded;
}

/** It, where it is here already: a screen of it is shown only after it was loaded. */
export function more(): More | null {
  return loaded;
}
