// @ts-check
import { isIP, isIPv6 } from "node:net";

/** @typedef {{ paths: string[], requests: number, windowMs: number }} Limit */
/** @typedef {{ service: string, exempt: string[], limits: Record<string, Limit> }} Host */

/**
 * Address of who sent a request. Every proxy appends the address that it was called from, so the
 * gateway's entry is the last one and each trusted proxy before it moves one to the left: what a
 * client writes itself stands further left, and is never read.
 * @type {(forwardedFor: string | undefined, peer: string | undefined, trustedHops: number) => string}
 */
export function clientOf(forwardedFor, peer, trustedHops) {
  const entries = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  const address = entries[Math.max(0, entries.length - 1 - trustedHops)] ?? "";
  return clientKey(isIP(address) === 0 ? (peer ?? "unknown") : address);
}

/** An IPv6 network of 64 bits belongs to one client, who is free to pick any address in it. */
function clientKey(/** @type {string} */ address) {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  // The URL writes an address in its shortest form, without a zone.
  const short = new URL(`http://[${address.split("%")[0]}]`).hostname.slice(1, -1);
  const [head = "", tail] = short.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : new Array(8 - left.length - right.length).fill("0");
  return `${[...left, ...zeros, ...right].slice(0, 4).join(":")}::/64`;
}

/**
 * Path without query, as a tolerant application would read it: `//AUTH/%6Cogin` is `/auth/login`.
 * @type {(url: string) => string}
 */
export function pathOf(url) {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  return decoded(path).replaceAll(/\/+/g, "/").toLowerCase();
}

function decoded(/** @type {string} */ path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Limits that a request counts against: all whose paths cover its own, none for an exempt path.
 * @type {(host: Host, url: string) => [string, Limit][]}
 */
export function limitsOf({ exempt, limits }, url) {
  const path = pathOf(url);
  if (exempt.some((prefix) => covers(prefix, path))) return [];
  return Object.entries(limits).filter(([, { paths }]) =>
    paths.some((prefix) => covers(prefix, path)),
  );
}

function covers(/** @type {string} */ prefix, /** @type {string} */ path) {
  const start = prefix.toLowerCase().replace(/\/$/, "");
  return path === start || path.startsWith(`${start}/`);
}
