import { expect, test } from "vitest";
import { idleLimit, isOver } from "../../src/client/keystore.ts";

const MINUTE = 60_000;

test("a vault locks after 15 unused minutes, on a shared computer after 5", () => {
  expect(idleLimit(false)).toBe(15 * MINUTE);
  expect(idleLimit(true)).toBe(5 * MINUTE);
  expect(isOver({ used: 0 }, 15 * MINUTE - 1)).toBe(false);
  expect(isOver({ used: 0 }, 15 * MINUTE)).toBe(true);
});

test("a clock that was turned back does not keep a vault open", () => {
  expect(isOver({ used: 60 * MINUTE }, 0)).toBe(true);
});
