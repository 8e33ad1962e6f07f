import { catalogue } from "../../../policies/catalogue";
import type { Rule } from "../../../policies/lib/rule";
import { judge, type Diagnostic, type Drafted } from "../../support/policy";
import { goodStack } from "../../support/policy-stack";
import type { Cases } from "../../support/policy-cases";
import { cases as access } from "./cases/access";
import { cases as across } from "./cases/across";
import { cases as autoscaling } from "./cases/autoscaling";
import { cases as aws } from "./cases/aws";
import { cases as containers } from "./cases/containers";
import { cases as keys } from "./cases/keys";
import { cases as kubernetes } from "./cases/kubernetes";
import { cases as networks } from "./cases/kubernetes-stack";
import { cases as links } from "./cases/links";
import { cases as plainText } from "./cases/plain-text";
import { cases as roles } from "./cases/roles";
import { cases as secrets } from "./cases/secrets";
import { cases as references } from "./cases/references";
import { cases as services } from "./cases/services";

const all: Readonly<Record<string, Cases>> = {
  ...access,
  ...across,
  ...autoscaling,
  ...aws,
  ...containers,
  ...keys,
  ...kubernetes,
  ...networks,
  ...links,
  ...plainText,
  ...roles,
  ...secrets,
  ...references,
  ...services,
};

const deployment = "kubernetes:apps/v1:Deployment";
const names = catalogue.map(({ name }) => name).sort();

test("every rule is proved by violations, by what it cannot judge and by near misses", () => {
  expect(Object.keys(all).sort()).toEqual(names);
  expect(
    Object.entries(all).filter(([, { violations, passes }]) =>
      [violations, passes].some((rows) => Object.keys(rows).length === 0),
    ),
  ).toEqual([]);
  const certain = names.filter((name) => all[name]?.unknowns === undefined);
  expect(certain).toEqual(["retired-alerts-are-refused"]);
});

describe.each(catalogue.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
  const { violations, unknowns, passes } = all[name] ?? {
    violations: {},
    unknowns: {},
    passes: {},
  };

  test.each(Object.entries(violations))("refuses %s", async (_title, [change, ...expected]) => {
    const found = await judge([rule], change(goodStack()));
    expect(found.map(({ about, message }) => `${about}: ${message}`).sort()).toEqual(
      expected.map((problem) => spelt(rule, problem)).sort(),
    );
    expect(new Set(found.map(({ level }) => level))).toEqual(new Set(["mandatory"]));
  });

  if (unknowns !== undefined) {
    test.each(Object.entries(unknowns))("can't judge %s", async (_title, [change, ...expected]) => {
      const found = await judge([rule], change(goodStack()));
      expect(found.map((diagnostic) => unjudged(rule, diagnostic)).sort()).toEqual(expected.sort());
    });
  }

  test.each(Object.entries(passes))("lets pass %s", async (_title, change) => {
    expect(await judge([rule], change(goodStack()))).toEqual([]);
  });

  if (rule.scope === "resource" && !rule.types.has(deployment)) return;

  describe("where every Deployment is a Rollout", () => {
    test.each(Object.entries(violations))("refuses %s", async (_title, [change, ...expected]) => {
      const found = await judge([rule], withRollouts(change(goodStack())));
      expect(found.map(({ about, message }) => `${about}: ${message}`).sort()).toEqual(
        expected.map((problem) => spelt(rule, problem)).sort(),
      );
    });

    test.each(Object.entries(passes))("lets pass %s", async (_title, change) => {
      expect(await judge([rule], withRollouts(change(goodStack())))).toEqual([]);
    });
  });
});

/** The stack as it would be with another strategy: every Deployment is a Rollout of the same pods. */
function withRollouts(stack: readonly Drafted[]): Drafted[] {
  const text = JSON.stringify(stack)
    .replaceAll(`"${deployment}"`, '"kubernetes:argoproj.io/v1alpha1:Rollout"')
    .replaceAll('"kind":"Deployment"', '"kind":"Rollout"')
    .replaceAll(/"(rollouts-)?pod-template-hash"/g, (_label, ofRollouts) =>
      ofRollouts === undefined ? '"rollouts-pod-template-hash"' : '"pod-template-hash"',
    );
  // The same resources but for their kind.
  return JSON.parse(text) as Drafted[];
}

/** The whole text of a violation, with the reason before and the remedy after what is wrong. */
function spelt(rule: Rule, problem: string): string {
  const [about = "", ...rest] = problem.split(": ");
  return `${about}: ${rule.protects}\n${rest.join(": ")}. ${rule.remediation}`;
}

/** What a rule says that it can't judge; a finding of any other kind is given back whole. */
function unjudged(rule: Rule, { about, level, message }: Diagnostic): string {
  const later = new RegExp(`${rule.name} judges at up, each before its resource is made: (.*)\\.$`);
  const places = level === "advisory" ? later.exec(message)?.[1] : undefined;
  if (places !== undefined) return places;
  const now = /\nIt is not known yet whether (.*?)\. [A-Z]/.exec(message)?.[1];
  return level === "mandatory" && now !== undefined ? `${about}: ${now}` : message;
}
