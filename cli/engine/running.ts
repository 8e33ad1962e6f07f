import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Workspace } from "../workspace";

const Record = z.object({ pid: z.int(), environment: z.record(z.string(), z.string()) });

/** A sandbox that `plinth sandbox start` keeps running. */
export type RunningSandbox = z.output<typeof Record>;

/** Writes down which sandbox runs, so that other commands find it. */
export function recordSandbox({ background }: Workspace, running: RunningSandbox): void {
  mkdirSync(dirname(background), { recursive: true });
  writeFileSync(background, JSON.stringify(running));
}

/** Takes back what was written down. */
export function forgetSandbox({ background }: Workspace): void {
  rmSync(background, { force: true });
}

/** The sandbox that runs, if one does. */
export function runningSandbox({ background }: Workspace): RunningSandbox | undefined {
  if (!existsSync(background)) return undefined;
  const parsed = Record.safeParse(JSON.parse(readFileSync(background, "utf8")));
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
