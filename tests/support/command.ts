import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { nodeBinary, repositoryDirectory, toolEnvironment } from "../../toolchain/engine.mjs";

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A project of its own, on which the `plinth` command is run as a person runs it. */
export class CommandBench {
  readonly directory = mkdtempSync(join(tmpdir(), "plinth-command-"));

  constructor() {
    for (const name of ["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
      cpSync(join(repositoryDirectory, name), join(this.directory, name));
    }
    const document = parseDocument(this.read("Pulumi.yaml"));
    document.set("main", repositoryDirectory);
    this.write("Pulumi.yaml", document.toString());
  }

  /** Removes the project and all that was kept for it. */
  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  read(name: string): string {
    return readFileSync(join(this.directory, name), "utf8");
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.directory, name), text);
  }

  /** Starts `plinth` in the project's folder. */
  start(...args: string[]): ChildProcess {
    const launcher = join(repositoryDirectory, "bin", "plinth.mjs");
    return spawn(nodeBinary(), [launcher, ...args], {
      cwd: this.directory,
      env: toolEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Runs `plinth` to its end. */
  plinth(...args: string[]): Promise<Ended> {
    return endOf(this.start(...args));
  }

  /** Runs a line of shell to its end. */
  shell(line: string): Promise<Ended> {
    const options = { cwd: this.directory, env: toolEnvironment() };
    return endOf(spawn("bash", ["-c", line], options));
  }
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  await once(child, "close");
  return {
    code: child.exitCode,
    out: Buffer.concat(out).toString(),
    err: Buffer.concat(err).toString(),
  };
}
