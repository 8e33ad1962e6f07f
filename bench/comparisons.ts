import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareHome } from "../cli/engine/environment";
import { startSandbox } from "../sandbox/client";
import { repositoryDirectory } from "../toolchain/engine.mjs";
import { run } from "./measure";

/** Files of a program to compare with, by name. */
export type ProgramFiles = Readonly<Record<string, string>>;

/** A program that declares nothing and imports nothing. */
export const emptyProgram: ProgramFiles = {
  "Pulumi.yaml": "name: empty\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "empty", main: "index.js" }),
  "index.js": "",
};

/**
 * What `pulumi new aws-typescript` gives, with one bare resource of each of five SDKs.
 * @see https://github.com/pulumi/templates/tree/master/aws-typescript
 */
export const defaultTemplate: ProgramFiles = {
  "Pulumi.yaml": "name: template\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "template", main: "index.ts" }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2020",
      module: "nodenext",
      moduleResolution: "nodenext",
      outDir: "bin",
      strict: true,
      sourceMap: true,
      experimentalDecorators: true,
      forceConsistentCasingInFileNames: true,
      noFallthroughCasesInSwitch: true,
      noImplicitReturns: true,
      pretty: true,
    },
    files: ["index.ts"],
  }),
  "index.ts": `
    import * as aws from "@pulumi/aws";
    import * as datadog from "@pulumi/datadog";
    import * as github from "@pulumi/github";
    import * as kubernetes from "@pulumi/kubernetes";
    import * as pagerduty from "@pulumi/pagerduty";

    const bucket = new aws.s3.Bucket("bucket");
    new kubernetes.core.v1.Namespace("namespace");
    new datadog.Role("role", { name: "reader" });
    new github.Repository("repository");
    new pagerduty.Team("team");

    export const bucketName = bucket.id;
  `,
};

/** A program to compare with, in a project and a backend of its own. */
export class Comparison {
  readonly directory: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(directory: string, environment: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.#environment = {
      ...environment,
      // Who starts from the template has neither: they are parts of plinth.
      NODE_COMPILE_CACHE: undefined,
      NODE_OPTIONS: undefined,
      PULUMI_BACKEND_URL: `file://${directory}/state`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_HOME: join(directory, "home"),
    };
  }

  /** Writes a program and makes its stack. */
  static async make(
    directory: string,
    files: ProgramFiles,
    environment: NodeJS.ProcessEnv,
  ): Promise<Comparison> {
    const comparison = new Comparison(directory, environment);
    mkdirSync(join(directory, "state"), { recursive: true });
    prepareHome({ home: join(directory, "home") });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    symlinkSync(join(repositoryDirectory, "node_modules"), join(directory, "node_modules"));
    await comparison.#pulumi(["stack", "init", "dev"]);
    await comparison.#pulumi(["config", "set", "aws:region", "eu-central-1", "--stack", "dev"]);
    return comparison;
  }

  /** Forgets what ts-node has compiled and checked, as a change of the program does. */
  forget(): void {
    const { TMPDIR } = this.#environment;
    if (TMPDIR === undefined) throw new Error("no folder for what ts-node keeps");
    rmSync(TMPDIR, { recursive: true, force: true });
    mkdirSync(TMPDIR);
  }

  /** Starts a sandbox with a new cloud and previews the program on it. */
  async preview(): Promise<void> {
    const cloud = join(this.directory, "cloud");
    rmSync(cloud, { recursive: true, force: true });
    const sandbox = await startSandbox({ directory: cloud, env: this.#environment });
    try {
      await this.#pulumi(["preview", "--stack", "dev"], sandbox.environment);
    } finally {
      await sandbox.stop();
    }
  }

  async #pulumi(words: readonly string[], attached: NodeJS.ProcessEnv = {}): Promise<void> {
    await run({
      words: ["pulumi", ...words, "--non-interactive"],
      directory: this.directory,
      environment: { ...this.#environment, ...attached },
    });
  }
}
