import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { assertStack, type Project } from "../project";
import { stateFile, workspaceOf } from "../workspace";
import { prepareHome } from "./environment";

/** A command for the engine. */
export interface EngineCommand {
  /** Its arguments. */
  readonly args: readonly string[];
  /** Folder that it runs in. */
  readonly directory: string;
  /** Environment that it runs in. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether to keep what it prints instead of showing it. */
  readonly capture: boolean;
}

/** How a command of the engine ended. */
export interface Outcome {
  /** Its exit code; 1 where a signal ended it. */
  readonly code: number;
  /** What it printed, where that was kept. */
  readonly output: string;
}

/** Runs the engine and waits for its end; its questions and errors go to the terminal. */
export async function runEngine(command: EngineCommand): Promise<Outcome> {
  const child = spawn("pulumi", [...command.args], {
    cwd: command.directory,
    env: command.environment,
    stdio: ["inherit", command.capture ? "pipe" : "inherit", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A terminal sends its signals to the engine as well, which ends in its own time; this process waits for it.
  const wait = (): void => undefined;
  process.on("SIGINT", wait);
  await once(child, "close").catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the engine can't be run (${reason}): \`npm start\` brings it again`);
  });
  process.off("SIGINT", wait);
  if (child.signalCode !== null && child.signalCode !== "SIGINT") {
    process.stderr.write(`error: the engine was ended by ${child.signalCode}\n`);
  }
  return { code: child.exitCode ?? 1, output: Buffer.concat(chunks).toString() };
}

/** Makes a stack in the sandbox's backend, unless it is there. */
export function makeStack(project: Project, stack: string): void {
  assertStack(project, stack);
  const workspace = workspaceOf(project);
  const file = stateFile(workspace, project, stack);
  if (existsSync(file)) return;
  prepareHome(workspace);
  process.stderr.write(`Creating stack ${stack} on the sandbox\n`);
  mkdirSync(dirname(file), { recursive: true });
  // What `pulumi stack init` writes first; that command takes as long as an eighth of a preview.
  const empty = { version: 3, checkpoint: { stack: `organization/${project.name}/${stack}` } };
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(empty));
  // Another process that makes the same stack now writes the same.
  renameSync(unfinished, file);
}
