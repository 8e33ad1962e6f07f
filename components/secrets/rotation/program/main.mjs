// @ts-check
import { readFileSync } from "node:fs";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { untilRotated } from "./ready.mjs";
import { entryNamed, rotate } from "./rotate.mjs";

/** @typedef {import("./rotate.mjs").Step} Step */

const file = new URL("entries.json", import.meta.url);
/** @type {Record<string, import("./rotate.mjs").Entry>} */
const entries = JSON.parse(readFileSync(file, "utf8"));
const clients = {
  secrets: new SecretsManagerClient(),
  caches: new ElastiCacheClient(),
  // Both end a minute before the function would be ended, so that what they wait for stands in the log.
  pauseMs: 3000,
  longestMs: 240_000,
};

/**
 * Called by Secrets Manager once for each step of a rotation, and by a deployment that waits until
 * every entry has been rotated a first time.
 * @param {{ Step: Step, SecretId: string, ClientRequestToken: string } | { untilRotated: string[] }} event
 */
export async function handler(event) {
  if ("untilRotated" in event) return await untilRotated(clients, event.untilRotated);
  const { Step: step, SecretId: secretId, ClientRequestToken: version } = event;
  const entry = entryNamed(entries, secretId);
  await rotate(clients, { step, secretId, version, entry });
  process.stdout.write(`${JSON.stringify({ step, secretId, version, done: true })}\n`);
  return undefined;
}
