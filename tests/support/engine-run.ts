import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { summary, type Outcome } from "./outcome";

/** An engine that runs. */
export interface Run {
  readonly child: ChildProcess;
  /** What it comes to in the end. */
  readonly outcome: Promise<Outcome>;
}

/** Starts the engine and returns at once; it writes its own record into a file. */
export function startEngine(
  words: readonly string[],
  {
    directory,
    environment,
    logFile,
  }: {
    readonly directory: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly logFile: string;
  },
): Run {
  const logged = ["preview", "up", "refresh", "destroy"].includes(words[0] ?? "");
  const flags = ["--non-interactive", ...(logged ? ["--event-log", logFile] : [])];
  const child = spawn("pulumi", [...words, ...flags], {
    cwd: directory,
    env: environment,
    // A group of its own, so that a test can kill the engine with all that it started.
    detached: true,
  });
  return { child, outcome: outcomeOf(child, logFile) };
}

async function outcomeOf(child: ChildProcess, logFile: string): Promise<Outcome> {
  const output: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
  await once(child, "close");
  const log = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
  return { code: child.exitCode, output: Buffer.concat(output).toString(), log, ...summary(log) };
}

/** Waits until something has happened elsewhere. */
export async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error("waited two minutes in vain");
    await setTimeout(50);
  }
}

/** Whether it has not ended yet. */
export function isRunning({ child }: Run): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Kills the engine with all that it started, as a machine that goes down does. */
export async function kill({ child, outcome }: Run): Promise<void> {
  if (child.pid === undefined) throw new Error("the engine has not started");
  process.kill(-child.pid, "SIGKILL");
  await outcome;
}
