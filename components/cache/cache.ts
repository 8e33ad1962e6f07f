import * as aws from "@pulumi/aws";
import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { cachePort, type CacheServerSettings } from "../../settings/cache";
import type { Priority } from "../../settings/stack";
import { encryptionKey } from "../encryption-key";
import { grantedKeyPolicy } from "../iam";
import { serviceTags, type ServiceIdentity } from "../identity";
import { dashboardArgs, monitorArgs } from "../monitoring/service-monitoring";
import { accessString, keyPrefix, nothing, throwAway } from "./access";
import { cacheMonitorSpecs } from "./monitor-specs";
import { parameterFamily, parameters, serverArgs } from "./server";

/** Inputs of {@link Cache}. */
export interface CacheArgs {
  /** Who the server is, in tags and in what watches it. */
  readonly identity: ServiceIdentity;
  /** Effective settings of the server. */
  readonly settings: CacheServerSettings;
  /** Ids of the users by service, unique in account and region, at most 40 characters. */
  readonly userIds: Readonly<Record<string, string>>;
  /** Id of the user group, unique in account and region, at most 40 characters. */
  readonly groupId: string;
  /** Alias of the key without `alias/`. */
  readonly keyAlias: string;
  /** Account that owns the server. */
  readonly accountId: string;
  /** Region of the server. */
  readonly region: string;
  /** Whether server and key are protected, and retained when removed from the program. */
  readonly protect: boolean;
  /** Whom an alert of each priority notifies. */
  readonly handles: Readonly<Record<Priority, string>>;
  /** Page of the runbooks. */
  readonly runbooks: string;
}

/** A server of ElastiCache for Valkey that services share, each as its own user (SA-W2, SA-W3). */
export class Cache extends pulumi.ComponentResource {
  /** Host name of the node that takes writes; it stays through a failover. */
  readonly host: pulumi.Output<string>;
  /** TCP port. */
  readonly port: number;
  /** Ids of the users, by service. */
  readonly userIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** What has to be there before a user's password may change. */
  readonly server: aws.elasticache.ReplicationGroup;

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:cache:Cache", name, args, opts);
    const { settings, protect } = args;
    const tags = serviceTags(args.identity);
    // What a server that is kept stands on is kept with it: AWS deletes none of it while it is in use.
    const beneath = { retainOnDelete: protect };
    const kept = { ...beneath, protect };

    const key = diskKey(name, args, { parent: this, ...kept });
    const users = declareUsers(name, args, { parent: this, ...beneath });
    const group = new aws.elasticache.UserGroup(
      `${name}-users`,
      { engine: "valkey", userGroupId: args.groupId, userIds: users.ids, tags },
      { parent: this, ...beneath },
    );
    const subnets = new aws.elasticache.SubnetGroup(
      `${name}-subnets`,
      { subnetIds: [...settings.subnets], tags },
      { parent: this, ...beneath },
    );
    const tuning = new aws.elasticache.ParameterGroup(
      `${name}-parameters`,
      { family: parameterFamily(settings), parameters: [...parameters(settings)], tags },
      { parent: this, ...beneath },
    );
    const server = new aws.elasticache.ReplicationGroup(
      name,
      {
        ...serverArgs(settings),
        description: `Valkey for ${settings.use}: ${args.identity.env}/${args.identity.service}`,
        kmsKeyId: key.arn,
        subnetGroupName: subnets.name,
        parameterGroupName: tuning.name,
        userGroupIds: [group.userGroupId],
        tags,
      },
      { parent: this, ...kept },
    );
    watch(name, args, { parent: this, dependsOn: opts?.dependsOn });

    this.server = server;
    this.host = server.primaryEndpointAddress;
    this.port = cachePort;
    this.userIds = users.byService;
    this.registerOutputs({ host: this.host, port: this.port, userIds: this.userIds });
  }
}

/** The key that encrypts what the server writes to disk, and nothing else. */
function diskKey(name: string, args: CacheArgs, opts: pulumi.CustomResourceOptions) {
  const { accountId, keyAlias: alias, region } = args;
  const statements = grantedKeyPolicy({ accountId, region, service: "elasticache" });
  return encryptionKey(`${name}-key`, { description: `Cache: ${alias}`, alias, statements }, opts);
}

/**
 * A user for each service and one in place of `default`, which is off: a client that names nobody is
 * refused. What rotation sets is never written again, as a write-only password is sent once.
 */
function declareUsers(name: string, args: CacheArgs, beneath: pulumi.CustomResourceOptions) {
  const tags = serviceTags(args.identity);
  const password = () => ({ passwordsWo: pulumi.secret(throwAway()), passwordsWoVersion: 1 });
  const opts = { ...beneath, ignoreChanges: ["passwordsWo"] };
  const user = (suffix: string, given: Omit<aws.elasticache.UserArgs, "engine" | "tags">) =>
    new aws.elasticache.User(
      `${name}-${suffix}`,
      { engine: "valkey", tags, ...password(), ...given },
      opts,
    ).userId;
  const userId = `${args.groupId}-default`;
  const unnamed = user("default-user", { userId, userName: "default", accessString: nothing });
  const services = Object.entries(args.userIds).map(
    ([service, id]) =>
      [
        service,
        user(`user-${service}`, {
          userId: id,
          userName: service,
          accessString: accessString(keyPrefix(service)),
        }),
      ] as const,
  );
  return {
    ids: [unnamed, ...services.map(([, id]) => id)],
    byService: Object.fromEntries(services),
  };
}

function watch(name: string, args: CacheArgs, opts: pulumi.CustomResourceOptions): void {
  const specs = cacheMonitorSpecs(args.settings);
  for (const spec of specs) {
    new datadog.Monitor(`${name}-${spec.id}`, monitorArgs(spec, args), opts);
  }
  new datadog.Dashboard(`${name}-dashboard`, dashboardArgs(specs, args.identity), {
    parent: opts.parent,
  });
}
