import type { Properties } from "../../properties";
import type { Context, Reference, ResourceRule } from "../rule";
import { apiError, arn, lengthBetween, numberBetween, oneOf } from "./common";
import { findKey, keyExists } from "./kms";
import { covers, parsePolicy, type Statement } from "./policy-document";

const api = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference";
const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";
const subnetsType = "aws:elasticache/subnetGroup:SubnetGroup";
const parametersType = "aws:elasticache/parameterGroup:ParameterGroup";

const subnetGroup: ResourceRule = {
  type: subnetsType,
  source: `${api}/API_CreateCacheSubnetGroup.html`,
  defaults: { description: "Managed by Pulumi" },
  autoname: { property: "name", maxLength: 255, lowercase: true },
  check: (props) => idProblems(props, "name", 255),
  identity: (props, context) => named("subnet-group", "CacheSubnetGroup", context)(props, "name"),
  id: (props) => props.string("name") ?? "",
  outputs: (props, context) => ({
    arn: arn("elasticache", context, `subnetgroup:${props.string("name") ?? ""}`),
    vpcId: `vpc-${context.hex("vpc", 17)}`,
    region: context.region,
  }),
  replaceOn: ["name"],
  refuseDelete: (self, context) => inUse(self.id, "subnetGroupName", context),
};

const parameterGroup: ResourceRule = {
  type: parametersType,
  source: `${api}/API_CreateCacheParameterGroup.html`,
  defaults: { description: "Managed by Pulumi" },
  autoname: { property: "name", maxLength: 255, lowercase: true },
  check: (props) => idProblems(props, "name", 255),
  refuse: (props) => {
    const family = props.string("family") ?? "";
    const doing = `creating ElastiCache Parameter Group (${props.string("name") ?? ""})`;
    // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
    if (!/^(memcached1\.[456]|redis(2\.[68]|3\.2|4\.0|5\.0|6\.x|7)|valkey[789])$/.test(family)) {
      const message = `CacheParameterGroupFamily ${family} is not a valid parameter group family.`;
      return apiError(doing, "InvalidParameterValue", message);
    }
    const policy = props.list("parameters").find((one) => one.string("name") === maxmemoryPolicy);
    const value = policy?.string("value");
    if (value === undefined || evictions.includes(value)) return undefined;
    const message = `The parameter value ${value} for parameter ${maxmemoryPolicy} is not allowed.`;
    return apiError(doing, "InvalidParameterValue", message);
  },
  identity: (props, context) => named("parameters", "CacheParameterGroup", context)(props, "name"),
  id: (props) => props.string("name") ?? "",
  outputs: (props, context) => ({
    arn: arn("elasticache", context, `parametergroup:${props.string("name") ?? ""}`),
    region: context.region,
  }),
  replaceOn: ["name", "family", "description"],
  refuseDelete: (self, context) => inUse(self.id, "parameterGroupName", context),
};

const maxmemoryPolicy = "maxmemory-policy";
const evictions = [
  ...["volatile-lru", "allkeys-lru", "volatile-lfu", "allkeys-lfu"],
  ...["volatile-random", "allkeys-random", "volatile-ttl", "noeviction"],
];

