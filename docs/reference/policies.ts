import { readdirSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../policies/catalogue";
import type { About, Rule } from "../../policies/lib/rule";
import { code, codes, table } from "./markdown";

const folder = join(__dirname, "../../policies");

const titles: Readonly<Record<string, string>> = {
  across: "Across providers",
  aws: "AWS",
  datadog: "Datadog",
  github: "GitHub",
  kubernetes: "Kubernetes",
  pagerduty: "PagerDuty",
  sentry: "Sentry",
};

/** Page of every rule of the pack. */
export function policiesPage(): string {
  const groups = Object.entries(titles).flatMap(([provider, title]) => {
    const rules = rulesOf(provider);
    return rules.length === 0
      ? []
      : [`## ${title}`, ...rules.flatMap((rule) => section(rule, provider))];
  });
  return `${[intro(), summary(), ...groups].join("\n\n")}\n`;
}

/** The rules whose files lie in a folder of the pack. */
function rulesOf(provider: string): Rule[] {
  const files = new Set(readdirSync(join(folder, provider)));
  return catalogue.filter(({ name }) => files.has(`${name}.ts`));
}

function intro(): string {
  return `<!-- Written by \`npm run docs\` from the rules themselves. -->

# Policies

The pack has ${catalogue.length} rules. How it is run and configured is told in [its README](../../policies/README.md), how a rule is
answered in [Read a failed preview](../how-to/read-a-failed-preview.md#a-policy-is-broken). A rule over a resource is
asked again at \`up\`, before the resource is made; a rule over the stack sees all of it, at the end of a preview.`;
}

function summary(): string {
  const rows = catalogue.map((rule) => [
    `[${rule.name}](#${rule.name})`,
    rule.scope,
    rule.severity,
    enforcement(rule),
  ]);
  return table(["rule", "judges a", "severity", "level"], rows);
}

function section(rule: Rule, provider: string): string[] {
  const rows = [
    ["id", code(rule.id)],
    ["judges a", rule.scope],
    ...(rule.scope === "resource" ? [["types", codes([...rule.types].sort())]] : []),
    ["severity", rule.severity],
    ["level", enforcement(rule)],
    ["do", rule.remediation],
    ["covers", rule.references.join("; ")],
    ["source", `[${provider}/${rule.name}.ts](../../policies/${provider}/${rule.name}.ts)`],
  ];
  return [`### ${rule.name}`, rule.protects, table(["", ""], rows)];
}

/** What a violation does, in a word where all tiers agree. */
function enforcement({ enforcement: levels }: About): string {
  const [first] = Object.values(levels);
  const differ = Object.entries(levels).some(([, level]) => level !== first);
  if (!differ) return first ?? "";
  return Object.entries(levels)
    .map(([tier, level]) => `${tier} ${level}`)
    .join(", ");
}
