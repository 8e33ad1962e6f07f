import { z } from "zod";
import { distinct, Slug, VariableName } from "./primitives";
import type { Path } from "./problem";
import type { Finding } from "./schema-problems";

/** What plinth does not rotate: the reason, and after how long somebody has to exchange it. */
const ByHand = z.strictObject({
  cannotRotate: z.string().min(10),
  renewDays: z.int().min(1).max(3650).optional(),
});

const description =
  "Days between rotations by plinth, or the reason why it cannot rotate and the days after which a person renews it.";

/** How often a secret is exchanged, or why plinth never does it (NS-S2). */
const Rotation = z
  .union([z.strictObject({ everyDays: z.int().min(1).max(365) }), ByHand], {
    error:
      "must be either everyDays (1 to 365) or cannotRotate (the reason) with or without renewDays",
  })
  .meta({ description });

/** One entry of Secrets Manager; its value is set outside of Pulumi and never stands in settings or state. */
export const Secret = z.strictObject({
  purpose: z.string().min(3).meta({ description: "What the secret opens, in a few words." }),
  owner: Slug.optional().meta({
    description: "Team that answers for it. Default: the service's team.",
  }),
  kind: z.enum(["generated", "issued"]).meta({
    description:
      "generated: random text that nobody but the service checks; issued: given out by who checks it.",
  }),
  variable: VariableName.optional().meta({
    description:
      "Environment variable of the pod. Default: the name in upper case with underscores.",
  }),
  rotation: Rotation,
  minimumLength: z
    .int()
    .min(8)
    .max(4096)
    .default(32)
    .meta({ description: "Characters; NS-S1 asks for 32." }),
});

/**
 * Most services that an entry is shared with: a tag names them all in the 256 characters of its value.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html
 */
const mostConsumers = 5;

/** One entry of a service in the cluster, which others there may read as well (NS-S1). */
export const ServiceSecret = Secret.extend({
  consumers: distinct(z.array(Slug).max(mostConsumers)).default([]).meta({
    description:
      "Other services in the cluster whose pods get it too, under the same variable: one value that they all have.",
  }),
});

/** Why a database's password is left to who runs the server, which plinth does not. */
export const DatabasePasswordRotation = ByHand.default({
  cannotRotate: "PostgreSQL checks it, on a server that plinth does not run.",
  renewDays: 90,
}).meta({ description: "Why its password cannot rotate, and the days after which it is renewed." });

/** Effective settings of a secret. */
export type SecretSettings = z.output<typeof Secret> &
  Partial<Pick<z.output<typeof ServiceSecret>, "consumers">>;

/** Name of the variable that carries a secret. */
export function variableOf(secret: string, { variable }: Pick<SecretSettings, "variable">): string {
  return variable ?? secret.toUpperCase().replaceAll("-", "_");
}

/**
 * Name of the variable that carries the value before, by which a service goes on to accept what it
 * signed until then; where somebody else checks the value, only the current one is of use.
 */
export function previousVariableOf(secret: string, settings: SecretSettings): string | undefined {
  const { kind, rotation } = settings;
  const has = kind === "generated" && "everyDays" in rotation;
  return has ? `${variableOf(secret, settings)}_PREVIOUS` : undefined;
}

/** Every variable that a secret becomes. */
export function variablesOf(secret: string, settings: SecretSettings): string[] {
  const previous = previousVariableOf(secret, settings);
  return [variableOf(secret, settings), ...(previous === undefined ? [] : [previous])];
}

/** A random text in place of what somebody else checks would open nothing any more. */
export function rotatedUnasked(
  at: Path,
  secrets: Readonly<Record<string, SecretSettings>>,
): Finding[] {
  return Object.entries(secrets).flatMap(([name, { kind, rotation }]): Finding[] => {
    if (kind === "generated" || !("everyDays" in rotation)) return [];
    const path = [...at, "secrets", name, "rotation", "everyDays"];
    const given = `is ${rotation.everyDays}, and the secret is issued`;
    const allowed =
      "plinth rotates what is of kind: generated; else say cannotRotate: the reason, and renewDays";
    return [{ path, given, allowed }];
  });
}
