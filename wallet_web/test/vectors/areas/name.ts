import { newName } from "../../../src/core/names.ts";
import { fixed } from "../keys.ts";
import { Area } from "../recipe.ts";

/** `name.parse`, `name.format` (protocols/specs/vault.md, Vault name and passphrase). */
export function name(): Area {
  const area = new Area("name");
  const plain = newName((size) => fixed("name", size));
  const printed = `${plain.slice(0, 4)}-${plain.slice(4, 8)}-${plain.slice(8)}`;
  area.valid("name.format", "as it is printed", { name: plain }, printed)
    .valid("name.format", "one that is printed already", { name: printed }, printed)
    .valid("name.parse", "as it is printed", { name: printed }, plain)
    .valid("name.parse", "in lower case with spaces", { name: ` ${printed.toLowerCase().replaceAll("-", "  ")} ` }, plain)
    .valid("name.parse", "zeros and ones as letters", { name: "oooo-llll-iiii" }, "000011111111")
    .invalid("name.format", "name/length", "too short to print", { name: plain.slice(1) });
  const wrong = (error: "name/length" | "name/character", comment: string, typed: string): Area =>
    area.invalid("name.parse", error, comment, { name: typed });
  wrong("name/length", "hyphens alone", "--");
  wrong("name/length", "a tab is not dropped", `${plain}\t`);
  wrong("name/character", "a letter outside ASCII", `É${plain.slice(1)}`);
  wrong("name/character", "digits of another script", `${plain.slice(0, -2)}٩٨`);
  wrong("name/character", "a sharp s, whose upper case is two letters", `ß${plain.slice(1)}`);
  return area;
}
