import { createHash, randomBytes } from "node:crypto";
import type { Target } from "./records";
import { withValue } from "./plain";
import { isRecord, pathKeys, type Plain, Properties } from "./properties";
import type { Autoname, Problem, ResourceRule } from "./rules/rule";

/** What the engine says about names: `pulumi:autonaming` proposes, enforces or forbids them. */
export interface NameRequest {
  /** Same for the same resource in one deployment; empty where there is no plan. */
  readonly randomSeed: Uint8Array;
  readonly autonaming?: {
    readonly mode: "propose" | "enforce" | "disable";
    readonly proposedName: string;
  };
}

interface Named {
  readonly inputs: Plain;
  /** Whether the name is an automatic one, made now or kept. */
  readonly automatic: boolean;
  readonly problem?: Problem;
}

/**
 * Gives a resource without a name the one the real provider would, and keeps it from then on.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
 */
export function assignName(
  target: Pick<Target, "type" | "name">,
  { autoname }: Pick<ResourceRule, "autoname">,
  { olds, news, ...request }: NameRequest & { readonly olds: Plain; readonly news: Plain },
): Named {
  const props = new Properties(news);
  if (autoname === undefined) return { inputs: news, automatic: false };
  if ([autoname.property, ...(autoname.unless ?? [])].some((path) => props.has(path))) {
    return { inputs: news, automatic: false };
  }
  const old = new Properties(olds).string(autoname.property);
  const kept =
    old !== undefined && (request.autonaming !== undefined || isAutomatic(autoname, old));
  const made = kept ? old : makeName(autoname, target, request);
  if (typeof made !== "string") return { inputs: news, automatic: false, problem: made };
  const inputs = withValue(news, pathKeys(autoname.property), made);
  return { inputs: isRecord(inputs) ? inputs : news, automatic: true };
}

/** Whether the provider made the resource's name, so that a replacement gets another beside it. */
export function hasAutomaticName(
  { autoname }: Pick<ResourceRule, "autoname">,
  inputs: Properties,
): boolean {
  const held = autoname && inputs.string(autoname.property);
  return autoname !== undefined && held !== undefined && isAutomatic(autoname, held);
}

function prefixOf({ lowercase = false, separator = "-" }: Autoname, name: string): string {
  return `${lowercase ? name.toLowerCase() : name}${separator}`;
}

function isAutomatic({ digits = 7, separator = "-" }: Autoname, old: string): boolean {
  const suffix = old.slice(-digits);
  return old.slice(0, -digits).endsWith(separator) && /^[0-9a-f]+$/.test(suffix);
}

function makeName(
  autoname: Autoname,
  target: Pick<Target, "type" | "name">,
  { randomSeed, autonaming }: NameRequest,
): string | Problem {
  if (autonaming !== undefined) return proposedName(autoname, autonaming);
  const { property, maxLength, digits = 7 } = autoname;
  const prefix = prefixOf(autoname, target.name);
  if (prefix.length + digits > maxLength) {
    const reason =
      `could not make instance of '${target.type}': name '${prefix}' plus ${digits} random chars ` +
      `is longer than maximum length ${maxLength}`;
    return { property, reason };
  }
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(32);
  return prefix + createHash("sha256").update(seed).digest("hex").slice(0, digits);
}

function proposedName(
  { property, maxLength, lowercase = false }: Autoname,
  { mode, proposedName: proposed }: NonNullable<NameRequest["autonaming"]>,
): string | Problem {
  if (mode === "disable") {
    return { property, reason: "automatic naming is disabled but no explicit name was provided" };
  }
  const name = lowercase && mode === "propose" ? proposed.toLowerCase() : proposed;
  if (mode === "enforce" || name.length <= maxLength) return name;
  return { property, reason: `calculated name '${name}' exceeds maximum length of ${maxLength}` };
}
