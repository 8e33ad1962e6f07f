import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { awsTools } from "../../toolchain/aws.mjs";
import { freePorts, ServerProcess, until } from "./server-process";

/** A stand-in for AWS: moto, which keeps everything in memory. One per test file. */
export class Moto {
  /** URL that it answers on. */
  readonly endpoint: string;
  /** Variables with which AWS's command line and the SDKs speak to it; `PATH` has `aws`. */
  readonly env: Readonly<Record<string, string>>;
  readonly #server: ServerProcess;
  readonly #directory: string;

  private constructor(port: number) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.env = {
      PATH: [awsTools(), process.env["PATH"]].join(delimiter),
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: "eu-central-1",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    this.#directory = mkdtempSync(join(tmpdir(), "plinth-moto-"));
    const command = [join(awsTools(), "moto_server"), "-H", "127.0.0.1", "-p", `${port}`];
    this.#server = new ServerProcess(command, join(this.#directory, "log"));
  }

  /** Starts one that holds nothing. */
  static async start(): Promise<Moto> {
    const [port = 0] = await freePorts(1);
    const moto = new Moto(port);
    await until("moto", async () => {
      moto.#server.assertRunning();
      return await fetch(`${moto.endpoint}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
    return moto;
  }

  /** Runs AWS's command line and gives what it prints; a refusal is an error with its text. */
  aws(...args: readonly string[]): string {
    const result = spawnSync("aws", args, {
      env: { ...process.env, ...this.env },
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    if (result.status === 0) return result.stdout;
    throw new Error(`aws ${args.slice(0, 2).join(" ")}: ${result.stderr.trim()}`);
  }

  /** Forgets everything that it holds; a request of a process that was killed may be in the way. */
  async reset(): Promise<void> {
    await until("moto without anything", async () => {
      return (await fetch(`${this.endpoint}/moto-api/reset`, { method: "POST" })).ok;
    });
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
