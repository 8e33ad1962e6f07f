// @ts-check
import { DescribeUsersCommand, ModifyUserCommand } from "@aws-sdk/client-elasticache";

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
  // While a user is being changed, another change is refused.
  await whenActive(caches, userId);
  const mode = { Type: /** @type {const} */ ("password"), Passwords: passwords };
  await caches.caches.send(new ModifyUserCommand({ UserId: userId, AuthenticationMode: mode }));
  await whenActive(caches, userId);
}

/**
 * The function stands outside of the network and cannot log in; ElastiCache says what it let in.
 * @param {Caches} caches
 * @param {string} userId
 * @param {number} count
 */
export async function checkPasswords(caches, userId, count) {
  const { Authentication: found } = await whenActive(caches, userId);
  if (found?.Type === "password" && found.PasswordCount === count) return;
  const text = `${found?.PasswordCount ?? 0} (${found?.Type ?? "none"})`;
  throw new Error(`${userId} has ${text} passwords instead of ${count}`);
}

/**
 * @param {Caches} caches
 * @param {string} userId
 */
async function whenActive({ caches, pauseMs, longestMs }, userId) {
  const end = Date.now() + longestMs;
  for (;;) {
    const { Users: [user] = [] } = await caches.send(new DescribeUsersCommand({ UserId: userId }));
    if (user?.Status === "active") return user;
    if (Date.now() > end) throw new Error(`${userId} is ${user?.Status ?? "not there"}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
