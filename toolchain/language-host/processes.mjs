import { spawn } from "node:child_process";

/** How long a process may take to end after it was asked to, before it is killed. */
const graceMilliseconds = 3000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Asks every program, policy pack and installation that still runs to end. */
export function stopPrograms() {
  for (const child of running) stop(child);
}

/**
 * Runs a command to its end; `call` is the engine's request, whose cancellation ends the process.
 * @param {{ command: string, args: string[], options: import("node:child_process").SpawnOptions }} command
 * @param {{ on(event: "cancelled", listener: () => void): unknown }} call
 * @param {{ stdout(bytes: Buffer): void, stderr(bytes: Buffer): void }=} output Left out where the process inherits the host's.
 * @returns {Promise<{ code: number | null, signal: string | null }>}
 */
export function runToEnd({ command, args, options }, call, output) {
  const child = spawn(command, args, { ...options, windowsHide: true });
  running.add(child);
  call.on("cancelled", () => stop(child));
  if (output) {
    child.stdout?.on("data", output.stdout);
    child.stderr?.on("data", output.stderr);
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  }).finally(() => running.delete(child));
}

/** @param {import("node:child_process").ChildProcess} child */
function stop(child) {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), graceMilliseconds).unref();
}
