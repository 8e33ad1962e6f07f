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
import { parseDocument } from "yaml";
import { prepareHome, sandboxEnvironment } from "../../cli/engine/environment";
import type { Workspace } from "../../cli/workspace";
import { startSandbox, type Sandbox } from "../../sandbox/client";
import type { CloudRecord } from "../../sandbox/cloud";
import type { Drift } from "../../sandbox/control";
import { isRunning, kill, startEngine, type Run } from "./engine-run";
import { labelOf, type Outcome } from "./outcome";

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

  /** Changes of the cloud since there were so many, in their order, as `operation type name`. */
  async historySince(count: number): Promise<string[]> {
    const entries = (await this.sandbox.history()).slice(count);
    return entries.map(({ operation, urn }) => `${operation} ${labelOf(urn)}`);
  }

  /** What the cloud holds of a resource, by `type name`. */
  async heldOf(label: string): Promise<CloudRecord["state"] | undefined> {
    return (await this.#recordOf(label))?.state;
  }

  /** Changes or deletes what the cloud holds of a resource, as somebody else would. */
  async drift(label: string, change: Pick<Drift, "set" | "delete">): Promise<void> {
    const record = await this.#recordOf(label);
    if (record === undefined) throw new Error(`the cloud has no ${label}`);
    await this.sandbox.drift({ ...change, resource: record.urn });
  }

  async #recordOf(label: string): Promise<CloudRecord | undefined> {
    const records = await this.sandbox.resources();
    return records.find(({ urn }) => labelOf(urn) === label);
  }

  /** What was declared and is in the cloud, as `type name`, with one entry for each object. */
  async objects(): Promise<string[]> {
    const records = await this.sandbox.resources();
    return records.flatMap(({ urn }) => (urn === "" ? [] : labelOf(urn))).sort();
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
    const run = startEngine(words, {
      directory: this.directory,
      environment: {
        ...sandboxEnvironment(this.#workspace, this.#sandbox?.environment ?? {}),
        PULUMI_DEBUG_COMMANDS: "true",
        ...environment,
      },
      logFile: join(this.directory, `events-${this.#runs.length + 1}.log`),
    });
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
