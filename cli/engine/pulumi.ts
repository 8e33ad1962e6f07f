import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { assertStack, type Project } from "../project";
import { stateFile, workspaceOf } from "../workspace";
import { prepareHome } from "./environment";
import { stackFolder } from "./stack-config";

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
  await once(child, "close");
  process.off("SIGINT", wait);
  return { code: child.exitCode ?? 1, output: Buffer.concat(chunks).toString() };
}

/** Makes a stack in the sandbox's backend, unless it is there. */
export async function makeStack(
  project: Project,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  assertStack(project, stack);
  const workspace = workspaceOf(project);
  if (existsSync(stateFile(workspace, project, stack))) return;
  mkdirSync(workspace.state, { recursive: true });
  prepareHome(workspace);
  process.stderr.write(`Creating stack ${stack} on the sandbox\n`);
  const { code, output } = await runEngine({
    args: ["stack", "init", stack],
    directory: stackFolder(workspace, project),
    environment,
    capture: true,
  });
  if (code !== 0) throw new Error(`the engine could not create stack ${stack}\n${output}`);
}
