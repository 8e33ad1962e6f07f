// @ts-check
import { randomBytes } from "node:crypto";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { checkPasswords, setPasswords } from "./cache-user.mjs";

/** @typedef {import("@aws-sdk/client-secrets-manager").SecretsManagerClient} Secrets */
/** @typedef {import("./cache-user.mjs").Caches & { secrets: Secrets }} Clients */
/** @typedef {"createSecret" | "setSecret" | "testSecret" | "finishSecret"} Step */
/** @typedef {{ length: number, cacheUser?: string }} Entry How an entry is rotated. */
/** @typedef {{ step: Step, secretId: string, version: string, entry: Entry }} Request */
/** @typedef {Request & { current: string }} Rotation */

/** Label of what stands in an entry before anybody sets it; it opens nothing. */
export const seedStage = "plinth-seed";

const steps = { createSecret, setSecret, testSecret, finishSecret };

/**
 * One step of a rotation. Each may be called again, after it failed anywhere or was done: Secrets
 * Manager repeats a step, and starts over with the same version.
 * @param {Clients} clients
 * @param {Request} request
 */
export async function rotate(clients, request) {
  const { step, secretId, version } = request;
  if (!Object.hasOwn(steps, step)) throw new Error(`there is no step ${step}`);
  const stages = await stagesOf(clients.secrets, secretId);
  const current = versionWith("AWSCURRENT", stages);
  if (current === undefined) throw new Error(`${secretId} has no current version`);
  const isDone = current === version;
  if (isDone && step !== "finishSecret") return;
  if (!isDone && !stages[version]?.includes("AWSPENDING")) {
    throw new Error(`${secretId}: another rotation has taken the place of ${version}`);
  }
  await steps[step](clients, { ...request, current });
}

/**
 * How the entry of an ARN is rotated. AWS adds a hyphen and six characters to the name.
 * @param {Readonly<Record<string, Entry>>} entries
 * @param {string} arn
 */
export function entryNamed(entries, arn) {
  const name = /:secret:(.+)-[A-Za-z0-9]{6}$/.exec(arn)?.[1] ?? arn;
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry === undefined) throw new Error(`${name} is not mine to rotate`);
  return entry;
}

/**
 * Puts a new value beside the current one; what an earlier attempt put stays.
 * @param {Clients} clients
 * @param {Rotation} rotation
 */
async function createSecret({ secrets }, { secretId, version, entry }) {
  if ((await pendingOf(secrets, secretId, version)) !== undefined) return;
  try {
    await secrets.send(
      new PutSecretValueCommand({
        SecretId: secretId,
        ClientRequestToken: version,
        SecretString: randomText(entry.length),
        VersionStages: ["AWSPENDING"],
      }),
    );
  } catch (error) {
    // The same step at the same time has put one: a version's value cannot change.
    if (!(error instanceof ResourceExistsException)) throw error;
  }
}

/**
 * Lets the new value in where something checks it. The current one opens as well until the next rotation,
 * so that no pod is shut out before the new value reaches it.
 * @param {Clients} clients
 * @param {Rotation} rotation
 */
async function setSecret(clients, rotation) {
  const { cacheUser } = rotation.entry;
  if (cacheUser === undefined) return;
  await setPasswords(clients, cacheUser, await accepted(clients.secrets, rotation));
}

/**
 * @param {Clients} clients
 * @param {Rotation} rotation
 */
async function testSecret(clients, rotation) {
  const { secretId, entry } = rotation;
  const [pending, current] = await accepted(clients.secrets, rotation);
  if (pending === undefined || pending.length < entry.length || pending === current) {
    throw new Error(`${secretId}: the new value is not what was asked for`);
  }
  if (entry.cacheUser === undefined) return;
  await checkPasswords(clients, entry.cacheUser, current === undefined ? 1 : 2);
}

/**
 * Makes the new version the current one; AWS makes the one before it the previous one. A seed never is:
 * whoever accepts the previous value as well would accept a word that everybody knows. AWSPENDING stays:
 * AWS takes it off itself, and may take a rotation for failed whose function does.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 * @see https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas/pull/145
 * @param {Clients} clients
 * @param {Rotation} rotation
 */
async function finishSecret({ secrets }, { secretId, version, current }) {
  /** @type {(label: string, from: string, to: string) => Promise<unknown>} */
  const move = (label, from, to) =>
    secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretId,
        VersionStage: label,
        RemoveFromVersionId: from,
        MoveToVersionId: to,
      }),
    );
  if (current !== version) await move("AWSCURRENT", current, version);
  const stages = await stagesOf(secrets, secretId);
  const previous = versionWith("AWSPREVIOUS", stages);
  if (previous !== undefined && stages[previous]?.includes(seedStage)) {
    await move("AWSPREVIOUS", previous, version);
  }
}

/**
 * Values that open, the new one first. A seed opens nothing.
 * @param {Secrets} secrets
 * @param {Rotation} rotation
 */
async function accepted(secrets, { secretId, version, current }) {
  const pending = await pendingOf(secrets, secretId, version);
  if (pending === undefined) throw new Error(`${secretId}: ${version} has no value yet`);
  const { SecretString: value, VersionStages: labels = [] } = await secrets.send(
    new GetSecretValueCommand({ SecretId: secretId, VersionId: current }),
  );
  return labels.includes(seedStage) || value === undefined ? [pending] : [pending, value];
}

/**
 * @param {Secrets} secrets
 * @param {string} secretId
 * @param {string} version
 */
async function pendingOf(secrets, secretId, version) {
  const at = { SecretId: secretId, VersionId: version, VersionStage: "AWSPENDING" };
  try {
    return (await secrets.send(new GetSecretValueCommand(at))).SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/**
 * @param {Secrets} secrets
 * @param {string} secretId
 */
async function stagesOf(secrets, secretId) {
  const command = new DescribeSecretCommand({ SecretId: secretId });
  return (await secrets.send(command)).VersionIdsToStages ?? {};
}

/**
 * @param {string} label
 * @param {Readonly<Record<string, string[]>>} stages
 */
export function versionWith(label, stages) {
  return Object.keys(stages).find((id) => stages[id]?.includes(label));
}

/**
 * Letters and digits alone: no shell, URL or configuration file reads them as anything else. Each
 * carries 5.95 bits, 32 of them 190.
 * @param {number} length
 */
export function randomText(length) {
  let text = "";
  while (text.length < length) {
    text += randomBytes(length)
      .toString("base64")
      .replaceAll(/[^A-Za-z0-9]/g, "");
  }
  return text.slice(0, length);
}
