import { randomBytes } from "node:crypto";

/**
 * What a service may do: read and write under its own prefix. Left out is what shows or touches what
 * others have, since names of keys hold the ids of sessions (`SCAN`, `RANDOMKEY`, `KEYS`), and what
 * administers the server (`FLUSHALL`, `CONFIG`). `INFO` stays: clients ask it before they are ready.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export function accessString(prefix: string): string {
  const allowed = ["@read", "@write", "@connection", "@transaction", "@pubsub", "@scripting"];
  const refused = ["@dangerous", "@admin", "scan", "randomkey", "dbsize"];
  return [
    "on",
    `~${prefix}*`,
    "resetchannels",
    `&${prefix}*`,
    "-@all",
    ...allowed.map((command) => `+${command}`),
    ...refused.map((command) => `-${command}`),
    "+info",
  ].join(" ");
}

/** What the user that comes with every server may do, whose name needs no knowing: nothing. */
export const nothing = "off ~keys* -@all";

/** Prefix of everything that a service keeps; the colon keeps `api` out of what `api-2` has. */
export function keyPrefix(service: string): string {
  return `${service}:`;
}

/**
 * A password that nobody knows and nobody keeps: a user has to have one from the start, and another
 * takes its place before anybody connects. ElastiCache takes 16 to 128 characters.
 */
export function throwAway(): string {
  return randomBytes(48).toString("hex");
}
