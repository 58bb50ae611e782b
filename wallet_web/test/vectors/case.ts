/** One test vector, as protocols/vectors/README.md has it. */
import { Invalid } from "../../src/core/errors.ts";
import { OPERATIONS } from "./operations.ts";
import type { Operation } from "./operations.ts";

export interface Case {
  readonly id: string;
  readonly op: string;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly input: unknown;
  readonly result: "valid" | "invalid";
  readonly output?: unknown;
  readonly error?: string;
}

export interface CaseFile { readonly area: string; readonly made_by: string; readonly cases: readonly Case[] }

/** What comes of a case: its output, or the code of its error. Anything else that goes wrong is thrown. */
export async function run(op: string, input: unknown): Promise<{ output: unknown } | { error: string }> {
  if (!isOperation(op)) throw new Error(`no operation ${op}`);
  const operation = OPERATIONS[op] as (input: unknown) => unknown;
  try {
    return { output: await operation(input) };
  } catch (error) {
    if (error instanceof Invalid) return { error: error.code };
    throw error;
  }
}

function isOperation(op: string): op is Operation {
  return op in OPERATIONS;
}
