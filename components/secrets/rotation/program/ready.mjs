// @ts-check
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { seedStage, versionWith } from "./rotate.mjs";

/** @typedef {import("@aws-sdk/client-secrets-manager").SecretsManagerClient} Secrets */

/**
 * Waits until none of the entries holds its seed any more: pods that started before would take a word
 * that everybody knows for a secret. Reads no value.
 * @param {{ secrets: Secrets, pauseMs: number, longestMs: number }} clients
 * @param {string[]} names
 */
export async function untilRotated({ secrets, pauseMs, longestMs }, names) {
  const end = Date.now() + longestMs;
  for (;;) {
    const waiting = await notRotated(secrets, names);
    if (waiting.length === 0) return { rotated: names };
    if (Date.now() > end) {
      throw new Error(`not rotated yet, see the log of this function: ${waiting.join(", ")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/**
 * @param {Secrets} secrets
 * @param {string[]} names
 */
async function notRotated(secrets, names) {
  const waiting = [];
  for (const name of names) {
    const { VersionIdsToStages: stages = {} } = await secrets.send(
      new DescribeSecretCommand({ SecretId: name }),
    );
    const current = versionWith("AWSCURRENT", stages);
    if (current === undefined || stages[current]?.includes(seedStage)) waiting.push(name);
  }
  return waiting;
}
