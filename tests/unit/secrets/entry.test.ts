import { declaredText, issuedText, placeholder } from "../../../components/secrets/entry";
import type { SecretSettings } from "../../../settings/secret";
import { identity } from "../../support/workload-settings";

const secret: SecretSettings = {
  purpose: "Signs the sessions",
  kind: "generated",
  rotation: { everyDays: 90 },
  minimumLength: 32,
};
const owned = { service: "api", team: "platform", consumers: "api" };
const facts = { ...owned, kind: "generated", "minimum-length": "32" };

const texts = [
  {
    rule: "NS-S2: says how often it rotates",
    text: declaredText(identity, secret),
    description: "Signs the sessions.",
    tags: { ...facts, owner: "platform", rotation: "every 90 days" },
  },
  {
    rule: "NS-S2: says why it cannot rotate",
    text: declaredText(identity, {
      ...secret,
      rotation: { cannotRotate: "the partner issues it once a year" },
    }),
    description: "Signs the sessions. Cannot rotate: the partner issues it once a year",
    tags: { ...facts, owner: "platform", rotation: "none" },
  },
  {
    rule: "NS-S2: says when somebody has to renew it, in characters that a tag may hold",
    text: declaredText(identity, {
      ...secret,
      kind: "issued",
      rotation: { cannotRotate: "The partner issues it.", renewDays: 365 },
    }),
    description: "Signs the sessions. Cannot rotate: The partner issues it.",
    tags: { ...facts, kind: "issued", owner: "platform", rotation: "by hand every 365 days" },
  },
  {
    rule: "names the owner where another team answers for it",
    text: declaredText(identity, { ...secret, owner: "payments" }),
    description: "Signs the sessions.",
    tags: { ...facts, owner: "payments", rotation: "every 90 days" },
  },
  {
    rule: "says that an issued value changes by its issuer",
    text: issuedText(identity, "Reports errors to Sentry."),
    description: "Reports errors to Sentry.",
    tags: { ...owned, kind: "issued", owner: "platform", rotation: "by its issuer" },
  },
];

describe("the text of an entry", () => {
  test.each(texts)("$rule", ({ text, description, tags }) => {
    expect(text).toEqual({ description, tags });
  });
});

test("NS-S1: the placeholder is too short to pass for a secret", () => {
  const shortestAllowed = 8;
  expect(placeholder.length).toBeLessThan(shortestAllowed);
});
