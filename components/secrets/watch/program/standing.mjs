// @ts-check

/** @typedef {{ VersionStages?: string[], CreatedDate?: Date }} Version A version as Secrets Manager lists it. */
/** @typedef {{ state: "placeholder" | "set", changed?: Date }} Standing What stands in an entry, and since when. */

const day = 86_400_000;

/**
 * Longest time that a rotation is late by plan, in days: it may start at any time of its day.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
const rotationWindow = 1;

/**
 * What stands in an entry, without a look at its value: the placeholder's version carries a label of
 * its own. Without any current version nobody has set it either.
 * @param {readonly Version[]} versions
 * @param {string} seedStage
 * @returns {Standing}
 */
export function standingOf(versions, seedStage) {
  const current = versions.find(({ VersionStages }) => VersionStages?.includes("AWSCURRENT"));
  if (current === undefined) return { state: "placeholder" };
  const isSeed = current.VersionStages?.includes(seedStage) === true;
  return { state: isSeed ? "placeholder" : "set", changed: current.CreatedDate };
}

/**
 * When a value has to be exchanged at the latest: by its age, or when its function said it would.
 * Nobody knows where neither is known, and nothing is late that has no pace.
 * @param {{ everyDays?: number, renewDays?: number | undefined }} pace
 * @param {{ changed?: Date | undefined, next?: Date | undefined }} known
 */
export function dueDate({ everyDays, renewDays }, { changed, next }) {
  const days = everyDays === undefined ? renewDays : everyDays + rotationWindow;
  const byAge =
    days === undefined || changed === undefined
      ? undefined
      : new Date(changed.getTime() + days * day);
  if (byAge === undefined || next === undefined) return byAge ?? next;
  return byAge < next ? byAge : next;
}
