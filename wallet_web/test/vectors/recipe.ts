/** Making vectors: a case says what must come of it, and is tried at once. */
import { jcs } from "../../src/core/encoding.ts";
import type { Json } from "../../src/core/encoding.ts";
import type { Code } from "../../src/core/errors.ts";
import { run } from "./case.ts";
import type { Case } from "./case.ts";
import type { Inputs, Operation } from "./operations.ts";

/** A case before it has its id; its output may be left to be found. */
type Recipe = Omit<Case, "id">;

/** The cases of one area, in order. */
export class Area {
  readonly name: string;
  private readonly recipes: Recipe[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** A case that succeeds; with `output`, with exactly this one. */
  valid<O extends Operation>(op: O, comment: string, input: Inputs[O], output?: Json, ...flags: string[]): this {
    this.recipes.push({ op, comment, flags, input, result: "valid", ...(output === undefined ? {} : { output }) });
    return this;
  }

  /** A case with one thing wrong, which its error names. */
  invalid<O extends Operation>(op: O, error: Code, comment: string, input: Inputs[O], ...flags: string[]): this {
    this.recipes.push({ op, comment, flags, input, result: "invalid", error });
    return this;
  }

  /** The text of `<area>.typescript.json`: one case a line, ASCII only. Throws where a case is not as its recipe says. */
  async file(): Promise<string> {
    const tries = this.recipes.map(async (recipe, at) => tried(recipe, `${this.name}-ts-${at + 1}`));
    const problems = (await Promise.allSettled(tries)).filter((each) => each.status === "rejected").map(({ reason }) => String(reason));
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const cases = await Promise.all(tries);
    const lines = cases.map((vector) => JSON.stringify(vector).replace(/[\u007f-\uffff]/g, escaped));
    return `{"area":"${this.name}","made_by":"typescript","cases":[\n${lines.join(",\n")}\n]}\n`;
  }
}

async function tried({ op, comment, flags, input, result, output, error }: Recipe, id: string): Promise<Case> {
  const outcome = await run(op, input).catch((thrown: unknown) => { throw new Error(`${id}: ${comment}`, { cause: thrown }); });
  const got = "error" in outcome ? outcome.error : outcome.output;
  const wanted = error ?? output ?? got;
  const isRight = ("error" in outcome) === (result === "invalid") && jcs(got as Json) === jcs(wanted as Json);
  if (!isRight) throw new Error(`${id} (${comment}): ${jcs(got as Json)} instead of ${jcs((wanted ?? null) as Json)}`);
  return { id, op, comment, flags, input, result, ...outcome };
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
