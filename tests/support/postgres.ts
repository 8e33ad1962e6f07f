import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { postgres } from "../../toolchain/postgres.mjs";
import { freePorts, ServerProcess, until } from "./server-process";

/** Nobody: PostgreSQL refuses to run as root, which some machines give to everything. */
const nobody = 65_534;

/**
 * A command as it runs without being root: as nobody, who may still reach files in root's home.
 */
export function unprivileged(command: readonly string[]): readonly string[] {
  if (process.getuid?.() !== 0) return command;
  const ids = [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  const reach = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  return ["setpriv", ...ids, ...reach, "--", ...command];
}

/** Name and password of the login that owns everything in a test's server. */
export const owner = { user: "owner", password: "correct-horse-battery-staple" } as const;

/** A real PostgreSQL of its own, on a free port of 127.0.0.1, with TLS off. One per test file. */
export class Postgres {
  /** Port that it listens on. */
  readonly port: number;
  /** Major version. */
  readonly version: number;
  readonly #programs: string;
  readonly #directory: string;
  readonly #data: string;
  #server: ServerProcess | undefined;

  private constructor(port: number, disk?: string) {
    const { programs, version } = postgres();
    this.port = port;
    this.version = version;
    this.#programs = programs;
    this.#directory = mkdtempSync(join(tmpdir(), "plinth-postgres-"));
    if (process.getuid?.() === 0) chownSync(this.#directory, nobody, nobody);
    this.#data = join(disk ?? this.#directory, "data");
  }

  /** Starts a new one; its data lie on a disk of their own, if one is given, its journal never does. */
  static async start(disk?: string): Promise<Postgres> {
    const [port = 0] = await freePorts(1);
    const server = new Postgres(port, disk);
    server.initialize();
    await server.resume();
    return server;
  }

  /** Variables with which libpq reaches a database of it; `PATH` has its tools. */
  env(database = "postgres"): Readonly<Record<string, string>> {
    return {
      PATH: [this.#programs, process.env["PATH"]].join(delimiter),
      PGHOST: "127.0.0.1",
      PGPORT: `${this.port}`,
      PGDATABASE: database,
      PGUSER: owner.user,
      PGPASSWORD: owner.password,
      PGSSLMODE: "prefer",
    };
  }

  /** Runs statements in a database and gives their rows, fields apart by `|`; an error is thrown. */
  sql(statements: string, database = "postgres"): string {
    const flags = [
      "--no-psqlrc",
      "--quiet",
      "--no-align",
      "--tuples-only",
      "--set=ON_ERROR_STOP=1",
    ];
    const result = spawnSync("psql", flags, {
      env: { ...process.env, ...this.env(database) },
      encoding: "utf8",
      input: statements,
      maxBuffer: 2 ** 28,
    });
    if (result.status === 0) return result.stdout.trimEnd();
    throw new Error(result.stderr.trim());
  }

  /** Ends it at once, as a crash does; {@link resume} starts it again with what it kept. */
  async crash(): Promise<void> {
    // Killed alone, it would leave processes that keep the next one from starting.
    this.run("pg_ctl", ["-D", this.#data, "-m", "immediate", "stop"]);
    await this.#server?.stop();
    this.#server = undefined;
  }

  /** Starts it with what it kept. */
  async resume(): Promise<void> {
    const options = ["-F", "-p", `${this.port}`, "-h", "127.0.0.1", "-k", ""];
    const command = [this.program("postgres"), "-D", this.#data, ...options];
    const server = new ServerProcess(unprivileged(command), this.path("log"));
    this.#server = server;
    const isReady = ["-q", "-h", "127.0.0.1", "-p", `${this.port}`];
    await until("PostgreSQL", () => {
      server.assertRunning();
      return Promise.resolve(spawnSync(this.program("pg_isready"), isReady).status === 0);
    });
  }

  /** Ends it and removes all that it kept. */
  async stop(): Promise<void> {
    if (this.#server !== undefined) await this.crash();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  private initialize(): void {
    const password = this.path("password");
    writeFileSync(password, owner.password, { mode: 0o644 });
    const login = [`--username=${owner.user}`, `--pwfile=${password}`, "--auth=scram-sha-256"];
    const place = ["-D", this.#data, "--waldir", this.path("journal")];
    const flags = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
    this.run("initdb", [...place, ...flags, ...login]);
  }

  private run(name: string, args: readonly string[]): void {
    const [program = "", ...rest] = unprivileged([this.program(name), ...args]);
    const result = spawnSync(program, rest, { encoding: "utf8" });
    if (result.status !== 0) throw new Error(`${name}: ${result.stderr}`);
  }

  private program(name: string): string {
    return join(this.#programs, name);
  }

  private path(name: string): string {
    return join(this.#directory, name);
  }
}
