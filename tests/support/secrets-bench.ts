import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { delimiter, join } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { parseDocument } from "yaml";
import { placeholder, seedStage } from "../../components/secrets/entry";
import { nodeBinary, repositoryDirectory, toolEnvironment } from "../../toolchain/engine.mjs";
import { CommandBench, type Ended } from "./command";
import { Moto } from "./moto";
import { clientOf } from "./rotation";

/** A call of Secrets Manager. */
interface Call {
  /** Its action, such as `PutSecretValue`. */
  readonly action: string;
  readonly body: string;
}

/** Account that moto has. */
const account = "123456789012";

/** A project whose entries are in moto, and everything that a value could leak into. */
export class SecretsBench {
  readonly bench = new CommandBench();
  /** What was asked of Secrets Manager. */
  readonly calls: Call[] = [];
  /** Arguments and variables of every process that ran meanwhile, the command's own apart. */
  readonly processes = new Set<string>();
  readonly #moto: Moto;
  readonly #gate: Server;
  readonly #client: SecretsManagerClient;

  private constructor(moto: Moto, gate: Server) {
    this.#moto = moto;
    this.#gate = gate;
    this.#client = new SecretsManagerClient(clientOf(moto.endpoint));
  }

  /** Starts moto, with the account of the stack `staging`. */
  static async start(): Promise<SecretsBench> {
    const gate = createServer().listen(0, "127.0.0.1");
    const [moto] = await Promise.all([Moto.start(), once(gate, "listening")]);
    const started = new SecretsBench(moto, gate);
    started.record();
    started.useAccount(account);
    return started;
  }

  async stop(): Promise<void> {
    this.#gate.close();
    this.#gate.closeAllConnections();
    await this.#moto.stop();
    this.bench.remove();
  }

  /** Says which account the stack is in. */
  useAccount(accountId: string): void {
    const document = parseDocument(this.bench.read("Pulumi.staging.yaml"));
    document.setIn(["config", "plinth:aws", "accountId"], accountId);
    this.bench.write("Pulumi.staging.yaml", document.toString());
  }

  /** Puts a `kubectl` in reach that tells when a service's values were brought to the cluster. */
  cluster(times: Readonly<Record<string, string>>): void {
    const items = Object.entries(times).map(([name, refreshTime]) => ({
      metadata: { name },
      status: { refreshTime, conditions: [{ type: "Ready", status: "True" }] },
    }));
    mkdirSync(this.#tools, { recursive: true });
    const script = `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ items })}\nEND\n`;
    writeFileSync(join(this.#tools, "kubectl"), script);
    chmodSync(join(this.#tools, "kubectl"), 0o755);
  }

  /** An entry as an update leaves it: its placeholder is current, and labelled as the seed. */
  async entry(name: string): Promise<void> {
    await this.#client.send(new CreateSecretCommand({ Name: name }));
    await this.put(name, placeholder, [seedStage, "AWSCURRENT"]);
  }

  /** Forgets every entry, call and process. */
  async forget(): Promise<void> {
    await this.#moto.reset();
    this.calls.length = 0;
    this.processes.clear();
  }

  /** Puts a version of an entry. */
  async put(name: string, value: string, stages: readonly string[]): Promise<void> {
    const input = { SecretId: name, SecretString: value, VersionStages: [...stages] };
    await this.#client.send(new PutSecretValueCommand(input));
  }

  /** The current value of an entry. */
  async value(name: string): Promise<string | undefined> {
    const found = await this.#client.send(new GetSecretValueCommand({ SecretId: name }));
    return found.SecretString;
  }

  /** Every label that stands on a version of an entry. */
  async stages(name: string): Promise<string[]> {
    const found = await this.#client.send(new DescribeSecretCommand({ SecretId: name }));
    return Object.values(found.VersionIdsToStages ?? {})
      .flat()
      .sort();
  }

  /** Runs `plinth secrets` with a standard input. */
  async run(words: readonly string[], input = ""): Promise<Ended> {
    const child = spawn(nodeBinary(), [this.#launcher, "secrets", ...words], this.#options());
    child.stdin.end(input);
    return this.#watched(child);
  }

  /** Runs `plinth secrets` on a terminal, and types once it asks. */
  async type(words: readonly string[], typed: string): Promise<Ended> {
    const line = [nodeBinary(), this.#launcher, "secrets", ...words].join(" ");
    const child = spawn("script", ["-qec", line, "/dev/null"], this.#options());
    let seen = "";
    child.stdout.on("data", (chunk: Buffer) => {
      const before = seen.includes("not shown: ");
      seen += chunk.toString();
      if (!before && seen.includes("not shown: ")) child.stdin.write(typed);
    });
    return this.#watched(child);
  }

  /** Text of every file that is kept for the project. */
  files(): string {
    const { directory } = this.bench;
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))).join("\n");
  }

  get #tools(): string {
    return join(this.bench.directory, "tools");
  }

  get #launcher(): string {
    return join(repositoryDirectory, "bin", "plinth.mjs");
  }

  #options() {
    const address = this.#gate.address();
    if (address === null || typeof address === "string") throw new Error("there is no port");
    const own = toolEnvironment();
    return {
      cwd: this.bench.directory,
      env: {
        ...own,
        ...this.#moto.env,
        PATH: [this.#tools, own["PATH"]].join(delimiter),
        AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
      },
    };
  }

  /** Waits for the end, and looks at all processes of the machine until then. */
  async #watched(child: ChildProcess): Promise<Ended> {
    const output: Record<"out" | "err", Buffer[]> = { out: [], err: [] };
    child.stdout?.on("data", (chunk: Buffer) => output.out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.err.push(chunk));
    const watch = setInterval(() => {
      for (const text of processTexts()) this.processes.add(text);
    }, 25);
    await once(child, "close");
    clearInterval(watch);
    const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
    return { code: child.exitCode, out: text(output.out), err: text(output.err) };
  }

  /** Passes every call on to moto, and keeps it. */
  private record(): void {
    this.#gate.on("request", (incoming, outgoing) => {
      void (async () => {
        const body = await buffer(incoming);
        const target = String(incoming.headers["x-amz-target"]);
        this.calls.push({ action: target.split(".").at(-1) ?? "", body: body.toString() });
        const { host, connection, "content-length": length, ...headers } = incoming.headers;
        const answer = await fetch(this.#moto.endpoint, {
          method: "POST",
          headers: Object.entries(headers).map(([key, value]) => [key, String(value)] as const),
          body,
        });
        outgoing.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
        outgoing.end(Buffer.from(await answer.arrayBuffer()));
      })();
    });
  }
}

/** Arguments and variables of every process that may be looked at. */
function processTexts(): string[] {
  const ids = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
  return ids.flatMap((id) =>
    ["cmdline", "environ"].flatMap((file) => {
      try {
        return [readFileSync(join("/proc", id, file), "utf8")];
      } catch {
        return [];
      }
    }),
  );
}
