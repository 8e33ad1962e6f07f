// @ts-check
import {
  DescribeUsersCommand,
  InvalidUserStateFault,
  ModifyUserCommand,
} from "@aws-sdk/client-elasticache";

/**
 * ElastiCache, how long to pause before it is asked again, and how long in all.
 * @typedef {{ caches: import("@aws-sdk/client-elasticache").ElastiCacheClient, pauseMs: number, longestMs: number }} Caches
 */

/**
 * Lets a user of ElastiCache in with these passwords, two at most, and no other.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyUser.html
 * @param {Caches} caches
 * @param {string} userId
 * @param {string[]} passwords
 */
export async function setPasswords(caches, userId, passwords) {
  const end = Date.now() + caches.longestMs;
  while (!(await isTaken(caches, { userId, passwords, end })));
  await whenActive(caches, userId, end);
}

/**
 * Whether ElastiCache took the passwords: while a user is being changed, such as with a group that it is in,
 * another change is refused, and such a change may begin at any moment.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/49726
 * @param {Caches} caches
 * @param {{ userId: string, passwords: string[], end: number }} change
 */
async function isTaken(caches, { userId, passwords, end }) {
  await whenActive(caches, userId, end);
  const mode = { Type: /** @type {const} */ ("password"), Passwords: passwords };
  try {
    await caches.caches.send(new ModifyUserCommand({ UserId: userId, AuthenticationMode: mode }));
    return true;
  } catch (error) {
    if (!(error instanceof InvalidUserStateFault) || Date.now() > end) throw error;
    await paused(caches);
    return false;
  }
}

/**
 * The function stands outside of the network and cannot log in; ElastiCache says what it let in.
 * @param {Caches} caches
 * @param {string} userId
 * @param {number} count
 */
export async function checkPasswords(caches, userId, count) {
  const end = Date.now() + caches.longestMs;
  const { Authentication: found } = await whenActive(caches, userId, end);
  if (found?.Type === "password" && found.PasswordCount === count) return;
  const text = `${found?.PasswordCount ?? 0} (${found?.Type ?? "none"})`;
  throw new Error(`${userId} has ${text} passwords instead of ${count}`);
}

/**
 * @param {Caches} caches
 * @param {string} userId
 * @param {number} end
 */
async function whenActive({ caches, pauseMs }, userId, end) {
  for (;;) {
    const { Users: [user] = [] } = await caches.send(new DescribeUsersCommand({ UserId: userId }));
    if (user?.Status === "active") return user;
    if (Date.now() > end) throw new Error(`${userId} is ${user?.Status ?? "not there"}`);
    await paused({ pauseMs });
  }
}

/** @param {Pick<Caches, "pauseMs">} caches */
async function paused({ pauseMs }) {
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
