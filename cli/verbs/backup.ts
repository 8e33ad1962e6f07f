import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { namesOf } from "../../components/names";
import type { Settings } from "../../settings/stack";
import { jobOf, type Changes } from "../backup/job";
import { outcomeOf, stateOf } from "../backup/run";
import { Cluster } from "../cluster";
import { stackSettings } from "../stack-settings";
import { exitCode, WrongUse } from "../wrong-use";
import { projectOf, withProject, type ProjectOption } from "./options";

interface ListOptions extends ProjectOption {
  readonly json?: boolean;
}

interface RestoreOptions extends ProjectOption {
  readonly before?: string;
  readonly safetyCopy: boolean;
  readonly confirm?: string;
}

/** Adds `backup` and its verbs: they start Jobs in the cluster, of the CronJobs that the stack declares. */
export function addBackup(program: Command): void {
  const backup = program
    .command("backup")
    .summary("list, take, verify and restore backups of a database")
    .description(
      "Lists, takes, verifies and restores backups of a database, by Jobs in the stack's own cluster. Asks\n" +
        "kubectl for them, with the kubeconfig and the permissions of whoever runs it.",
    );
  verb(backup, "list", "list the backups, and which of them are good")
    .option("--json", "print JSON")
    .action(list);
  verb(backup, "now", "take a backup now").action(now);
  verb(
    backup,
    "verify",
    "restore the newest backup into a server of its own, and compare it",
  ).action(verify);
  verb(backup, "restore", "bring the database back from a good backup")
    .option(
      "--before <time>",
      "newest good backup from then or before, such as 2026-01-31T23:59:00Z",
    )
    .option("--no-safety-copy", "do not dump what is there: for what can't be read any more")
    .option("--confirm <what>", "STACK/DATABASE, instead of typing it where data is protected")
    .action(restore);
}

function verb(backup: Command, name: string, summary: string): Command {
  const command = backup
    .command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase() ?? ""}${summary.slice(1)}.`)
    .argument("<stack>", "stack, such as staging")
    .argument("<database>", "name of the database");
  return withProject(command);
}

async function list(stack: string, database: string, options: ListOptions): Promise<void> {
  const target = targetOf(stack, database, options);
  const { good, said } = await run(target, "verify", { script: "list.sh" });
  if (options.json === true) process.stdout.write(`${JSON.stringify(backupsIn(said), null, 2)}\n`);
  process.exitCode = good ? exitCode.good : exitCode.finding;
}

/** The backups that list.sh has printed. */
function backupsIn(said: string) {
  return said
    .split("\n")
    .map((line) => line.split("\t"))
    .flatMap(([name = "", size = "", state = ""]) =>
      state === ""
        ? []
        : [{ name, bytes: Number.parseInt(size, 10), good: state.startsWith("good") }],
    );
}

async function now(stack: string, database: string, options: ProjectOption): Promise<void> {
  const { good } = await run(targetOf(stack, database, options), "backup", {});
  process.exitCode = good ? exitCode.good : exitCode.finding;
}

async function verify(stack: string, database: string, options: ProjectOption): Promise<void> {
  const environment = { WAIT_SECONDS: "0" };
  const { good } = await run(targetOf(stack, database, options), "verify", { environment });
  process.exitCode = good ? exitCode.good : exitCode.finding;
}

async function restore(stack: string, database: string, options: RestoreOptions): Promise<void> {
  const target = targetOf(stack, database, options);
  await assertConfirmed(target, `${stack}/${database}`, options.confirm);
  const environment = {
    RESTORE_BEFORE: options.before ?? "",
    WITHOUT_SAFETY_COPY: options.safetyCopy ? "no" : "yes",
  };
  const { cluster, service } = target;
  const name = `${service}-restore`;
  // One name: two restores of one database cannot run beside each other.
  const before = cluster.job(name);
  if (before !== undefined && stateOf(before) === "running") {
    process.stderr.write(`a restore is running already: following it\n`);
  } else {
    if (before !== undefined) cluster.remove(name);
    cluster.create(jobOf(cluster.cronJob(name), { name, environment }));
  }
  const { good } = await outcomeOf(cluster, name);
  process.exitCode = good ? exitCode.good : exitCode.finding;
}

/** Refuses to replace what is protected unless somebody has typed what it is. */
async function assertConfirmed(
  { settings }: Target,
  what: string,
  given: string | undefined,
): Promise<void> {
  if (!settings.data.protect) return;
  const typed = given ?? (process.stdin.isTTY ? await ask(what) : "");
  if (typed.trim() === what) return;
  throw new WrongUse(
    `the data of this stack is protected: confirm by typing "${what}", or say --confirm ${what}`,
  );
}

async function ask(what: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`This replaces the database. Type ${what} to go on: `);
  } finally {
    terminal.close();
  }
}

interface Target {
  readonly cluster: Cluster;
  readonly service: string;
  readonly settings: Settings;
}

function targetOf(stack: string, database: string, options: ProjectOption): Target {
  const { project, settings } = stackSettings(projectOf(options), stack);
  const { namespace } = namesOf({ project, env: stack });
  return {
    cluster: new Cluster(namespace, settings.cluster.context),
    service: serviceOf(settings, database),
    settings,
  };
}

/** The service whose database has that name. */
function serviceOf({ services }: Settings, database: string): string {
  const databases = Object.entries(services).flatMap(([name, service]) =>
    service.kind === "browser" || service.database === undefined
      ? []
      : [{ name, database: service.database.name }],
  );
  const found = databases.find((one) => one.database === database);
  if (found !== undefined) return found.name;
  const known = databases.map((one) => one.database).join(", ");
  throw new WrongUse(`no database "${database}"; there is ${known === "" ? "none" : known}`);
}

/** Makes a Job of a service's CronJob and follows it to its end. */
async function run(
  { cluster, service }: Target,
  kind: "backup" | "verify",
  changes: Omit<Changes, "name">,
) {
  const cronJob = `${service}-${kind}`;
  const name = `${cronJob}-${Date.now().toString(36)}`;
  cluster.create(jobOf(cluster.cronJob(cronJob), { ...changes, name }));
  return outcomeOf(cluster, name);
}
