import { createHash } from "node:crypto";
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { awsTools } from "../../toolchain/aws.mjs";
import { Moto } from "./moto";
import { Postgres, unprivileged } from "./postgres";
import { S3Gate } from "./s3-gate";

/** Database whose backups are tested. */
export const database = "app";
/** The vault, which locks what comes in. */
export const bucket = "vault";
/** A bucket that locks nothing. */
export const openBucket = "open";
const ownPrefix = "postgresql/api/app/";
const scripts = join(__dirname, "../../components/backups/scripts");

/** moto asks who calls, and does not check the signature. */
const signed = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=testing/20260101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=none",
};

/** How a script ended. */
export interface Run {
  /** Exit code, or nothing where a signal ended it. */
  readonly code: number | null;
  /** Everything that it printed. */
  readonly output: string;
  /** Its last line. */
  readonly last: string;
}

/** How a script is run. */
export interface Options {
  /** Variables besides what a pod has. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sees what is printed as it comes, with a way to end the script. */
  readonly onOutput?: (output: string, end: (signal: NodeJS.Signals) => void) => void;
  /** Gets the way to end the script once it runs. */
  readonly onStart?: (end: (signal: NodeJS.Signals) => void) => void;
}

/** Ends a script: told, it may tidy up; killed, all of its processes end with it. */
function end({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  process.kill(signal === "SIGKILL" ? -pid : pid, signal);
}

/** A vault on moto, a real PostgreSQL with a database, and a gate between the scripts and the vault. */
export class Backups {
  readonly moto: Moto;
  readonly gate: S3Gate;
  readonly postgres: Postgres;

  private constructor(moto: Moto, gate: S3Gate, postgres: Postgres) {
    this.moto = moto;
    this.gate = gate;
    this.postgres = postgres;
  }

  /** Starts everything, the database with that many rows in its largest table, on a disk if one is given. */
  static async start(rows: number, disk?: string): Promise<Backups> {
    const [moto, postgres] = await Promise.all([Moto.start(), Postgres.start(disk)]);
    const backups = new Backups(moto, await S3Gate.start(moto.endpoint), postgres);
    backups.makeVault();
    postgres.sql(`CREATE DATABASE ${database}`);
    const content = readFileSync(join(__dirname, "awkward-database.sql"), "utf8");
    postgres.sql(`\\set rows ${rows}\n${content}`, database);
    return backups;
  }

  /** Where the scripts find their tools. */
  get path(): string {
    return [awsTools(), this.postgres.env()["PATH"]].join(delimiter);
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    await this.gate.stop();
    await Promise.all([this.moto.stop(), this.postgres.stop()]);
  }

  /** Runs a script as its job does. */
  async run(script: string, { env = {}, onOutput, onStart }: Options = {}): Promise<Run> {
    const directory = mkdtempSync(join(tmpdir(), "plinth-backups-"));
    chmodSync(directory, 0o777);
    const [command = "", ...args] = unprivileged(["bash", join(scripts, script)]);
    const child = spawn(command, args, {
      env: { ...this.env(directory), ...env },
      // A group of its own: what ends a pod ends every process in it.
      detached: true,
    });
    const endIt = (signal: NodeJS.Signals) => {
      end(child, signal);
    };
    onStart?.(endIt);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        onOutput?.(output, endIt);
      });
    }
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    rmSync(directory, { recursive: true, force: true });
    return { code, output, last: output.trimEnd().split("\n").at(-1) ?? "" };
  }

  /** A session that sleeps in a database; gives what it says when it ends. */
  async sleeping(of: string): Promise<string> {
    const child = spawn("psql", ["--command=SELECT pg_sleep(600)"], {
      env: { ...process.env, ...this.postgres.env(of) },
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    await new Promise((resolve) => child.on("close", resolve));
    return said;
  }

  /** Takes a backup and gives its name; a failure is thrown. */
  async dump(env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, output } = await this.run("dump.sh", { env });
    const [, name] = /(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)$/m.exec(output) ?? [];
    if (code !== 0 || name === undefined) throw new Error(output);
    this.lock(`${name}/dump`, Date.now() + 7 * 86_400_000);
    return name;
  }

  /** Locks an object until some time: moto, unlike S3, does not lock by default what comes in parts. */
  lock(key: string, until: number): void {
    const time = new Date(until).toISOString();
    const retention = ["--retention", `Mode=GOVERNANCE,RetainUntilDate=${time}`];
    const bypass = "--bypass-governance-retention";
    const at = ["--bucket", bucket, "--key", `${ownPrefix}${key}`, bypass];
    this.moto.aws("s3api", "put-object-retention", ...at, ...retention);
  }

  /** Keys under a prefix of the vault, without it, in order. */
  async keys(prefix = ownPrefix): Promise<string[]> {
    const url = `${this.moto.endpoint}/${bucket}?list-type=2&prefix=${prefix}`;
    const list = await fetch(url, { headers: signed });
    const keys = [...(await list.text()).matchAll(/<Key>([^<]+)<\/Key>/g)];
    return keys.map(([, key = ""]) => key.slice(prefix.length)).sort();
  }

  /** What an object holds. */
  async read(key: string, prefix = ownPrefix): Promise<Buffer> {
    const answer = await fetch(`${this.moto.endpoint}/${bucket}/${prefix}${key}`, {
      headers: signed,
    });
    if (!answer.ok) throw new Error(`${key}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Puts an object past every rule; the path names the bucket, too. */
  async put(
    path: string,
    body: Buffer | string,
    headers: Record<string, string> = {},
  ): Promise<void> {
    const sent = typeof body === "string" ? body : new Uint8Array(body);
    const digest = createHash("md5").update(sent).digest("base64");
    const answer = await fetch(`${this.moto.endpoint}/${path}`, {
      method: "PUT",
      body: sent,
      headers: { ...signed, "content-md5": digest, ...headers },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  /** Empties the vault. */
  async empty(): Promise<void> {
    await this.moto.reset();
    this.makeVault();
  }

  private makeVault(): void {
    const at = ["--bucket", bucket];
    const place = ["--create-bucket-configuration", "LocationConstraint=eu-central-1"];
    const lock = "ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=GOVERNANCE,Days=7}}";
    this.moto.aws("s3api", "create-bucket", ...at, "--object-lock-enabled-for-bucket", ...place);
    this.moto.aws("s3api", "create-bucket", "--bucket", openBucket, ...place);
    const locked = ["--object-lock-configuration", lock];
    this.moto.aws("s3api", "put-object-lock-configuration", ...at, ...locked);
  }

  private env(directory: string): Record<string, string> {
    const { PGDATABASE, ...server } = this.postgres.env(database);
    return {
      ...this.moto.env,
      ...server,
      PATH: this.path,
      PGDATABASE: PGDATABASE ?? "",
      HOME: directory,
      TMPDIR: directory,
      AWS_ENDPOINT_URL: this.gate.endpoint,
      AWS_MAX_ATTEMPTS: "1",
      BACKUP_BUCKET: bucket,
      BACKUP_PREFIX: ownPrefix,
      BACKUP_DATABASE: database,
      POSTGRES_VERSION: `${this.postgres.version}`,
    };
  }
}
