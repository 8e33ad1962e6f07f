import fc from "fast-check";
import { generatedValue, refusal } from "../../../../cli/secrets/value";

const minimumLength = 32;

test.each([
  ["of nothing", "", "is empty"],
  ["as it is after `up`", "unset", "is a placeholder, not a secret"],
  [
    "that says it is to be changed",
    `changeme-${"4f9a".repeat(9)}`,
    "is a placeholder, not a secret",
  ],
  ["that names what belongs there", "<the API key of the payment provider>", "is a placeholder"],
  ["that a template has left", `\${STRIPE_API_KEY_OF_THIS_ENVIRONMENT}`, "is a placeholder"],
  ["of one character", "x".repeat(40), "is a placeholder, not a secret"],
  ["that is too short", "4f9a1c7e", "has 8 characters; the entry asks for at least 32"],
  [
    "with a space that was copied along",
    ` ${"4f9a1c7e".repeat(5)}`,
    "begins or ends with white space",
  ],
  ["with a character that no key has", `${"4f9a1c7e".repeat(5)}\u0000a`, "has control characters"],
  ["that Secrets Manager does not take", "4f9a1c7e".repeat(8193), "has 65544 bytes"],
])("NS-S1: a value %s is refused", (_, value, reason) => {
  expect(refusal(value, { minimumLength })).toContain(reason);
});

test.each([
  ["of several lines", "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END KEY-----"],
  ["in another script", "пароль-из-тридцати-двух-знаков-и-более"],
])("a value %s is taken", (_, value) => {
  expect(refusal(value, { minimumLength })).toBeUndefined();
});

test("NS-S4: no refusal repeats any part of a value", () => {
  const values = fc.string({ minLength: 6, maxLength: 60, unit: "binary" });
  fc.assert(
    fc.property(values, fc.integer({ min: 8, max: 64 }), (value, least) => {
      const reason = refusal(`canary${value}`, { minimumLength: least }) ?? "";
      return !reason.includes("canary");
    }),
  );
});

test("NS-S1: a generated value has at least 48 characters, and as many as the entry asks for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 4096 }), (least) => {
      const value = generatedValue({ minimumLength: least });
      expect(value).toHaveLength(Math.max(48, least));
      expect(value).toMatch(/^[A-Za-z0-9]+$/);
      expect(refusal(value, { minimumLength: least })).toBeUndefined();
    }),
  );
});

test("NS-S1: two generated values share nothing", () => {
  const values = Array.from({ length: 1000 }, () => generatedValue({ minimumLength }));
  expect(new Set(values.map((value) => value.slice(0, 12))).size).toBe(1000);
});
