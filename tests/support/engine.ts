import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { startSandbox, type Sandbox } from "../../sandbox/client";
import { toolEnvironment } from "../../toolchain/engine.mjs";

const repository = dirname(dirname(__dirname));

/** What one call of the engine came to. */
export interface Outcome {
  /** Exit code. */
  readonly code: number | null;
  /** All that it printed. */
  readonly output: string;
  /** Number of resources by operation: `create`, `same`, `update`, `replace`, `delete`. */
  readonly changes: Readonly<Record<string, number>>;
  /** Texts of the errors. */
  readonly errors: readonly string[];
  /** What the policy pack found: rule, level and text. */
  readonly findings: readonly { rule: string; level: string; text: string }[];
  /** The engine's own record of the run, which shows all that a backend would be told. */
  readonly log: string;
}

/** A resource as the engine keeps it in state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly protect?: boolean;
}

interface EngineEvent {
  readonly summaryEvent?: { readonly resourceChanges?: Record<string, number> };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly policyEvent?: {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly message: string;
  };
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
    workbench.edit("Pulumi.yaml", (project) => ({ ...project, main: repository }));
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

  /** Changes a YAML file of the project. */
  edit(name: string, change: (content: Record<string, unknown>) => Record<string, unknown>): void {
    const path = join(this.directory, name);
    const content: unknown = parse(readFileSync(path, "utf8"));
    if (typeof content !== "object" || content === null) throw new Error(`${name} holds no keys`);
    writeFileSync(path, stringify(change({ ...content })));
  }

  /** Changes the configuration of a stack, by key without project. */
  configure(stack: string, values: Readonly<Record<string, unknown>>): void {
    this.edit(`Pulumi.${stack}.yaml`, (content) => {
      const entries = Object.entries(values).map(([key, value]) => [`plinth:${key}`, value]);
      return {
        ...content,
        config: { ...objectOf(content["config"]), ...Object.fromEntries(entries) },
      };
    });
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

  destroy(stack: string, ...more: string[]): Promise<Outcome> {
    return this.run(["destroy", "--yes", "--skip-preview", "--stack", stack, ...more]);
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
  async run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const { child, logFile } = this.start(words, environment);
    const output: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    await once(child, "close");
    const log = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
    return { code: child.exitCode, output: Buffer.concat(output).toString(), log, ...summary(log) };
  }

  /** Starts the engine and returns at once. */
  start(
    words: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): { child: ChildProcess; logFile: string } {
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
    return { child, logFile };
  }

  private async succeed(words: readonly string[]): Promise<Outcome> {
    const outcome = await this.run(words);
    if (outcome.code !== 0) throw new Error(`pulumi ${words.join(" ")}: ${outcome.output}`);
    return outcome;
  }
}

/** What the engine's record says. */
function summary(log: string): Pick<Outcome, "changes" | "errors" | "findings"> {
  const events = log
    .split("\n")
    .filter((line) => line.trim() !== "")
    // The engine's own format.
    .map((line) => JSON.parse(line) as EngineEvent);
  return {
    changes:
      events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {},
    errors: events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "error" ? diagnosticEvent.message : [],
    ),
    findings: events.flatMap(({ policyEvent }) =>
      policyEvent === undefined
        ? []
        : {
            rule: policyEvent.policyName,
            level: policyEvent.enforcementLevel,
            text: policyEvent.message,
          },
    ),
  };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
