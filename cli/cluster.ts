import { spawn, spawnSync } from "node:child_process";

/** A part of an object of Kubernetes, as kubectl prints it. */
export interface Job {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** A CronJob, as far as a Job is made of it. */
export interface CronJob {
  readonly metadata: { readonly uid: string; readonly name: string };
  readonly spec: { readonly jobTemplate: JobTemplate };
}

/** What the Jobs of a CronJob are like. */
export interface JobTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
  };
}

/** A container of a Job's pod. */
export interface Container {
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/**
 * A namespace of a cluster, by the user's own `kubectl`: it knows every way to log in that a kubeconfig
 * names, and its user's permissions are the ones that count.
 */
export class Cluster {
  readonly #flags: readonly string[];

  constructor(namespace: string, context: string | undefined) {
    this.#flags = [
      "--namespace",
      namespace,
      ...(context === undefined ? [] : ["--context", context]),
    ];
  }

  /** The CronJob of that name; an error where there is none. */
  cronJob(name: string): CronJob {
    // As the API server gives it.
    return JSON.parse(this.ask(["get", "cronjob", name, "--output", "json"])) as CronJob;
  }

  /** The Job of that name, if there is one. */
  job(name: string): Job | undefined {
    const found = this.ask(["get", "job", name, "--ignore-not-found", "--output", "json"]);
    // As the API server gives it.
    return found.trim() === "" ? undefined : (JSON.parse(found) as Job);
  }

  /** Every object of a kind, as the API server lists them. */
  list(kind: string): unknown {
    return JSON.parse(this.ask(["get", kind, "--output", "json", "--request-timeout", "10s"]));
  }

  /** Makes an object. */
  create(object: unknown): void {
    this.ask(["create", "--filename", "-"], JSON.stringify(object));
  }

  /** Removes a Job and its pods, and waits until they are gone. */
  remove(job: string): void {
    this.ask(["delete", "job", job, "--cascade=foreground", "--wait"]);
  }

  /** Prints what a Job's pod says until it ends; gives what it printed. */
  async follow(job: string): Promise<string> {
    const flags = ["logs", "--follow", `job/${job}`, "--pod-running-timeout=10m"];
    const child = spawn("kubectl", [...this.#flags, ...flags], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.stdout.pipe(process.stderr);
    await new Promise((resolve) => child.on("close", resolve));
    return said;
  }

  private ask(args: readonly string[], input = ""): string {
    const result = spawnSync("kubectl", [...this.#flags, ...args], {
      encoding: "utf8",
      input,
      maxBuffer: 2 ** 26,
    });
    if (result.error !== undefined)
      throw new Error(`kubectl can't be run: ${result.error.message}`);
    if (result.status !== 0) throw new Error(withoutLog(result.stderr));
    return result.stdout;
  }
}

/** What kubectl says to people, without the lines that its libraries log before. */
function withoutLog(said: string): string {
  const lines = said.trim().split("\n");
  const plain = lines.filter((line) => !/^[EIW][0-9]{4} /.test(line));
  return (plain.length === 0 ? lines : plain).join("\n");
}
