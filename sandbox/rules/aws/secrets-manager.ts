import type { Properties } from "../../properties";
import type { Context, Reference, ResourceRule } from "../rule";
import { apiError, arn, jsonObject, lengthBetween, numberBetween } from "./common";
import { keyExists } from "./kms";
import { isEverybody, parsePolicy, type Statement } from "./policy-document";
import { labelEffects, providedVersionId, versionType } from "./secret-versions";

const secretType = "aws:secretsmanager/secret:Secret";

/** What a deleted secret leaves until its recovery window has passed: its name stays taken. */
const tombType = `${secretType}#scheduled-for-deletion`;

const secret: ResourceRule = {
  type: secretType,
  source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
  defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
  autoname: { property: "name", maxLength: 512, unless: ["namePrefix"] },
  check: (props) => {
    const name = props.string("name");
    const reason = "must contain only alphanumeric characters and special characters /_+=.@-";
    return [
      ...(name === undefined || /^[0-9A-Za-z/_+=.@-]+$/.test(name)
        ? []
        : [{ property: "name", reason }]),
      ...lengthBetween(props, "name", 1, 512),
      ...(props.number("recoveryWindowInDays") === 0
        ? []
        : numberBetween(props, "recoveryWindowInDays", 7, 30)),
      ...jsonObject(props, "policy"),
    ];
  },
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html
  refuse: (props, context) => {
    if (replicasOf(props).some(({ region }) => region === context.region)) {
      const doing = `creating Secrets Manager Secret (${props.string("name") ?? ""})`;
      const message = "Invalid replica region: it is the region of the secret itself.";
      return apiError(doing, "InvalidParameterException", message);
    }
    const name = props.string("name") ?? "";
    const tombs = context.cloud.list(tombType, { name, scope: context.scope });
    if (tombs.some(({ properties }) => (properties.string("deletionDate") ?? "") > context.now)) {
      return apiError(
        `creating Secrets Manager Secret (${name})`,
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    return props.has("policy") ? policyRefusal(props, "policy", name) : undefined;
  },
  identity: (props, context) => {
    const name = props.string("name") ?? "";
    const taken = `The operation failed because the secret ${name} already exists.`;
    return {
      key: `secret ${context.scope} ${name}`,
      taken: apiError(
        `creating Secrets Manager Secret (${name})`,
        "ResourceExistsException",
        taken,
      ),
    };
  },
  id: secretArn,
  outputs: (props, context) => ({
    ...{ arn: secretArn(props, context), region: context.region },
    ...(props.has("policy") ? {} : { policy: "" }),
    replicas: replicasOf(props).map((replica) => replicated(replica, props, context)),
  }),
  replaceOn: ["name", "namePrefix"],
  deletesAlso: ({ id }, { cloud }) => [
    ...cloud.list(versionType, { secretId: id }),
    ...cloud.list("aws:secretsmanager/secretPolicy:SecretPolicy", { secretArn: id }),
    ...cloud.list("aws:secretsmanager/secretRotation:SecretRotation", { secretId: id }),
  ],
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
  leaves: ({ id, properties }, { now }) => {
    const days = properties.number("recoveryWindowInDays") ?? 30;
    if (days === 0) return [];
    const deletionDate = new Date(Date.parse(now) + days * 86_400_000).toISOString();
    return [{ type: tombType, id, properties: { name: properties.string("name"), deletionDate } }];
  },
};

const secretVersion: ResourceRule = {
  type: versionType,
  source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html",
  check: (props) => {
    const given = ["secretString", "secretBinary", "secretStringWo"].filter(
      (name) => props.get(name) !== undefined,
    );
    const [first, second] = given;
    if (first === undefined || second === undefined) return [];
    return [{ property: first, reason: `"${first}": conflicts with ${second}` }];
  },
  references: (props) => [secretReference("secretId", props)],
  refuse: (props, context) => {
    const id = props.string("secretId") ?? "";
    const doing = `putting Secrets Manager Secret (${id}) value`;
    const value = props.string("secretString") ?? props.string("secretBinary");
    if (value === undefined && !props.has("secretStringWo")) {
      const message = "You must provide either SecretString or SecretBinary.";
      return apiError(doing, "InvalidRequestException", message);
    }
    if (Buffer.byteLength(value ?? "") > 65536) {
      const message = "The value is longer than 65536 bytes.";
      return apiError(doing, "ValidationException", message);
    }
    const key = findSecret(id, context)?.properties.string("kmsKeyId");
    if (key === undefined || keyExists(key, context)) return undefined;
    const message =
      "Secrets Manager can't encrypt the protected secret text using the provided KMS key. " +
      "Check that the KMS key is available, enabled, and not in an invalid state.";
    return apiError(doing, "EncryptionFailure", message);
  },
  id: (props, context) => `${props.string("secretId") ?? ""}|${providedVersionId(context)}`,
  outputs: (props, context) => {
    const secretId = props.string("secretId") ?? "";
    const versionId = providedVersionId(context);
    return {
      arn: findSecret(secretId, context)?.id ?? secretId,
      versionId,
      hasSecretStringWo: props.has("secretStringWo"),
      versionStages: stagesOf(props, context, versionId),
      region: context.region,
    };
  },
  effects: labelEffects,
  replaceOn: ["secretId", "secretString", "secretBinary", "secretStringWoVersion"],
};

const secretPolicy: ResourceRule = {
  type: "aws:secretsmanager/secretPolicy:SecretPolicy",
  source:
    "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
  check: (props) => jsonObject(props, "policy"),
  references: (props) => [secretReference("secretArn", props)],
  refuse: (props) => policyRefusal(props, "policy", props.string("secretArn") ?? ""),
  id: (props) => props.string("secretArn") ?? "",
  outputs: (_, { region }) => ({ region }),
  replaceOn: ["secretArn"],
};

/** Rules of Secrets Manager. */
export const secretsManager: readonly ResourceRule[] = [secret, secretVersion, secretPolicy];

/** The secret of an ARN or a name, in the place that is asked. */
export function findSecret(reference: string, { cloud, scope }: Context) {
  return (
    cloud.find(secretType, { id: reference, scope }) ??
    cloud.find(secretType, { name: reference, scope })
  );
}

interface Replica {
  readonly region: string;
  readonly kmsKeyId: string | undefined;
}

function replicasOf(props: Properties): Replica[] {
  const list = props.get("replicas");
  return (Array.isArray(list) ? list : []).map((_, index) => ({
    region: props.string(`replicas[${index}].region`) ?? "",
    kmsKeyId: props.string(`replicas[${index}].kmsKeyId`),
  }));
}

/**
 * How a copy fares: the service makes it afterwards, and says so instead of failing.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html
 */
function replicated(replica: Replica, props: Properties, context: Context) {
  const { region, kmsKeyId } = replica;
  const there = { ...context, region, scope: `aws/${context.account}/${region}` };
  const taken = context.cloud.find(secretType, { name: props.string("name"), scope: there.scope });
  const failure =
    taken !== undefined && props.boolean("forceOverwriteReplicaSecret") !== true
      ? "Secret with this name already exists in this region"
      : kmsKeyId !== undefined && !(keyExists(kmsKeyId, there) && isIn(region, kmsKeyId))
        ? "The KMS key is disabled or not found"
        : undefined;
  return {
    ...replica,
    status: failure === undefined ? "InSync" : "Failed",
    statusMessage: failure ?? "Replication succeeded",
    lastAccessedDate: "",
  };
}

/** A key is of one region, which its ARN says; an id or an alias is looked for where it is used. */
function isIn(region: string, key: string): boolean {
  return !key.startsWith("arn:") || key.split(":")[3] === region;
}

function secretArn(props: Properties, context: Context): string {
  const name = props.string("name") ?? "";
  return arn("secretsmanager", context, `secret:${name}-${context.letters("secret", 6)}`);
}

/** The secret that a property names, by ARN or name. */
export function secretReference(property: string, props: Properties): Reference {
  const reference = props.string(property);
  const where = reference?.startsWith("arn:") === true ? { id: reference } : { name: reference };
  const missing = "Secrets Manager can't find the specified secret.";
  return {
    ...{ property, types: [secretType], where },
    missing: apiError(
      `Secrets Manager Secret (${reference ?? ""})`,
      "ResourceNotFoundException",
      missing,
    ),
  };
}

/** The first version is the current one, whatever stages it is given. */
function stagesOf(props: Properties, context: Context, versionId: string): readonly string[] {
  const current = "AWSCURRENT";
  const given = props.strings("versionStages");
  if (given.length === 0) return [current];
  const others = context.cloud
    .list(versionType, { secretId: props.string("secretId") })
    .filter(({ properties }) => properties.string("versionId") !== versionId);
  const taken = others.some(({ properties }) =>
    properties.strings("versionStages").includes(current),
  );
  return taken || given.includes(current) ? given : [...given, current];
}

function policyRefusal(props: Properties, property: string, name: string): string | undefined {
  const doing = `putting Secrets Manager Secret (${name}) policy`;
  const text = props.string(property) ?? "";
  const statements = parsePolicy(text, "resource");
  if (typeof statements === "string") {
    const message = `This resource policy contains a syntax error. ${statements}`;
    return apiError(doing, "MalformedPolicyDocumentException", message);
  }
  if (text.length > 20480) {
    return apiError(doing, "ValidationException", "The policy is longer than 20480 characters.");
  }
  if (props.boolean("blockPublicPolicy") !== true || !statements.some(isBroad)) return undefined;
  const message =
    "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad " +
    "access to the secret.";
  return apiError(doing, "PublicPolicyException", message);
}

/** Whether a statement opens the secret to everybody without a word on who or from where. */
function isBroad({ allows, principals, conditions }: Statement): boolean {
  return allows && principals.some(isEverybody) && conditions.length === 0;
}
