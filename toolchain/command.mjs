import { spawn } from "node:child_process";

/** How much of a failed command's output stands in the error. */
const reportedLines = 12;

/**
 * Runs a command to its end and gives what it printed; a failure is an error that ends with the last lines of its output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} options `onLine` gets each line of standard error.
 * @returns {Promise<string>}
 */
export function run(command, args, { cwd, env, onLine } = {}) {
  // On Windows npm is a batch file, which only a shell starts.
  const shell = process.platform === "win32" && command === "npm";
  const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let unfinished = "";
  /** @type {string[]} */
  const errors = [];
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => {
    const lines = (unfinished + text).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) onLine?.(line);
    errors.push(...lines);
    errors.splice(0, errors.length - reportedLines);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve(output);
      const tail = [...errors, unfinished].join("\n").trim() || output.trim();
      reject(new Error(`${command} ${args[0]} ended with code ${code}:\n${tail}`));
    });
  });
}
