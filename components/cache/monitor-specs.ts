import type { CacheServerSettings } from "../../settings/cache";
import type { MonitorSpec, Silence } from "../monitoring/monitor-specs";
import type { Expression, Metric } from "../monitoring/query";

/** Every monitor of a cache server, most urgent first (SA-W3). */
export function cacheMonitorSpecs(settings: CacheServerSettings): readonly MonitorSpec[] {
  const room =
    settings.use === "sessions" ? [memory(settings), lostSessions()] : [tooSmall(settings)];
  return [connections(), ...room, engineCpu(), hitRate(settings)];
}

const watched: Silence = {
  status: "resolve",
  reason: "That the server reports at all is watched by its connections.",
};

/** Nodes report each minute; ElastiCache takes 65,000 connections a node and no setting changes it. */
const mostConnections = 65_000;

/**
 * Four fifths of the connections that a node takes, or a server that is gone.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
function connections(): MonitorSpec {
  return {
    id: "cache-connections",
    title: "the cache runs out of connections",
    meaning:
      "New pods cannot connect soon. Look for a client that opens one for every request instead of a pool.",
    priority: "P3",
    query: {
      time: "max",
      minutes: 10,
      expression: perNode("curr_connections", "max"),
      comparator: ">",
      threshold: mostConnections * 0.8,
    },
    recovery: mostConnections * 0.7,
    silence: {
      status: "show_and_notify_no_data",
      reason:
        "A node always reports: without data it is gone, or AWS is not read, and nothing is watched.",
    },
  };
}

/** Before the first session has to go. */
function memory({ thresholds }: Extract<CacheServerSettings, { use: "sessions" }>): MonitorSpec {
  const threshold = thresholds.memoryPercent;
  return {
    id: "cache-memory",
    title: `sessions take over ${threshold} % of the cache's memory`,
    meaning:
      "When it is full, those that were idle longest are dropped. Choose a larger node type, or shorter sessions.",
    priority: "P3",
    query: {
      time: "avg",
      minutes: 15,
      expression: perNode("database_memory_usage_percentage", "avg"),
      comparator: ">",
      threshold,
    },
    recovery: Number((threshold * 0.9).toPrecision(6)),
    silence: watched,
  };
}

/** Any at all: somebody has to log in again. */
function lostSessions(): MonitorSpec {
  return {
    id: "cache-lost-sessions",
    title: "the cache drops sessions",
    meaning: "Its memory is full and users are logged out. Choose a larger node type.",
    priority: "P2",
    query: {
      time: "max",
      minutes: 5,
      expression: perNode("evictions", "max"),
      comparator: ">",
      threshold: 0,
    },
    silence: watched,
  };
}

/** Entries that go before their time, and are computed again and again. */
function tooSmall({ thresholds }: Extract<CacheServerSettings, { use: "cache" }>): MonitorSpec {
  const threshold = thresholds.evictionsPerMinute;
  return {
    id: "cache-evictions",
    title: `the cache drops over ${threshold} entries a minute`,
    meaning: "It is too small for what is kept in it. Choose a larger node type, or keep less.",
    priority: "P4",
    query: {
      time: "avg",
      minutes: 30,
      expression: perNode("evictions", "avg"),
      comparator: ">",
      threshold,
    },
    recovery: Number((threshold * 0.9).toPrecision(6)),
    silence: watched,
  };
}

/** The one thread that runs commands: at 90 % of its core every client waits. */
function engineCpu(): MonitorSpec {
  return {
    id: "cache-cpu",
    title: "the cache is busy over 90 % of the time",
    meaning: "Every lookup waits. Look for slow commands over large keys, then at the node type.",
    priority: "P3",
    query: {
      time: "avg",
      minutes: 10,
      expression: perNode("engine_cpuutilization", "avg"),
      comparator: ">",
      threshold: 90,
    },
    recovery: 80,
    silence: watched,
  };
}

/** Lookups a minute without an answer that alone never alarm: of a handful each is many percent. */
const toleratedMisses = 10;

/** Fewer lookups find something than SA-W3 asks for (30 to 50 %), over an hour. */
function hitRate({ thresholds }: CacheServerSettings): MonitorSpec {
  const least = thresholds.hitRatePercent;
  const [hits, misses] = [lookups("cache_hits"), lookups("cache_misses")];
  const all: Expression = { left: hits, operator: "+", right: misses };
  const percent = times({ left: misses, operator: "/", right: all }, 100);
  return {
    id: "cache-hit-rate",
    title: `under ${least} % of lookups find something`,
    meaning:
      "The cache costs time instead of saving it. Look at what is kept for how long, and whether it is dropped early.",
    priority: "P4",
    query: {
      time: "avg",
      minutes: 60,
      expression: times(percent, { call: "is_greater", of: misses, than: toleratedMisses }),
      comparator: ">",
      threshold: 100 - least,
    },
    silence: watched,
  };
}

/** @see https://docs.datadoghq.com/integrations/amazon_elasticache/#metrics */
function lookups(name: string): Metric {
  return { metric: `aws.elasticache.${name}`, space: "sum", over: "avg" };
}

/** One figure a node: a full one is not made better by an empty one. */
function perNode(name: string, over: "avg" | "max"): Metric {
  return { metric: `aws.elasticache.${name}`, space: "max", over, by: "cacheclusterid" };
}

function times(left: Expression, right: Expression): Expression {
  return { left, operator: "*", right };
}
