/**
 * Statements in a vault: each in an item of its own, once, however many grants were made by it (protocols/specs/vault.md,
 * Items). Outside the sealed bytes a grant has its statement in its place.
 */
import { newId } from "./encoding.ts";
import type { Random } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import type { ItemDocument } from "./items.ts";
import { ID } from "./members.ts";

interface Put { readonly id: string; readonly document: ItemDocument }

/** The items of a vault, each grant with its statement. Errors: `manifest/item-missing`. */
export function withStatements(items: ReadonlyMap<string, ItemDocument>): ReadonlyMap<string, ItemDocument> {
  return new Map([...items].map(([id, document]): [string, ItemDocument] => {
    const { kind, statement } = document;
    // A grant from before has the statement itself, which is no id.
    if (kind !== "grant" || typeof statement !== "string" || !ID.test(statement)) return [id, document];
    const found = items.get(statement);
    if (found?.kind !== "statement") throw new Invalid("manifest/item-missing", "statement");
    return [id, { ...document, statement: found["statement"] ?? "" }];
  }));
}

/** What is sealed of these: grants that name the items of their statements, after those of the new statements. */
export function statementsApart(put: readonly Put[], items: ReadonlyMap<string, ItemDocument>, random: Random): Put[] {
  const kept = new Map([...items].flatMap(([id, document]): [unknown, string][] =>
    (document.kind === "statement" ? [[document["statement"], id]] : [])));
  const added: Put[] = [];
  const apart = put.map(({ id, document }): Put => {
    const { kind, statement } = document;
    if (kind !== "grant" || typeof statement !== "string") return { id, document };
    let item = kept.get(statement);
    if (item === undefined) {
      item = newId(random);
      kept.set(statement, item);
      added.push({ id: item, document: { kind: "statement", statement } });
    }
    return { id, document: { ...document, statement: item } };
  });
  return [...added, ...apart];
}
