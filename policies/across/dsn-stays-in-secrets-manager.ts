import { mapTypes, variableTypes } from "../lib/plain-text";
import { podTypes } from "../lib/pods";
import { everyTier, stackRule } from "../lib/rule";
import type { Stack } from "../lib/stack";
import { any, truthOf, type Finding } from "../lib/verdict";

const keyType = "sentry:index/sentryKey:SentryKey";
const versionType = "aws:secretsmanager/secretVersion:SecretVersion";

/** NS-S5: what Sentry issues reaches the pods by Secrets Manager and by nothing else. */
export const dsnStaysInSecretsManager = stackRule(
  {
    id: "X04",
    name: "dsn-stays-in-secrets-manager",
    severity: "high",
    protects: "A DSN that is never delivered reports no error; one in plain text takes anybody's.",
    remediation:
      "Store it in a SecretVersion, and let an ExternalSecret or an environment secret carry it on.",
    references: ["NS-S5", "SA-S1", "TS-S1", "NS-S4"],
    enforcement: everyTier("mandatory"),
  },
  (stack) => {
    const sinks = plainSinks(stack);
    return stack.of(keyType).flatMap((key) => {
      const stored = stack.referrers<typeof versionType>(key, versionType, "secretString");
      return [
        ...key.mustHold(
          any(stored.map(({ refers }) => refers)),
          "issues a DSN that no SecretVersion stores",
        ),
        ...(sinks.get(key.urn) ?? []),
      ];
    });
  },
);

/** Findings about properties in plain text, by the URN of the key that they were computed from. */
function plainSinks(stack: Stack): ReadonlyMap<string, Finding[]> {
  const sinks = new Map<string, Finding[]>();
  const plain = [
    ...stack
      .of(...podTypes)
      .map((maker) => ({ sink: maker.args.get("spec"), from: maker.dependencies("spec") })),
    ...stack
      .of(...mapTypes)
      .map((map) => ({ sink: map.args.get("data"), from: map.dependencies("data") })),
    ...stack.of(...variableTypes).map((variable) => ({
      sink: variable.args.get("value"),
      from: variable.dependencies("value"),
    })),
  ];
  for (const { sink, from } of plain) {
    for (const urn of from) {
      const found = sink.mustHold(truthOf(false), "carries a DSN in plain text");
      sinks.set(urn, [...(sinks.get(urn) ?? []), ...found]);
    }
  }
  return sinks;
}
