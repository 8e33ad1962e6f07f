import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type * as clouds from "./cloud";
import type * as controls from "./control";
import type * as faulting from "./faults";
import { PACKAGES } from "./rules/registry";

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Where its cloud lies; made if it is not there. */
  readonly directory: string;
  /**
   * Environment of its process.
   * @default process.env
   */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a sandbox process; it ends with this one, or when it is stopped. */
export async function startSandbox({
  directory,
  env = process.env,
}: SandboxOptions): Promise<Sandbox> {
  const root = dirname(__dirname);
  const child = spawn(
    process.execPath,
    [
      ...["--disable-warning=ExperimentalWarning", "--min-semi-space-size=16"],
      ...["typescript.cjs", "struct.cjs"].flatMap((file) => [
        "--require",
        join(root, "toolchain", file),
      ]),
      ...[join(root, "sandbox", "main.ts"), directory],
    ],
    // Ctrl-C on a terminal is the engine's to handle, which needs its providers until it is done.
    { cwd: root, env, stdio: ["pipe", "pipe", "inherit"], detached: true },
  );
  const port = await Promise.race([portOf(child), failureOf(child)]);
  // A sandbox that nobody stops must not keep its starter alive.
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
  return new Sandbox(directory, port, child);
}

/** A running sandbox, and the cloud behind it. */
export class Sandbox {
  readonly directory: string;
  readonly port: number;
  /** What the engine needs in its environment to use this sandbox for all six providers. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #child: ChildProcess;

  constructor(directory: string, port: number, child: ChildProcess) {
    this.directory = directory;
    this.port = port;
    this.environment = environmentFor(port);
    this.#child = child;
  }

  /** Makes calls fail; see `FaultSpec`. */
  async fault(fault: faulting.FaultSpec): Promise<void> {
    await withCloud(this.directory, ({ cloud, faults }) => {
      faults.addFault(cloud, fault);
    });
  }

  /** Takes all faults back. */
  async clearFaults(): Promise<void> {
    await withCloud(this.directory, ({ cloud, faults }) => {
      faults.clearFaults(cloud);
    });
  }

  /** Changes or deletes an object behind the program's back. */
  async drift(change: controls.Drift): Promise<clouds.CloudRecord> {
    return withCloud(this.directory, ({ cloud, control }) => control.drift(cloud, change));
  }

  /** Adds an object that no program declares. */
  async add(object: controls.Undeclared): Promise<clouds.CloudRecord> {
    return withCloud(this.directory, ({ cloud, control }) => control.add(cloud, object));
  }

  /** All objects of the cloud, or those of one type. */
  async resources(type?: string): Promise<readonly clouds.CloudRecord[]> {
    return withCloud(this.directory, ({ cloud }) => cloud.list(type));
  }

  /** Every change made to the cloud, oldest first. */
  async history(): Promise<readonly clouds.HistoryEntry[]> {
    return withCloud(this.directory, ({ cloud }) => cloud.history());
  }

  /** Ends the process; with SIGKILL as a crash would. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    // Who waits for the end must live to see it.
    this.#child.ref();
    this.#child.kill(signal);
    await ended;
  }
}

/** What {@link withCloud} hands to its body. */
interface Workbench {
  readonly cloud: clouds.Cloud;
  readonly control: typeof controls;
  readonly faults: typeof faulting;
}

/** Opens the cloud of a directory, whether or not a sandbox runs on it, for as long as the body takes. */
export async function withCloud<T>(
  directory: string,
  body: (workbench: Workbench) => T | Promise<T>,
): Promise<T> {
  const [{ Cloud }, control, faults] = await Promise.all([
    import("./cloud"),
    import("./control"),
    import("./faults"),
  ]);
  const cloud = new Cloud(directory);
  try {
    return await body({ cloud, control, faults });
  } finally {
    cloud.close();
  }
}

/** Environment that attaches the engine to a sandbox on this port and keeps it from downloads. */
function environmentFor(port: number): Readonly<Record<string, string>> {
  return {
    PULUMI_DEBUG_PROVIDERS: PACKAGES.map((name) => `${name}:${port}`).join(","),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

async function portOf({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error("the sandbox has no output");
  for await (const line of createInterface({ input: stdout })) {
    const message: unknown = JSON.parse(line);
    if (typeof message === "object" && message !== null && "port" in message)
      return Number(message.port);
  }
  throw new Error("the sandbox ended before it was ready");
}

async function failureOf(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, "exit")) as [number | null]; // as `exit` is documented
  throw new Error(`the sandbox ended with ${code ?? "a signal"} before it was ready`);
}
