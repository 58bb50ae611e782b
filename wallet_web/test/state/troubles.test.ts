import { expect, test } from "vitest";
import { Failure } from "../../src/client/failure.ts";
import { Invalid } from "../../src/core/errors.ts";
import type { Code } from "../../src/core/errors.ts";
import { troubleOf } from "../../src/state/troubles.ts";
import { text } from "../../src/text/index.ts";

const cases: readonly (readonly [Code, string])[] = [
  ["manifest/rolled-back", "This vault is older than the one this device last saw"],
  ["manifest/forked", "This is not the same vault that this device last saw"],
  ["manifest/item-missing", "Something is missing from your vault"],
  ["manifest/item-unlisted", "Your vault was changed, but not by you"],
  ["manifest/item-changed", "Your vault was changed, but not by you"],
  ["manifest/chain", "Your vault was changed, but not by you"],
  ["manifest/wrap-changed", "Your vault was changed, but not by you"],
  ["seal/open", "Your vault was changed, but not by you"],
  ["unlock/suite", "The vault service asked for a weaker lock"],
  ["unlock/salt", "The vault service asked for a weaker lock"],
  ["registry/index-old", "We could not check who is asking"],
  ["registry/key-unknown", "We could not check who is asking"],
  ["registry/index-expired", "The register of services is out of date"],
  ["registry/statement-changed", "We could not check who is asking"],
  ["registry/statement-unlisted", "This service is not on the council’s register"],
  ["request/attribute", "This request is not allowed"],
  ["request/redirect", "This request is not allowed"],
  ["request/encryption-key", "This request is not allowed"],
  ["jose/signature", "This request is not allowed"],
];

test.each(cases)("%s is said in words that a resident understands", (code, title) => {
  expect(text.troubles[troubleOf(new Invalid(code))].title).toBe(title);
});

test("declined, failed and timed out are three different messages", () => {
  const said = (["declined", "passkeyFailed", "passkeyTimeout"] as const).map((trouble) => text.troubles[troubleOf(new Failure(trouble))].title);
  expect(new Set(said).size).toBe(3);
});

test("an error of our own is not blamed on the resident", () => {
  expect(troubleOf(new TypeError("x"))).toBe("unexpected");
});

test("no message holds a code or a slash word", () => {
  for (const { title, text: body } of Object.values(text.troubles)) expect(`${title} ${body}`).not.toMatch(/[a-z]+\/[a-z]+/);
});
