import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How much of a failed command's complaint stands in the error. */
const reportedLines = 20;

/**
 * Runs a command to its end and gives what it printed; a failure is an error with the first lines of its standard error.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => boolean }} options `onLine` gets each line of standard error and says whether it only told of progress.
 * @returns {Promise<string>}
 */
export async function run(command, args, { cwd, env, onLine } = {}) {
  // On Windows npm is a batch file, which only a shell starts.
  const shell = process.platform === "win32" && command === "npm";
  const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  /** @type {string[]} */
  const complaints = [];
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  createInterface(child.stderr).on("line", (line) => {
    if (onLine?.(line) !== true) complaints.push(line);
  });
  const end = await new Promise((resolve, reject) => {
    child.on("error", ({ message }) => reject(new Error(`${command} can't be run: ${message}`)));
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  if (end === 0) return output;
  const reason = complaints.slice(0, reportedLines).join("\n").trim() || output.trim();
  throw new Error(`${command} ${args[0]} ended with ${end}:\n${reason}`);
}
