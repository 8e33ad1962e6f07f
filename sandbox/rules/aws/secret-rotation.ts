import { Properties } from "../../properties";
import type { Context, ResourceRule } from "../rule";
import { apiError, numberBetween } from "./common";
import { findFunction, isInvocableBy } from "./lambda";
import { labelEffects, rotatedVersion } from "./secret-versions";
import { secretReference } from "./secrets-manager";

const days = "rotationRules.automaticallyAfterDays";
const schedule = "rotationRules.scheduleExpression";

/**
 * The rotation of an entry. The service calls the function before it takes the schedule, and starts
 * the first rotation at once.
 */
const secretRotation: ResourceRule = {
  type: "aws:secretsmanager/secretRotation:SecretRotation",
  source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html",
  defaults: { rotateImmediately: true },
  check: (props) => {
    const reason = `one of \`${days},${schedule}\` must be specified`;
    const count = [days, schedule].filter((name) => props.get(name) !== undefined).length;
    const open = props.isUnknown(days) || props.isUnknown(schedule);
    return [
      ...(count === 1 || (count === 0 && open) ? [] : [{ property: "rotationRules", reason }]),
      ...numberBetween(props, days, 1, 1000),
    ];
  },
  references: (props) => [secretReference("secretId", props)],
  refuse: (props, context) => scheduleFault(props) ?? functionFault(props, context),
  id: (props) => props.string("secretId") ?? "",
  outputs: (_, { region }) => ({ rotationEnabled: true, region }),
  effects: ({ properties }, context) => {
    if (properties.boolean("rotateImmediately") === false) return {};
    const version = rotatedVersion(properties.string("secretId") ?? "", context);
    const made = { id: version.id, properties: new Properties(version.properties) };
    return { ...labelEffects(made, context), adds: [version] };
  },
  replaceOn: ["secretId"],
};

/** Rules of rotation. */
export const secretRotations: readonly ResourceRule[] = [secretRotation];

/**
 * At most every four hours, at least every 999 days.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
function scheduleFault(props: Properties): string | undefined {
  const text = props.string(schedule) ?? "cron()";
  if (text.startsWith("cron(") || isRate(text)) return undefined;
  const message = "Invalid schedule expression: a rate is from 4 hours to 999 days.";
  return apiError(doing(props), "InvalidParameterException", message);
}

function isRate(text: string): boolean {
  const [, count, unit = ""] = /^rate\((\d+) (hour|day)s?\)$/.exec(text) ?? [];
  const hours = Number(count) * (unit === "day" ? 24 : 1);
  return hours >= 4 && hours <= 999 * 24;
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html */
function functionFault(props: Properties, context: Context): string | undefined {
  const reference = props.string("rotationLambdaArn") ?? "";
  const managed = findFunction(reference, context);
  if (managed === undefined) {
    const message = `Lambda function ${reference} was not found.`;
    return apiError(doing(props), "ResourceNotFoundException", message);
  }
  if (isInvocableBy("secretsmanager.amazonaws.com", managed.id, context)) return undefined;
  const message =
    "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy " +
    "grants access to the principal secretsmanager.amazonaws.com.";
  return apiError(doing(props), "AccessDeniedException", message);
}

function doing(props: Properties): string {
  return `creating Secrets Manager Secret Rotation (${props.string("secretId") ?? ""})`;
}
