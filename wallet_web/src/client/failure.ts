/** What goes wrong outside the core: the network, the server's answers, the device. */
import type { Text } from "../text/index.ts";

/** `trouble` names the words to show; `code` is the server's, or the rule that it names, where it sent one. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly trouble: keyof Text["troubles"];
  readonly code: string;
  readonly status: number;

  constructor(trouble: keyof Text["troubles"], code = "", status = 0) {
    super(code === "" ? trouble : `${trouble}: ${code}`);
    this.trouble = trouble;
    this.code = code;
    this.status = status;
  }
}
