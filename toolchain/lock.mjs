import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How often a waiting process looks whether the lock is free. */
const pollMilliseconds = 500;

/**
 * Runs `work` while holding a lock file, so that two set-ups do not collide; a lock whose process is gone is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {(holder: string) => void} [onWait] Called once with the holder, as "PID HOST", if there is one to wait for; else people are told.
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = (holder) => tell(file, holder)) {
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = false; !take(file); waited = true) {
    const holder = holderOf(file);
    if (holder === undefined) continue;
    if (!waited) onWait(holder);
    await sleep(pollMilliseconds);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @type {(file: string, holder: string) => void} */
function tell(file, holder) {
  const text = `… waiting for another set-up: ${holder} holds ${file}; delete it if none runs\n`;
  process.stderr.write(text);
}

/** @type {(file: string) => boolean} */
function take(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${hostname()}`);
  try {
    // A link comes into being with its content: nobody reads a lock that is half written.
    linkSync(own, file);
    return true;
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(own);
  }
}

/**
 * The process that holds the lock; removes a lock whose process on this machine is gone.
 * @type {(file: string) => string | undefined}
 */
function holderOf(file) {
  const text = readIfPresent(file);
  const [pid, machine] = text.split(" ");
  if (text === "") return undefined;
  if (machine !== hostname() || isAlive(Number(pid))) return text;
  if (readIfPresent(file) === text) rmSync(file, { force: true });
  return undefined;
}

/** @type {(file: string) => string} */
function readIfPresent(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

/** @type {(pid: number) => boolean} */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** @type {(error: unknown) => unknown} */
function errorCode(error) {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
