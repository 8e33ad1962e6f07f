import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseDocument } from "yaml";
import { prepareHome, sandboxEnvironment } from "../../cli/engine/environment";
import type { Workspace } from "../../cli/workspace";
import { startSandbox, type Sandbox } from "../../sandbox/client";
import { labelOf, summary, type Outcome } from "./outcome";

const repository = dirname(dirname(__dirname));

/** A resource as the engine keeps it in state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly protect?: boolean;
}

/** An object that is taken into state. */
export interface Import {
  /** Type and name of the resource. */
  readonly label: string;
  /** Id of the object, in its provider's form. */
  readonly id: string;
  /** URN of the parent. */
  readonly parent: string;
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
  readonly #workspace = workspaceIn(this.directory);
  #sandbox: Sandbox | undefined;
  readonly #runs: Run[] = [];

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
    mkdirSync(workbench.#workspace.state);
    prepareHome(workbench.#workspace);
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
    this.#sandbox = await startSandbox({ directory: this.#workspace.cloud });
  }

  /** Ends everything and removes it. */
  async stop(): Promise<void> {
    for (const run of this.#runs.filter(isRunning)) await kill(run);
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

  /** Adds to the program what no setting can say: statements of JavaScript. */
  extend(statements: string): void {
    const program = JSON.stringify(join(repository, "toolchain", "program.cjs"));
    const source = `module.exports = require(${program});\n${statements}`;
    this.write("extended.cjs", source);
    // The engine asks for the SDK beside the program.
    const modules = join(this.directory, "node_modules");
    if (!existsSync(modules)) symlinkSync(join(repository, "node_modules"), modules);
    this.set("Pulumi.yaml", ["main"], "extended.cjs");
  }

  /** Flags that run a stack under the policy pack, as strictly as a tier asks for. */
  policies(tier: string): string[] {
    const file = join(this.directory, `${tier}.policies.json`);
    writeFileSync(file, JSON.stringify({ plinth: { tier } }));
    return ["--policy-pack", join(repository, "policies"), "--policy-pack-config", file];
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

  /** URN of a resource in state, by `type name`. */
  async urnOf(stack: string, label: string): Promise<string> {
    const found = (await this.state(stack)).find(({ urn }) => labelOf(urn) === label);
    if (found === undefined) throw new Error(`${stack} has no ${label}`);
    return found.urn;
  }

  /** Takes objects of the cloud into state, as a person does. */
  async import(stack: string, objects: readonly Import[]): Promise<void> {
    const nameTable: Record<string, string> = {};
    const resources = [];
    for (const { label, id, parent } of objects) {
      const [type = "", name] = label.split(" ");
      const provider = type.split(":")[0] ?? "";
      nameTable[provider] = await this.urnOf(stack, `pulumi:providers:${provider} ${provider}`);
      nameTable[parent] = parent;
      resources.push({ type, name, id, parent, provider });
    }
    this.write("import.json", JSON.stringify({ nameTable, resources }));
    await this.succeed([
      ...["import", "--file", "import.json", "--stack", stack, "--yes", "--skip-preview"],
      ...["--generate-code=false", "--protect=false"],
    ]);
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
    const logFile = join(this.directory, `events-${this.#runs.length + 1}.log`);
    const logged = ["preview", "up", "refresh", "destroy"].includes(words[0] ?? "");
    const flags = ["--non-interactive", ...(logged ? ["--event-log", logFile] : [])];
    const child = spawn("pulumi", [...words, ...flags], {
      cwd: this.directory,
      env: {
        ...sandboxEnvironment(this.#workspace, this.#sandbox?.environment ?? {}),
        PULUMI_DEBUG_COMMANDS: "true",
        ...environment,
      },
      // A group of its own, so that a test can kill the engine with all that it started.
      detached: true,
    });
    const run = { child, outcome: outcomeOf(child, logFile) };
    this.#runs.push(run);
    return run;
  }

  /** Runs the engine to its end, which must be a good one. */
  async succeed(words: readonly string[]): Promise<Outcome> {
    const outcome = await this.run(words);
    if (outcome.code !== 0) throw new Error(`pulumi ${words.join(" ")}: ${outcome.output}`);
    return outcome;
  }
}

/** As the command keeps one for a project. */
function workspaceIn(directory: string): Workspace {
  return {
    directory,
    cloud: join(directory, "cloud"),
    state: join(directory, "state"),
    home: join(directory, "home"),
    stacks: directory,
    background: join(directory, "sandbox.json"),
  };
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

function isRunning({ child }: Run): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Kills the engine with all that it started, as a machine that goes down does. */
export async function kill({ child, outcome }: Run): Promise<void> {
  if (child.pid === undefined) throw new Error("the engine has not started");
  process.kill(-child.pid, "SIGKILL");
  await outcome;
}
