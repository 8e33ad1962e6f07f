import { exceptPreview, resourceRule } from "../lib/rule";

/** A secret deleted by mistake comes back. */
export const secretsCanBeRecovered = resourceRule(
  {
    id: "A24",
    name: "secrets-can-be-recovered",
    severity: "high",
    protects:
      "Without a recovery window a deleted secret is gone at once, and the service with it.",
    remediation: "Set recoveryWindowInDays to 7 or more, or leave it out for 30.",
    references: [
      "NS-S1",
      "https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
    ],
    enforcement: exceptPreview,
  },
  ["aws:secretsmanager/secret:Secret"],
  (secret) =>
    secret.args
      .get("recoveryWindowInDays")
      .must((days) => days === undefined || days >= 7, "lets a deleted secret go at once"),
);
