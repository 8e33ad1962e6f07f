import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { isSame } from "./diff";
import { isRecord, pathKeys, type Plain, valueAt } from "./properties";
import type { Path } from "./wire";

/** An object of the cloud, whole. */
export interface CloudRecord {
  /** Account and region, cluster, owner, … (see `Context.scope`). */
  readonly scope: string;
  readonly type: string;
  readonly id: string;
  /** Name it holds where no second object may, or null. */
  readonly identity: string | null;
  /** URN under which it was created; empty for what nobody declared. */
  readonly urn: string;
  /** Decides every computed value of the object. */
  readonly seed: string;
  readonly createdAt: string;
  /** What was last declared, as changed since behind the program's back. */
  readonly inputs: Plain;
  /** What others set beside the inputs: replicas by an autoscaler, labels by a controller. */
  readonly extras: Plain;
  /** What a read answers: inputs, computed outputs and extras. */
  readonly state: Plain;
  /** Places that are secret in inputs and state. */
  readonly secrets: readonly Path[];
}

/** One change that was made to the cloud. */
export interface HistoryEntry {
  readonly at: string;
  readonly operation: "create" | "update" | "delete" | "drift";
  readonly type: string;
  readonly urn: string;
  readonly id: string;
}

const SCHEMA = `
create table if not exists objects (
  scope text not null, type text not null, id text not null, identity text unique,
  urn text not null, seed text not null, created_at text not null,
  inputs text not null, extras text not null, state text not null, secrets text not null,
  primary key (scope, type, id)
) without rowid;
create index if not exists objects_by_type on objects (type);
create table if not exists scopes (scope text primary key) without rowid;
create table if not exists generations (urn text primary key, count integer not null) without rowid;
create table if not exists history (
  n integer primary key, at text not null, operation text not null,
  type text not null, urn text not null, id text not null
);
create table if not exists faults (
  n integer primary key, spec text not null, seen integer not null default 0
);
`;

/** Counts the changes of the schema; each one only adds. */
const VERSION = 2;

/** Name of the cloud's file in its directory. */
export const CLOUD_FILE = "cloud.db";

/**
 * The cloud on disk. Several processes may have it open; each change is one transaction, and what
 * a transaction wrote survives a kill of the process at any later moment (write-ahead log).
 */
export class Cloud {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Opens the cloud in a directory, making both where they are not there yet. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(join(directory, CLOUD_FILE), { timeout: 20_000 });
    this.#database.exec("pragma journal_mode = wal; pragma synchronous = normal;");
    if (this.one("pragma user_version")?.["user_version"] !== VERSION) {
      this.transaction(() => {
        this.#database.exec(`${SCHEMA} pragma user_version = ${VERSION};`);
      });
    }
  }

  /** Runs the body with the cloud to itself; what it throws undoes all of it. */
  transaction<T>(body: () => T): T {
    this.#database.exec("begin immediate");
    try {
      const result = body();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    }
  }

  get(scope: string, type: string, id: string): CloudRecord | undefined {
    return toRecord(
      this.one("select * from objects where scope = ? and type = ? and id = ?", scope, type, id),
    );
  }

  /** The object that holds a name. */
  holder(identity: string): CloudRecord | undefined {
    return toRecord(this.one("select * from objects where identity = ?", identity));
  }

  /** All objects, or those of one type whose state has the values at the paths (`id`, `scope`: its own). */
  list(type?: string, where: Plain = {}): readonly CloudRecord[] {
    const conditions = type === undefined ? [] : ["type = ?"];
    const parameters = type === undefined ? [] : [type];
    for (const [path, value] of Object.entries(where)) {
      if (typeof value !== "string") continue;
      if (path === "id" || path === "scope") conditions.push(`${path} = ?`);
      else {
        conditions.push("json_extract(state, ?) = ?");
        parameters.push(jsonPath(path));
      }
      parameters.push(value);
    }
    const filter = conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
    const rows = this.all(`select * from objects${filter} order by scope, type, id`, ...parameters);
    const rest = Object.entries(where).filter(([, value]) => typeof value !== "string");
    return rows
      .map((row) => toRecord(row))
      .filter((record) => record !== undefined)
      .filter(({ state }) =>
        rest.every(([path, value]) => isSame(valueAt(state, pathKeys(path)), value)),
      );
  }

  /** Writes an object, new or changed. */
  put(record: CloudRecord): void {
    this.run(
      `insert into objects
        (scope, type, id, identity, urn, seed, created_at, inputs, extras, state, secrets)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (scope, type, id) do update set identity = excluded.identity,
          urn = excluded.urn, inputs = excluded.inputs, extras = excluded.extras,
          state = excluded.state, secrets = excluded.secrets`,
      ...[record.scope, record.type, record.id, record.identity, record.urn, record.seed],
      record.createdAt,
      ...[record.inputs, record.extras, record.state, record.secrets].map((part) =>
        JSON.stringify(part),
      ),
    );
  }

  remove({ scope, type, id }: Pick<CloudRecord, "scope" | "type" | "id">): void {
    this.run("delete from objects where scope = ? and type = ? and id = ?", scope, type, id);
  }

  /** How many objects were made under a URN so far, this one included. */
  nextGeneration(urn: string): number {
    const row = this.one(
      `insert into generations values (?, 1)
        on conflict (urn) do update set count = count + 1 returning count`,
      urn,
    );
    return Number(row?.["count"]);
  }

  /** Notes a scope; true the first time. */
  enter(scope: string): boolean {
    return this.run("insert or ignore into scopes values (?)", scope) > 0;
  }

  note(
    operation: HistoryEntry["operation"],
    { type, urn, id }: Pick<CloudRecord, "type" | "urn" | "id">,
  ): void {
    this.run(
      "insert into history (at, operation, type, urn, id) values (?, ?, ?, ?, ?)",
      ...[new Date().toISOString(), operation, type, urn, id],
    );
  }

  /** Every change so far, oldest first. */
  history(): readonly HistoryEntry[] {
    return this.all("select at, operation, type, urn, id from history order by n").map((row) => ({
      at: String(row["at"]),
      operation: row["operation"] as HistoryEntry["operation"], // only `note` writes this column
      type: String(row["type"]),
      urn: String(row["urn"]),
      id: String(row["id"]),
    }));
  }

  one(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#statement(sql).get(...parameters);
  }

  all(sql: string, ...parameters: Parameter[]): readonly Row[] {
    return this.#statement(sql).all(...parameters);
  }

  /** Runs a statement and tells how many rows it changed. */
  run(sql: string, ...parameters: Parameter[]): number {
    return Number(this.#statement(sql).run(...parameters).changes);
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

type Parameter = string | number | null;
type Row = Readonly<Record<string, SQLOutputValue>>;

function toRecord(row: Row | undefined): CloudRecord | undefined {
  if (row === undefined) return undefined;
  const plain = (column: string): Plain => {
    const value: unknown = JSON.parse(String(row[column]));
    return isRecord(value) ? value : {};
  };
  return {
    scope: String(row["scope"]),
    type: String(row["type"]),
    id: String(row["id"]),
    identity: row["identity"] === null ? null : String(row["identity"]),
    urn: String(row["urn"]),
    seed: String(row["seed"]),
    createdAt: String(row["created_at"]),
    inputs: plain("inputs"),
    extras: plain("extras"),
    state: plain("state"),
    secrets: JSON.parse(String(row["secrets"])) as readonly Path[], // only `put` writes this column
  };
}

function jsonPath(path: string): string {
  const steps = pathKeys(path).map((key) => (typeof key === "number" ? `[${key}]` : `."${key}"`));
  return `$${steps.join("")}`;
}
