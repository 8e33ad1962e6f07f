import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";

/** What one run took. */
export interface Measurement {
  /** Wall time, in seconds. */
  readonly seconds: number;
  /** Most memory that all processes of the run held at once, in MB; not known where there is no `/proc`. */
  readonly megabytes: number | undefined;
}

/** A program to run and where. */
export interface Command {
  /** Program and arguments. */
  readonly words: readonly [string, ...string[]];
  /** Folder to run it in. */
  readonly directory: string;
  /** Its environment. */
  readonly environment: NodeJS.ProcessEnv;
}

const samplingMilliseconds = 100;
const pageBytes = 4096;

/** Runs something that starts processes, to its end, and measures it. */
export async function measure(body: () => Promise<void>): Promise<Measurement> {
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, descendantBytes())), samplingMilliseconds);
  const start = performance.now();
  try {
    await body();
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - start) / 1000;
  return { seconds, megabytes: peak === 0 ? undefined : peak / 1e6 };
}

/** Runs a command to its end; what it printed is told only where it fails. */
export async function run({ words, directory, environment }: Command): Promise<string> {
  const [program, ...args] = words;
  const child = spawn(program, args, {
    cwd: directory,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(child, "close");
  const output = Buffer.concat(chunks).toString();
  if (child.exitCode !== 0) throw new Error(`${words.join(" ")} failed:\n${output}`);
  return output;
}

/** Resident memory of everything that this process has started, directly or not. */
function descendantBytes(): number {
  const children = new Map<number, Process[]>();
  for (const process of readProcesses()) {
    children.set(process.parent, [...(children.get(process.parent) ?? []), process]);
  }
  const below = (id: number): number =>
    (children.get(id) ?? []).reduce((sum, child) => sum + child.bytes + below(child.id), 0);
  return below(process.pid);
}

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly bytes: number;
}

/** Every process of the machine, as `/proc` of Linux lists them. */
function readProcesses(): Process[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? readProcess(name) : []));
  } catch {
    return [];
  }
}

/** Fields 4 and 24 of `stat`; the name, which may hold spaces, ends at the last parenthesis. */
function readProcess(id: string): Process[] {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return [{ id: Number(id), parent: Number(fields[1]), bytes: Number(fields[21]) * pageBytes }];
  } catch {
    return [];
  }
}
