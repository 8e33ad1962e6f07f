import { isRecord, type Properties, Unknown } from "../../properties";
import type { CloudObject, Context, ResourceRule } from "../rule";
import { all, at, fields, isAbsent, record, records, required, type Check } from "./field";
import { kindRule } from "./objects";
import { readRefusal } from "./secret-reading";

/** Type that brings secrets into the cluster. */
export const SYNCED = "kubernetes:external-secrets.io/v1:ExternalSecret";

const STORE = "kubernetes:external-secrets.io/v1:SecretStore";
const AUTH = "spec.provider.aws.auth.jwt.serviceAccountRef";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const ROLE = "aws:iam/role:Role";
const ENTRY = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

/** Units of a duration as Go reads it; there is no unit longer than an hour. */
const DURATION = /^(0|[+-]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/;

/**
 * Why an ExternalSecret brings nothing: its store or one of its entries is not there, an entry has no
 * value yet, or the store's role may not read it. A ClusterSecretStore is the cluster's own and reads AWS Secrets Manager.
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
export function syncError(props: Properties, context: Context): string | undefined {
  const kind = props.string("spec.secretStoreRef.kind") ?? "SecretStore";
  const store = kind === "SecretStore" ? ownStore(props, context) : undefined;
  if (typeof store === "string") return store;
  if (store?.properties.has("spec.provider.aws") === false) return undefined;
  // Entries that are missing are passed over where the Secret is not kept without them.
  const isKept = (props.string("spec.target.deletionPolicy") ?? "Retain") === "Retain";
  return props
    .list("spec.data")
    .map((item, index) => {
      const key = item.string("remoteRef.key");
      if (key === undefined) return undefined;
      const entry = entryWithValue(key, context);
      const missing = isKept ? "Secret does not exist" : undefined;
      const refused = entry && store?.role && readRefusal(store.role, entry, context);
      const reason = entry === undefined ? missing : refused;
      return reason && `error processing spec.data[${index}] (key: ${key}), err: ${reason}`;
    })
    .find((reason) => reason !== undefined);
}

/** A store, and the role that it reads by where it reads as a service account. */
interface Store {
  readonly properties: Properties;
  readonly role: CloudObject | undefined;
}

/** The store of the own namespace, or why it reads nothing. */
function ownStore(props: Properties, context: Context): Store | string {
  const name = props.string("spec.secretStoreRef.name") ?? "";
  const namespace = props.string("metadata.namespace") ?? "default";
  const store = context.cloud.find(STORE, { scope: context.scope, id: `${namespace}/${name}` });
  if (store === undefined) {
    return `could not get SecretStore "${name}", SecretStore.external-secrets.io "${name}" not found`;
  }
  const account = store.properties.string(`${AUTH}.name`);
  const role = account === undefined ? undefined : roleOf(account, namespace, context);
  return typeof role === "string" ? role : { properties: store.properties, role };
}

/**
 * The role that a store reads by as a service account, or why it reads nothing: no account, no role, or
 * a role that does not trust the account.
 * @see https://github.com/external-secrets/external-secrets/blob/main/providers/v1/aws/auth/auth.go
 */
function roleOf(name: string, namespace: string, context: Context): CloudObject | string {
  const { cloud, scope } = context;
  const account = cloud.find(ACCOUNT, { scope, id: `${namespace}/${name}` });
  if (account === undefined) return `ServiceAccount "${name}" not found`;
  const arn = account.properties.string('metadata.annotations["eks.amazonaws.com/role-arn"]') ?? "";
  if (arn === "") {
    return `an IAM role must be associated with service account ${name} (namespace: ${namespace})`;
  }
  const role = cloud.find(ROLE, { arn });
  const trust = role?.properties.string("assumeRolePolicy") ?? "";
  return role !== undefined && trust.includes(`"system:serviceaccount:${namespace}:${name}"`)
    ? role
    : "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity";
}

/** The entry, where it is there and has a current version. */
function entryWithValue(key: string, { cloud }: Context): CloudObject | undefined {
  const entry = cloud.find(ENTRY, { name: key }) ?? cloud.find(ENTRY, { arn: key });
  const ids = entry === undefined ? [] : [entry.id, key];
  const hasValue = ids.some((secretId) => cloud.find(VERSION, { secretId }) !== undefined);
  return hasValue ? entry : undefined;
}

const storeRef: Check = (value, path) => {
  if (value instanceof Unknown) return [];
  const { secretStoreRef, data, dataFrom } = record(value);
  if (isRecord(secretStoreRef) && isAbsent(secretStoreRef["name"])) {
    return required(at(path, "secretStoreRef", "name"));
  }
  return isAbsent(data) && isAbsent(dataFrom)
    ? [{ property: path, reason: "either data or dataFrom should be specified" }]
    : [];
};

/** @see https://external-secrets.io/latest/api/externalsecret/ */
const uniqueKeys: Check = (value, path) => {
  const { data, target } = record(value);
  const { deletionPolicy = "Retain" } = record(target);
  const seen = new Set<unknown>();
  if (deletionPolicy !== "Retain") return [];
  return records(data, at(path, "data")).flatMap(([{ secretKey }, place]) => {
    if (typeof secretKey !== "string") return [];
    const reason = `duplicate secretKey found: ${secretKey}`;
    const found = seen.has(secretKey) ? [{ property: at(place, "secretKey"), reason }] : [];
    seen.add(secretKey);
    return found;
  });
};

const duration: Check = (value, path) =>
  typeof value !== "string" || DURATION.test(value)
    ? []
    : [{ property: path, reason: `time: invalid duration ${JSON.stringify(value)}` }];

/** @see https://external-secrets.io/latest/guides/ownership-deletion-policy/ */
const ownership: Check = (value, path) => {
  const { creationPolicy = "Owner", deletionPolicy = "Retain" } = record(record(value)["target"]);
  if (deletionPolicy === "Delete" && creationPolicy !== "Owner") {
    return [
      {
        property: at(path, "target", "deletionPolicy"),
        reason:
          "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner",
      },
    ];
  }
  return deletionPolicy === "Merge" && creationPolicy === "None"
    ? [
        {
          property: at(path, "target", "deletionPolicy"),
          reason:
            "deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to merge with",
        },
      ]
    : [];
};

const WAITS = 'metadata.annotations["pulumi.com/waitFor"]';

/** The provider waits for it only where an annotation tells it to. */
const externalSecret = kindRule(SYNCED, {
  source:
    "https://github.com/external-secrets/external-secrets/blob/main/apis/externalsecrets/v1/externalsecret_validator.go",
  object: fields({
    spec: all(fields({ refreshInterval: duration }), storeRef, ownership, uniqueKeys),
  }),
  unready: ({ properties }, context) => {
    const reason = properties.has(WAITS) ? syncError(properties, context) : undefined;
    return reason === undefined
      ? []
      : ["timed out waiting for the condition", `[SecretSyncedError] ${reason}`];
  },
});

/** Rules of the External Secrets Operator. */
export const externalSecrets: readonly ResourceRule[] = [externalSecret];
