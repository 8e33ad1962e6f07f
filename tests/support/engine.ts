import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseDocument } from "yaml";
import { startSandbox, type Sandbox } from "../../sandbox/client";
import { toolEnvironment } from "../../toolchain/engine.mjs";
import { summary, type Outcome } from "./outcome";

const repository = dirname(dirname(__dirname));

/** Folder of the policy pack. */
export const policyPack = join(repository, "policies");

/** A resource as the engine keeps it in state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly protect?: boolean;
}

/** An engine that runs. */
export interface Run {
  readonly child: ChildProcess;
  /** What it comes to in the end. */
  readonly outcome: Promise<Outcome>;
}

/** A copy of the project's files, a state and a cloud of their own, and the program of this repository. */
export class Workbench {
  readonly directory = mkdtempSync(join(tmpdir(), "plinth-engine-"));
  #sandbox: Sandbox | undefined;
  #runs = 0;

  /** Starts a workbench with the repository's own settings; `files` are written over them. */
  static async start(files: Readonly<Record<string, string>> = {}): Promise<Workbench> {
    const workbench = new Workbench();
    for (const name of ["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
      workbench.write(name, readFileSync(join(repository, name), "utf8"));
    }
    workbench.set("Pulumi.yaml", ["main"], repository);
    for (const [name, text] of Object.entries(files)) {
      workbench.write(name, text);
    }
    for (const folder of ["state", "home"]) {
      mkdirSync(join(workbench.directory, folder));
    }
    await workbench.startSandbox();
    return workbench;
  }

  /** The cloud. */
  get sandbox(): Sandbox {
    if (this.#sandbox === undefined) throw new Error("the sandbox does not run");
    return this.#sandbox;
  }

  /** Starts the sandbox, again after a crash. */
  async startSandbox(): Promise<void> {
    this.#sandbox = await startSandbox({ directory: join(this.directory, "cloud") });
  }

  /** Ends everything and removes it. */
  async stop(): Promise<void> {
    await this.#sandbox?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Writes a file of the project. */
  write(name: string, text: string): void {
    writeFileSync(join(this.directory, name), text);
  }

  /** Sets a value in a YAML file of the project; undefined removes it. */
  set(name: string, path: readonly (string | number)[], value: unknown): void {
    const document = parseDocument(readFileSync(join(this.directory, name), "utf8"));
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
    this.write(name, document.toString());
  }

  /** Sets configuration of a stack, by key without project. */
  configure(stack: string, values: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of Object.entries(values)) {
      this.set(`Pulumi.${stack}.yaml`, ["config", `plinth:${key}`], value);
    }
  }

  /** Gives staging the pager of production, so that a stack uses all six packages. */
  addPager(): void {
    const text = readFileSync(join(this.directory, "Pulumi.production.yaml"), "utf8");
    const alerting: unknown = parseDocument(text).getIn(["config", "plinth:alerting"]);
    this.configure("staging", { alerting });
  }

  /** Sets a value of the catalogue, by its path below `services`; undefined removes it. */
  catalogue(path: readonly string[], value: unknown): void {
    this.set("Pulumi.yaml", ["config", "services", "default", ...path], value);
  }

  /** Sets what a stack overrides in the catalogue, by path; undefined removes it. */
  override(stack: string, path: readonly string[], value: unknown): void {
    this.set(`Pulumi.${stack}.yaml`, ["config", "plinth:overrides", ...path], value);
  }

  async init(stack: string): Promise<void> {
    await this.succeed(["stack", "init", stack]);
  }

  preview(stack: string, ...more: string[]): Promise<Outcome> {
    return this.run(["preview", "--stack", stack, ...more]);
  }

  up(stack: string, ...more: string[]): Promise<Outcome> {
    return this.run(["up", "--yes", "--skip-preview", "--stack", stack, ...more]);
  }

  refresh(stack: string, ...more: string[]): Promise<Outcome> {
    return this.run(["refresh", "--yes", "--skip-preview", "--stack", stack, ...more]);
  }

  /** Previews first, as a person's does. */
  destroy(stack: string, ...more: string[]): Promise<Outcome> {
    return this.run(["destroy", "--yes", "--stack", stack, ...more]);
  }

  /** Resources in state. */
  async state(stack: string): Promise<readonly StateResource[]> {
    // The engine's own format.
    const { deployment } = JSON.parse(await this.exportState(stack)) as {
      deployment: { resources?: StateResource[] };
    };
    return deployment.resources ?? [];
  }

  /** The state as the backend keeps it, secrets encrypted. */
  async exportState(stack: string): Promise<string> {
    return (await this.succeed(["stack", "export", "--stack", stack])).output;
  }

  /** Runs the engine to its end. */
  run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return this.start(words, environment).outcome;
  }

  /** Starts the engine and returns at once. */
  start(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Run {
    const logFile = join(this.directory, `events-${++this.#runs}.log`);
    const logged = ["preview", "up", "refresh", "destroy"].includes(words[0] ?? "");
    const flags = ["--non-interactive", ...(logged ? ["--event-log", logFile] : [])];
    const child = spawn("pulumi", [...words, ...flags], {
      cwd: this.directory,
      env: {
        ...toolEnvironment(),
        ...this.#sandbox?.environment,
        PULUMI_BACKEND_URL: `file://${join(this.directory, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "workbench",
        PULUMI_HOME: join(this.directory, "home"),
        PULUMI_DEBUG_COMMANDS: "true",
        ...environment,
      },
      // A group of its own, so that a test can kill the engine with all that it started.
      detached: true,
    });
    return { child, outcome: outcomeOf(child, logFile) };
  }

  /** Runs the engine to its end, which must be a good one. */
  async succeed(words: readonly string[]): Promise<Outcome> {
    const outcome = await this.run(words);
    if (outcome.code !== 0) throw new Error(`pulumi ${words.join(" ")}: ${outcome.output}`);
    return outcome;
  }
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
    await setTimeout(20);
  }
}

/** Kills the engine with all that it started, as a machine that goes down does. */
export async function kill({ child, outcome }: Run): Promise<void> {
  if (child.pid === undefined) throw new Error("the engine has not started");
  process.kill(-child.pid, "SIGKILL");
  await outcome;
}
