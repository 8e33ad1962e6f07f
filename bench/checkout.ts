import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeBinary, repositoryDirectory, toolEnvironment } from "../toolchain/engine.mjs";
import type { PlatformFiles } from "./catalogue";
import { run } from "./measure";

/** What a preview reads of the repository, besides its packages. */
const copied = [
  ...["bin", "cli", "components", "policies", "sandbox", "schemas", "settings", "toolchain"],
  ...["index.ts", "package.json", "tsconfig.json"],
  ...["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml"],
];

/**
 * A copy of the repository as it is after `npm ci`, with caches of its own: what a run keeps for the next one
 * lies here, so that a cold run is cold and the user's own caches stay.
 */
export class Checkout {
  readonly directory = mkdtempSync(join(tmpdir(), "plinth-bench-"));
  /** Environment of every run: its caches lie in this copy. */
  readonly environment: NodeJS.ProcessEnv;

  constructor() {
    for (const name of copied) {
      cpSync(join(repositoryDirectory, name), join(this.directory, name), { recursive: true });
    }
    symlinkSync(join(repositoryDirectory, "node_modules"), join(this.directory, "node_modules"));
    const own = (name: string) => join(this.directory, ".plinth", name);
    this.environment = {
      ...toolEnvironment(),
      XDG_CACHE_HOME: own("user-cache"),
      NODE_COMPILE_CACHE: own("compile-cache"),
      // Where ts-node keeps what it has compiled and checked.
      TMPDIR: own("temporary"),
    };
    this.forget();
  }

  /** Puts the copy back to where nothing has run in it yet. */
  forget(): void {
    rmSync(join(this.directory, ".plinth"), { recursive: true, force: true });
    mkdirSync(join(this.directory, ".plinth", "temporary"), { recursive: true });
    const record = join(".plinth", "toolchain.json");
    cpSync(join(repositoryDirectory, record), join(this.directory, record));
  }

  /** Removes stacks and cloud, and keeps the caches. */
  forgetStacks(): void {
    for (const name of ["cloud", "state", "home", "stacks"]) {
      rmSync(join(this.directory, ".plinth", name), { recursive: true, force: true });
    }
  }

  /** Puts another platform's files in the place of the repository's own. */
  use({ project, stack }: PlatformFiles): void {
    writeFileSync(join(this.directory, "Pulumi.yaml"), project);
    writeFileSync(join(this.directory, "Pulumi.staging.yaml"), stack);
    rmSync(join(this.directory, "Pulumi.production.yaml"), { force: true });
  }

  /** Compiles the program, as set-up does while it brings the engine. */
  async compile(): Promise<void> {
    await run({
      words: [nodeBinary(), join("toolchain", "warm-up.cjs"), "Pulumi.staging.yaml"],
      directory: this.directory,
      environment: this.environment,
    });
  }

  /** What `npx plinth preview staging` does. */
  async preview(): Promise<void> {
    await run({
      words: [nodeBinary(), join("bin", "plinth.mjs"), "preview", "staging"],
      directory: this.directory,
      environment: this.environment,
    });
  }

  /** Removes the copy. */
  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
