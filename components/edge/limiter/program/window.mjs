// @ts-check
import { randomUUID } from "node:crypto";

/**
 * Judges one request by every limit that it counts against, in one step and by the store's own
 * clock: replicas cannot disagree. A set holds the time of every request served in the window; the
 * request is served if, in each set, the one `requests` before it has left the window. A refused
 * request is not counted. Answers the time and how long to wait, both in microseconds.
 */
const script = `
local time = redis.call("TIME")
local now = time[1] * 1000000 + time[2]
local wait = 0
for index, key in ipairs(KEYS) do
  local requests, window = tonumber(ARGV[2 * index]), tonumber(ARGV[2 * index + 1])
  redis.call("ZREMRANGEBYSCORE", key, "-inf", now - window)
  local first = redis.call("ZRANGE", key, -requests, -requests, "WITHSCORES")
  if first[2] then wait = math.max(wait, first[2] + window - now) end
end
if wait == 0 then
  for index, key in ipairs(KEYS) do
    redis.call("ZADD", key, now, ARGV[1])
    redis.call("PEXPIRE", key, math.ceil(ARGV[2 * index + 1] / 1000))
  end
end
return {now, wait}`;

/** @typedef {{ key: string, requests: number, windowMs: number }} Count */

/**
 * Takes one request out of every limit, or says how many milliseconds to wait. The client stands in
 * braces, so that all keys of one request are kept on one node.
 * @type {(store: import("./store.mjs").Store, client: string, counts: readonly Count[]) => Promise<{ atMs: number, waitMs: number }>}
 */
export async function take(store, client, counts) {
  const keys = counts.map(({ key }) => `limit:{${client}}:${key}`);
  const numbers = counts.flatMap(({ requests, windowMs }) => [requests, windowMs * 1000]);
  const answer = await store.command([
    "EVAL",
    script,
    keys.length,
    ...keys,
    randomUUID(),
    ...numbers,
  ]);
  const [now, wait] = Array.isArray(answer) ? answer.map(Number) : [];
  if (now === undefined || wait === undefined) throw new Error("the store gave no decision");
  return { atMs: now / 1000, waitMs: wait / 1000 };
}
