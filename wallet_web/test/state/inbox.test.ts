import { expect, test } from "vitest";
import { rowsIn } from "../../src/state/inbox.ts";

const id = "AAAAAAAAAAAAAAAAAAAAAA";
const row = { id, service: "https://parking.anytown.example", sub: "", received: 1_790_000_000, deposit: "" };

test("a list that the server made up breaks no page", () => {
  expect(rowsIn([row])).toEqual([row]);
  for (const wrong of [null, 3, "x", {}, [], { ...row, id: "no id" }, { ...row, id: 3 }, { ...row, service: null },
    { ...row, service: "s".repeat(256) }, { ...row, received: "yesterday" }, { ...row, received: 1e300 }, { ...row, received: NaN }]) {
    expect(rowsIn([wrong, row])).toEqual([row]);
  }
  for (const wrong of [undefined, null, {}, "x", 3]) expect(rowsIn(wrong)).toEqual([]);
  expect(rowsIn(Array.from({ length: 50 }, () => row))).toHaveLength(20);
});
