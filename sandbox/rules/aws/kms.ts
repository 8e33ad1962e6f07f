import type { Properties } from "../../properties";
import type { Context, ResourceRule } from "../rule";
import { apiError, arn, iamArn, jsonObject, lengthBetween, numberBetween } from "./common";
import { covers, isEverybody, parsePolicy, type Statement } from "./policy-document";

const keyType = "aws:kms/key:Key";

/**
 * A key. Whoever sends a policy must still be able to change it afterwards.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
const key: ResourceRule = {
  type: keyType,
  source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
  defaults: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    enableKeyRotation: false,
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  check: (props) => [
    ...numberBetween(props, "deletionWindowInDays", 7, 30),
    ...numberBetween(props, "rotationPeriodInDays", 90, 2560),
    ...lengthBetween(props, "description", 0, 8192),
    ...jsonObject(props, "policy"),
  ],
  refuse: (props, context) => policyRefusal("creating KMS Key", props, context),
  id: (_, context) => context.uuid("key"),
  outputs: (props, context) => {
    const keyId = context.uuid("key");
    return {
      ...{ arn: arn("kms", context, `key/${keyId}`), keyId, region: context.region },
      ...(props.has("multiRegion") ? {} : { multiRegion: false }),
      ...(props.has("policy") ? {} : { policy: defaultPolicy(context) }),
      ...(props.has("rotationPeriodInDays") || props.boolean("enableKeyRotation") !== true
        ? {}
        : { rotationPeriodInDays: 365 }),
    };
  },
  replaceOn: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
};

const keyPolicy: ResourceRule = {
  type: "aws:kms/keyPolicy:KeyPolicy",
  source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
  check: (props) => jsonObject(props, "policy"),
  references: (props) => [keyReference("keyId", props.string("keyId"))],
  refuse: (props, context) => policyRefusal("attaching KMS Key policy", props, context),
  id: (props) => props.string("keyId") ?? "",
  outputs: (_, { region }) => ({ region }),
  replaceOn: ["keyId"],
};

const alias: ResourceRule = {
  type: "aws:kms/alias:Alias",
  source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
  check: (props) => {
    const name = props.string("name");
    if (name === undefined) return [];
    if (name.startsWith("alias/aws/")) {
      return [
        { property: "name", reason: "name cannot begin with reserved AWS CMK prefix 'alias/aws/'" },
      ];
    }
    if (/^alias\/[0-9A-Za-z_/-]+$/.test(name)) return lengthBetween(props, "name", 1, 256);
    const reason = "name must begin with 'alias/' and be comprised of only [0-9A-Za-z_/-]";
    return [{ property: "name", reason }];
  },
  references: (props) => [keyReference("targetKeyId", props.string("targetKeyId"))],
  identity: (props, context) => {
    const name = props.string("name");
    if (name === undefined) return undefined;
    const taken = `An alias with the name ${arn("kms", context, name)} already exists`;
    return {
      key: `kms-alias ${context.scope} ${name}`,
      taken: apiError(`creating KMS Alias (${name})`, "AlreadyExistsException", taken),
    };
  },
  id: (props) => props.string("name") ?? "",
  outputs: (props, context) => {
    const target = keyIdOf(props.string("targetKeyId") ?? "");
    return {
      arn: arn("kms", context, props.string("name") ?? ""),
      targetKeyArn: arn("kms", context, `key/${target}`),
      region: context.region,
    };
  },
  replaceOn: ["name", "namePrefix"],
};

/** Rules of the Key Management Service. */
export const kms: readonly ResourceRule[] = [key, keyPolicy, alias];

/** Whether there is a key of this id, ARN or alias. */
export function keyExists(reference: string, context: Context): boolean {
  const { cloud } = context;
  if (/(^|:)alias\//.test(reference)) {
    const name = reference.slice(reference.indexOf("alias/"));
    return (
      name.startsWith("alias/aws/") || cloud.find("aws:kms/alias:Alias", { id: name }) !== undefined
    );
  }
  return findKey(reference, context) !== undefined;
}

/** The key of an id or ARN. */
export function findKey(reference: string, { cloud }: Context) {
  return cloud.find(keyType, { id: keyIdOf(reference) });
}

function keyIdOf(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

function keyReference(property: string, reference: string | undefined) {
  return {
    property,
    types: [keyType],
    where: { id: reference === undefined ? undefined : keyIdOf(reference) },
    missing: apiError("KMS", "NotFoundException", `Key '${reference ?? ""}' does not exist`),
  };
}

function policyRefusal(doing: string, props: Properties, context: Context): string | undefined {
  const text = props.string("policy");
  if (text === undefined) return undefined;
  const malformed = (message: string) =>
    apiError(doing, "MalformedPolicyDocumentException", message);
  if (Buffer.byteLength(text) > 32768) return malformed("The policy is longer than 32768 bytes");
  const statements = parsePolicy(text, "resource");
  if (typeof statements === "string") return malformed(statements);
  if (props.boolean("bypassPolicyLockoutSafetyCheck") === true) return undefined;
  const allowed = statements.some((one) => one.allows && changesPolicy(one, context));
  const denied = statements.some(
    (one) => !one.allows && one.conditions.length === 0 && changesPolicy(one, context),
  );
  if (allowed && !denied) return undefined;
  return malformed("The new key policy will not allow you to update the key policy in the future.");
}

/** Whether a statement speaks of the caller, who is somebody of the account, changing the policy. */
function changesPolicy(statement: Statement, context: Context): boolean {
  const { account } = context;
  const covered = statement.actions.some((action) => covers(action, "kms:PutKeyPolicy"));
  const speaksOfCaller = statement.principals.some(
    (principal) =>
      isEverybody(principal) ||
      principal.value === account ||
      principal.value.startsWith(iamArn(context, "")),
  );
  return (
    covered !== statement.has("NotAction") &&
    speaksOfCaller !== statement.has("NotPrincipal") &&
    statement.conditions.every((condition) => mayHold(condition, account))
  );
}

/** A call that changes a policy comes from somebody of the account and through no other service. */
function mayHold({ key: name, values }: Statement["conditions"][number], account: string): boolean {
  const lower = name.toLowerCase();
  if (lower === "kms:viaservice") return false;
  if (lower !== "kms:calleraccount" && lower !== "aws:principalaccount") return true;
  return values.some((value) => covers(value, account));
}

function defaultPolicy(context: Context): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: iamArn(context, "root") },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}
