import type { Plain } from "../../sandbox/properties";
import { rules } from "../../sandbox/rules/aws";
import type { CloudObject, Context, ResourceRule } from "../../sandbox/rules/rule";
import { existing, ruleContext } from "./rule-context";

/** Account and region of the tests. */
export const account = "111122223333";
export const region = "eu-central-1";
const scope = `aws/${account}/${region}`;

/** An object of the account, or of the account and region that the scope names. */
export function inAws(
  type: string,
  id: string,
  properties: Plain = {},
  where = scope,
): CloudObject {
  return { ...existing(type, id, properties), scope: where };
}

/** What a rule of AWS knows in a test. */
export function awsContext(objects: readonly CloudObject[] = []): Context {
  return { ...ruleContext(objects), account, region, scope };
}

/** The rule of a type, such as `s3/bucket:Bucket`. */
export function awsRule(type: string): ResourceRule {
  const found = rules.resources.find((rule) => rule.type === `aws:${type}`);
  if (found === undefined) throw new Error(`no rule for aws:${type}`);
  return found;
}

/** A policy document with one statement. */
export function policyOf(statement: Plain, document: Plain = {}): string {
  const statements = [{ Effect: "Allow", ...statement }];
  return JSON.stringify({ Version: "2012-10-17", Statement: statements, ...document });
}
