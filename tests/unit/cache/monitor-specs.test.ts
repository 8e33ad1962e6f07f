import { cacheMonitorSpecs } from "../../../components/cache/monitor-specs";
import { monitorQuery } from "../../../components/monitoring/query";
import { cacheSettings } from "../../support/cache-settings";

const identity = { service: "cache-main", env: "production" };
const scope = "{env:production,service:cache-main}";
const lookups = cacheMonitorSpecs(cacheSettings({ use: "cache" }));
const sessions = cacheMonitorSpecs(cacheSettings());
const queryOf = (id: string) => {
  const spec = [...sessions, ...lookups].find((one) => one.id === id);
  return spec && monitorQuery(spec.query, identity);
};

test.each([
  {
    use: "sessions",
    specs: sessions,
    expected: [
      "cache-connections P3",
      "cache-memory P3",
      "cache-lost-sessions P2",
      "cache-cpu P3",
      "cache-hit-rate P4",
    ],
  },
  {
    use: "computed values, where a full memory is the rule",
    specs: lookups,
    expected: ["cache-connections P3", "cache-evictions P4", "cache-cpu P3", "cache-hit-rate P4"],
  },
])("SA-W3: a cache of $use is watched for what hurts its users", ({ specs, expected }) => {
  expect(specs.map(({ id, priority }) => `${id} ${priority}`)).toEqual(expected);
});

test("SA-W3: under 30 % of lookups that find something alert, unless hardly any is asked", () => {
  const [hits, misses] = ["hits", "misses"].map((of) => `sum:aws.elasticache.cache_${of}${scope}`);
  expect(queryOf("cache-hit-rate")).toBe(
    `avg(last_60m):(((${misses} / (${hits} + ${misses})) * 100) * is_greater(${misses}, 10)) > 70`,
  );
});

test.each([
  ["cache-connections", "max(last_10m):max:aws.elasticache.curr_connections", "> 52000"],
  ["cache-memory", "avg(last_15m):max:aws.elasticache.database_memory_usage_percentage", "> 80"],
  ["cache-lost-sessions", "max(last_5m):max:aws.elasticache.evictions", "> 0"],
  ["cache-evictions", "avg(last_30m):max:aws.elasticache.evictions", "> 1000"],
  ["cache-cpu", "avg(last_10m):max:aws.elasticache.engine_cpuutilization", "> 90"],
])("%s judges every node by itself", (id, start, end) => {
  expect(queryOf(id)).toBe(`${start}${scope} by {cacheclusterid} ${end}`);
});

test("a cache that reports nothing is noticed once", () => {
  const noticed = sessions.filter(({ silence }) => silence.status !== "resolve");
  expect(noticed.map(({ id }) => id)).toEqual(["cache-connections"]);
});
