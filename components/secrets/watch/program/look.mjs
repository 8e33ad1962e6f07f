// @ts-check
import {
  DescribeSecretCommand,
  paginateListSecretVersionIds,
  ResourceNotFoundException,
} from "@aws-sdk/client-secrets-manager";
import { dueDate, standingOf } from "./standing.mjs";

/** @typedef {import("@aws-sdk/client-secrets-manager").SecretsManagerClient} Secrets */
/** @typedef {{ everyDays?: number, renewDays?: number }} Pace How often a value is exchanged. */
/** @typedef {"missing" | "overdue" | "unset"} Fault What is wrong with an entry. */
/** @typedef {{ entry: string, fault: Fault }} Finding */
/** @typedef {{ findings: Finding[], looked: number, unknown: string[] }} Sight */

/** Milliseconds for which an entry may hold its placeholder: a day, in which people set up what is new. */
const patience = 86_400_000;

/**
 * Looks at every entry, asking for no value. What cannot be looked at is unknown, which is neither good
 * nor bad, and does not keep the others from being looked at.
 * @param {{ secrets: Secrets, seedStage: string, now: Date }} means
 * @param {Readonly<Record<string, Pace>>} entries
 * @returns {Promise<Sight>}
 */
export async function look(means, entries) {
  /** @type {Sight} */
  const sight = { findings: [], looked: 0, unknown: [] };
  for (const [entry, pace] of Object.entries(entries)) {
    try {
      const fault = await faultOf(means, entry, pace);
      if (fault !== undefined) sight.findings.push({ entry, fault });
      sight.looked += 1;
    } catch (error) {
      sight.unknown.push(`${entry}: ${error instanceof Error ? error.name : "unknown error"}`);
    }
  }
  return sight;
}

/**
 * @param {{ secrets: Secrets, seedStage: string, now: Date }} means
 * @param {string} entry
 * @param {Pace} pace
 * @returns {Promise<Fault | undefined>}
 */
async function faultOf({ secrets, seedStage, now }, entry, pace) {
  try {
    const described = await secrets.send(new DescribeSecretCommand({ SecretId: entry }));
    if (described.DeletedDate !== undefined) return "missing";
    const { state, changed } = standingOf(await versionsOf(secrets, entry), seedStage);
    if (state === "placeholder") {
      const since = changed ?? described.CreatedDate ?? now;
      return now.getTime() - since.getTime() > patience ? "unset" : undefined;
    }
    const due = dueDate(pace, { changed, next: described.NextRotationDate });
    return due !== undefined && due < now ? "overdue" : undefined;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return "missing";
    throw error;
  }
}

/**
 * @param {Secrets} secrets
 * @param {string} entry
 */
async function versionsOf(secrets, entry) {
  const versions = [];
  for await (const page of paginateListSecretVersionIds({ client: secrets }, { SecretId: entry })) {
    versions.push(...(page.Versions ?? []));
  }
  return versions;
}
