import { z } from "zod";
import { Cidr, Percent, Slug, distinct } from "./primitives";
import type { TierDefaults } from "./tiers";

/** Versions of Valkey that ElastiCache offers. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html */
export const valkeyVersions = ["7.2", "8.0", "8.1", "8.2", "9.0", "9.1"] as const;

/** Port on which ElastiCache listens unless told otherwise. */
export const cachePort = 6379;

const SubnetId = z
  .string()
  .regex(/^subnet-[0-9a-f]{8,17}$/, 'must be an id such as "subnet-0a1b2c3d"');
const SecurityGroupId = z
  .string()
  .regex(/^sg-[0-9a-f]{8,17}$/, 'must be an id such as "sg-0a1b2c3d"');
const NodeType = z
  .string()
  .regex(/^cache\.[a-z][a-z0-9]*\.[0-9a-z]+$/, 'must be a node type such as "cache.t4g.small"');

const Nodes = (standard: number) =>
  z.int().min(1).max(6).default(standard).meta({
    description:
      "Nodes, one of which takes the writes; from 2 on in several zones, with automatic failover.",
  });

const common = {
  version: z.enum(valkeyVersions).default("8.2").meta({ description: "Version of Valkey." }),
  nodeType: NodeType.default("cache.t4g.small"),
  subnets: distinct(z.array(SubnetId).min(1).max(20)).meta({
    description: "Private subnets, in as many zones as there are nodes.",
  }),
  securityGroups: distinct(z.array(SecurityGroupId).min(1).max(5)).meta({
    description: "Security groups; they let the cluster's nodes in on port 6379.",
  }),
  network: Cidr.optional().meta({
    description: "Network that the subnets lie in. Default: every private one.",
  }),
};

const hitRatePercent = Percent.default(30).meta({
  description: "Least share of lookups that are answered (SA-W3: 30 to 50 %).",
});

/** What can be computed again: the least recently used goes when memory is full. */
const Lookups = (tier: TierDefaults) =>
  z.strictObject({
    use: z.literal("cache"),
    ...common,
    nodes: Nodes(tier.cacheNodes.cache),
    thresholds: z
      .strictObject({
        hitRatePercent,
        evictionsPerMinute: z.int().min(1).default(1000).meta({
          description: "Entries pushed out each minute from which on the cache is too small.",
        }),
      })
      .prefault({}),
  });

/** What users lose when it goes: only entries that expire make room, and snapshots are kept. */
const Sessions = (tier: TierDefaults) =>
  z.strictObject({
    use: z.literal("sessions"),
    ...common,
    nodes: Nodes(tier.cacheNodes.sessions),
    snapshotDays: z
      .int()
      .min(0)
      .max(35)
      .default(tier.sessionSnapshotDays)
      .meta({ description: "Days that daily snapshots are kept; 0 for none (SA-W3)." }),
    thresholds: z
      .strictObject({
        hitRatePercent,
        memoryPercent: Percent.default(80).meta({
          description: "Of the memory for data, from which on it will soon be full.",
        }),
      })
      .prefault({}),
  });

/** A server that services keep sessions in, or what they computed (SA-W2). */
export const CacheServer = (tier: TierDefaults) =>
  z.discriminatedUnion("use", [Lookups(tier), Sessions(tier)]).meta({
    description: "ElastiCache for Valkey; services share it, each under its own prefix.",
  });

/** What a service says of its cache. */
export const ServiceCache = z
  .strictObject({
    server: Slug.meta({ description: "Key of the server in the stack's `caches`." }),
    passwordRotation: z.strictObject({ everyDays: z.int().min(1).max(365) }).default({
      everyDays: 90,
    }),
  })
  .meta({ description: "Its place in one of the stack's caches (SA-W2)." });

/** Effective settings of a cache server. */
export type CacheServerSettings = z.output<ReturnType<typeof CacheServer>>;
/** Effective settings of a service's cache. */
export type ServiceCacheSettings = z.output<typeof ServiceCache>;