const replicationGroup: ResourceRule = {
  type: groupType,
  source: `${api}/API_CreateReplicationGroup.html`,
  defaults: { automaticFailoverEnabled: false },
  autoname: { property: "replicationGroupId", maxLength: 40, lowercase: true },
  check: (props) => [
    ...idProblems(props, "replicationGroupId", 40),
    ...numberBetween(props, "snapshotRetentionLimit", 0, 35),
    ...oneOf(props, "engine", ["redis", "valkey"]),
    ...(props.boolean("multiAzEnabled") === true &&
    props.boolean("automaticFailoverEnabled") === false
      ? [
          {
            property: "multiAzEnabled",
            reason: "automatic_failover_enabled must be true if multi_az_enabled is true",
          },
        ]
      : []),
  ],
  refuse: groupRefusal,
  references: (props) => [
    ...oneReference(props, "subnetGroupName", subnetsType, "CacheSubnetGroupNotFoundFault"),
    ...oneReference(props, "parameterGroupName", parametersType, "CacheParameterGroupNotFound"),
  ],
  identity: (props, context) =>
    named("replication-group", "ReplicationGroup", context)(props, "replicationGroupId"),
  id: (props) => props.string("replicationGroupId") ?? "",
  outputs: (props, context) => {
    const id = props.string("replicationGroupId") ?? "";
    const domain = `${id}.${context.hex("domain", 6)}.${shortRegion(context.region)}.cache.amazonaws.com`;
    const nodes = props.number("numCacheClusters") ?? 1;
    return {
      arn: arn("elasticache", context, `replicationgroup:${id}`),
      ...{ primaryEndpointAddress: `master.${domain}`, readerEndpointAddress: `replica.${domain}` },
      memberClusters: Array.from({ length: nodes }, (_, n) => `${id}-00${n + 1}`),
      ...{ clusterEnabled: false, configurationEndpointAddress: "" },
      engineVersionActual: props.string("engineVersion") ?? "8.2",
      region: context.region,
    };
  },
  replaceOn: [
    ...["replicationGroupId", "atRestEncryptionEnabled", "kmsKeyId", "port", "subnetGroupName"],
    ...["dataTieringEnabled", "snapshotArns", "snapshotName"],
  ],
};

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html */
function groupRefusal(props: Properties, context: Context): string | undefined {
  const doing = `creating ElastiCache Replication Group (${props.string("replicationGroupId") ?? ""})`;
  const refused = (code: string, message: string) => apiError(doing, code, message);
  const isFailing = props.boolean("automaticFailoverEnabled") === true;
  if (isFailing && (props.number("numCacheClusters") ?? 2) < 2) {
    const message = "When using automatic failover, there must be at least 2 cache clusters.";
    return refused("InvalidParameterCombination", message);
  }
  const groups = props.strings("userGroupIds");
  if (groups.length > 0 && props.boolean("transitEncryptionEnabled") !== true) {
    const message = "User group based access control requires encryption-in-transit to be enabled.";
    return refused("InvalidParameterCombination", message);
  }
  const key = props.string("kmsKeyId");
  if (key !== undefined && !isUsableKey(key, context)) {
    return refused("InvalidKMSKeyFault", `The KMS key ${key} is not accessible.`);
  }
  const missing = groups.find(
    (id) => context.cloud.find("aws:elasticache/userGroup:UserGroup", { id }) === undefined,
  );
  return missing && refused("UserGroupNotFound", `User group ${missing} not found.`);
}

/**
 * Whether the key is there and a grant of it may be made through both names that ElastiCache comes under; of
 * one that AWS keeps nothing is known.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html#using-customer-managed-keys-for-elasticache-security
 */
function isUsableKey(key: string, context: Context): boolean {
  if (!keyExists(key, context)) return false;
  const policy = findKey(key, context)?.properties.string("policy");
  if (policy === undefined) return true;
  const statements = parsePolicy(policy, "resource");
  if (typeof statements === "string") return false;
  const grants = statements.filter(
    ({ allows, actions }) => allows && actions.some((action) => covers(action, "kms:CreateGrant")),
  );
  return ["elasticache", "dax"].every((service) =>
    grants.some((statement) => isMet(statement, `${service}.${context.region}.amazonaws.com`)),
  );
}

/** Whether a statement holds for what comes through a service. */
function isMet({ conditions }: Statement, service: string): boolean {
  const ways = conditions.filter(({ key }) => key.toLowerCase() === "kms:viaservice");
  return ways.every(({ values }) => values.some((value) => covers(value, service)));
}

/** Rules of ElastiCache's servers. */
export const elastiCacheServers: readonly ResourceRule[] = [
  subnetGroup,
  parameterGroup,
  replicationGroup,
];

/** Ids of ElastiCache: letters, digits and hyphens, no two in a row, none at the end. */
export function idProblems(props: Properties, property: string, longest: number) {
  const id = props.string(property);
  const reason = `${property} must begin with a letter, contain only alphanumeric characters and hyphens, and cannot end with a hyphen or contain two consecutive hyphens`;
  const isBad = id !== undefined && !/^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/.test(id);
  return [...(isBad ? [{ property, reason }] : []), ...lengthBetween(props, property, 1, longest)];
}

/** A name that no second object of the account and region has. */
export function named(kind: string, fault: string, context: Context) {
  return (props: Properties, property: string) => {
    const id = props.string(property) ?? "";
    return {
      key: `elasticache-${kind} ${context.scope} ${id.toLowerCase()}`,
      taken: apiError(`creating ElastiCache ${fault} (${id})`, `${fault}AlreadyExists`, id),
    };
  };
}

function oneReference(
  props: Properties,
  property: string,
  ...[type, fault]: [string, string]
): readonly Reference[] {
  const name = props.string(property);
  if (name === undefined || name.startsWith("default.")) return [];
  const missing = apiError("creating ElastiCache Replication Group", fault, `${name} not found.`);
  return [{ property, types: [type], where: { name }, missing }];
}

function inUse(id: string, property: string, { cloud }: Context): string | undefined {
  const user = cloud.find(groupType, { [property]: id });
  if (user === undefined) return undefined;
  return apiError("deleting ElastiCache group", "InvalidState", `${id} is used by ${user.id}.`);
}

/** As it stands in host names: `euc1` for eu-central-1. */
function shortRegion(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  return `${area}${direction.slice(0, 1)}${number}`;
}
