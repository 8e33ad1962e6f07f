import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a command in place of this process: same terminal, same signals, same exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function replaceWith(command, args, env) {
  const child = spawn(command, args, { env, stdio: "inherit" });
  // A terminal sends Ctrl-C to both: this process waits for what the command makes of it.
  process.on("SIGINT", () => undefined);
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => {
    process.stderr.write(`${command} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  });
}
