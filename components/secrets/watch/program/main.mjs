// @ts-check
import { readFileSync } from "node:fs";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { figureLine } from "./figures.mjs";
import { look } from "./look.mjs";
import { judge } from "./read.mjs";

/** @typedef {import("./read.mjs").Call} Call */
/** @typedef {import("./read.mjs").Readers} Readers */

const file = new URL("watch.json", import.meta.url);
/** @type {Omit<Readers, "readers" | "rotation"> & { scope: Record<string, string>, seedStage: string, entries: Record<string, import("./look.mjs").Pace & { consumers?: string[] }> }} */
const watch = JSON.parse(readFileSync(file, "utf8"));
const secrets = new SecretsManagerClient();

/**
 * Called by EventBridge for each read of an entry of this environment, and again and again to look at
 * the entries themselves. It has no permission to read a value.
 * @param {{ source: string, detail: Call }} event
 */
export async function handler({ source, detail }) {
  if (source === "aws.secretsmanager") tellRead(detail);
  else await tellSight();
}

/** @param {Call} call */
function tellRead(call) {
  const { READERS = "{}", ROTATION: rotation } = process.env;
  const judged = judge(call, { ...watch, readers: JSON.parse(READERS), rotation });
  if (judged === undefined) return;
  const { verdict, entry, reader } = judged;
  // One series for all that is as it should be: each costs.
  tell("secret_reads", 1, verdict === "expected" ? { verdict } : { verdict, entry, reader });
}

async function tellSight() {
  const means = { secrets, seedStage: watch.seedStage, now: new Date() };
  const { findings, looked, unknown } = await look(means, watch.entries);
  for (const { entry, fault } of findings) tell("secret_faults", 1, { entry, fault });
  if (unknown.length > 0) throw new Error(`could not look at ${unknown.join(", ")}`);
  tell("secrets_looked_at", looked, {});
}

/**
 * @param {string} name
 * @param {number} value
 * @param {Record<string, string>} dimensions
 */
function tell(name, value, dimensions) {
  process.stdout.write(
    figureLine({ name, value, now: new Date() }, { ...watch.scope, ...dimensions }),
  );
}
