import type { Properties } from "../../properties";
import type { Context, Problem } from "../rule";

/** Partition of a region, as it stands in ARNs. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Where an object stands: what an ARN needs to know. */
export type Place = Pick<Context, "account" | "region">;

/** ARN of an object that lives in a region. */
export function arn(service: string, { account, region }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}

/** ARN of an object of IAM, which knows no regions. */
export function iamArn({ account, region }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:iam::${account}:${resource}`;
}

/** An error of a service as the provider reports it: `creating KMS Key: api error …Exception: …`. */
export function apiError(doing: string, code: string, message: string): string {
  return `${doing}: api error ${code}: ${message}`;
}

/** Whether an object stands in the account that is asked, whatever the region. */
export function sameAccount({ account }: Place, { scope }: { readonly scope: string }): boolean {
  return scope.startsWith(`aws/${account}/`);
}

/** Refuses a number outside of a range, before any call. */
export function numberBetween(
  props: Properties,
  property: string,
  ...[minimum, maximum]: [number, number]
): readonly Problem[] {
  const value = props.number(property);
  if (value === undefined || (value >= minimum && value <= maximum)) return [];
  const reason = `expected ${property} to be in the range (${minimum} - ${maximum}), got ${value}`;
  return [{ property, reason }];
}

/** Refuses a text that is too short or too long, before any call. */
export function lengthBetween(
  props: Properties,
  property: string,
  ...[minimum, maximum]: [number, number]
): readonly Problem[] {
  const length = props.string(property)?.length;
  if (length === undefined || (length >= minimum && length <= maximum)) return [];
  const range = `(${minimum} - ${maximum})`;
  const reason = `expected length of ${property} to be in the range ${range}, got ${length}`;
  return [{ property, reason }];
}

/** Refuses a value that the provider does not list, before any call. */
export function oneOf(
  props: Properties,
  property: string,
  allowed: readonly string[],
): readonly Problem[] {
  const value = props.string(property);
  if (value === undefined || allowed.includes(value)) return [];
  return [
    { property, reason: `expected ${property} to be one of [${allowed.join(" ")}], got ${value}` },
  ];
}

/** Checks each item of a list and tells where it stands. */
export function each(
  props: Properties,
  list: string,
  check: (item: Properties) => readonly Problem[],
): readonly Problem[] {
  return props.list(list).flatMap((item, index) =>
    check(item).map(({ property, reason }) => ({
      property: `${list}[${index}].${property}`,
      reason,
    })),
  );
}

/** Refuses a text that is no JSON object, before any call. */
export function jsonObject(props: Properties, property: string): readonly Problem[] {
  const text = props.string(property);
  if (text === undefined || isJsonObject(text)) return [];
  return [{ property, reason: `"${property}" contains an invalid JSON: not a JSON object` }];
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
