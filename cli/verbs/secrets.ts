import type { Command } from "commander";
import { namesOf } from "../../components/names";
import { Cluster } from "../cluster";
import { catalogueOf, entryNamed } from "../secrets/catalogue";
import { syncTimes } from "../secrets/cluster";
import { statusOf, statusText } from "../secrets/status";
import { SecretStore, type EntryFacts } from "../secrets/store";
import { generatedValue, readValue, refusal } from "../secrets/value";
import { stackSettings } from "../stack-settings";
import { exitCode, WrongUse } from "../wrong-use";
import { projectOf, withProject, type ProjectOption } from "./options";

/** Adds `secrets`: what stands in a stack's entries of Secrets Manager, and how a value gets there. */
export function addSecrets(program: Command): void {
  const secrets = program
    .command("secrets")
    .summary("tell which secrets of a stack are set, and set one")
    .description(
      "Tells which secrets of a stack are set, and sets one: in AWS, signed in as AWS's command line is.\n" +
        "No value is ever read.",
    );
  const status = secrets
    .command("status")
    .summary("tell which secrets are set, how old they are and what is to be done")
    .description(
      "Tells which secrets of a stack are set, how old they are, when they are exchanged next, and whether the\n" +
        "cluster has them (asks kubectl). Exits with 1 where something is to be done.",
    )
    .argument("<stack>", "stack, such as staging")
    .argument("[name]", "one secret, such as api/stripe-api-key")
    .option("--json", "print JSON");
  withProject(status).action(printStatus);
  const set = secrets
    .command("set")
    .summary("set the value of a secret")
    .description(
      "Sets the value of a secret: from standard input up to its end, or asked for on a terminal and not shown.\n" +
        "A value on the command line is refused: others could read it there.",
    )
    .argument("<stack>", "stack, such as staging")
    .argument("<name>", "secret, such as api/stripe-api-key")
    .option("--generate", "make a random value that nobody sees")
    .allowExcessArguments();
  withProject(set).action(setValue);
}

interface StatusOptions extends ProjectOption {
  readonly json?: boolean;
}

async function printStatus(
  stack: string,
  name: string | undefined,
  options: StatusOptions,
): Promise<void> {
  const opened = stackSettings(projectOf(options), stack);
  const all = catalogueOf(opened);
  const wanted = name === undefined ? all : [entryNamed(all, name)];
  const { aws, cluster } = opened.settings;
  const store = await SecretStore.open(aws);
  const { namespace } = namesOf({ project: opened.project, env: stack });
  const synced = syncTimes(new Cluster(namespace, cluster.context));
  const seen = { now: new Date(), synced };
  const entries = await Promise.all(
    wanted.map(async (entry) => statusOf(entry, await store.facts(entry), seen)),
  );
  const json = options.json === true;
  process.stdout.write(
    json ? `${JSON.stringify({ stack, entries }, null, 2)}\n` : statusText(entries),
  );
  const isGood = entries.every(({ findings }) => findings.length === 0);
  process.exitCode = isGood ? exitCode.good : exitCode.finding;
}

interface SetOptions extends ProjectOption {
  readonly generate?: boolean;
}

async function setValue(
  stack: string,
  name: string,
  ...[options, command]: [SetOptions, Command]
): Promise<void> {
  if (command.args.length > 2) {
    throw new WrongUse(
      "a value on the command line can be read by others: give it on standard input",
    );
  }
  const opened = stackSettings(projectOf(options), stack);
  const entry = entryNamed(catalogueOf(opened), name);
  if ("issuer" in entry.rotation) {
    throw new WrongUse(`${entry.name} is issued by ${entry.rotation.issuer}: an update sets it`);
  }
  const store = await SecretStore.open(opened.settings.aws);
  const facts = await store.facts(entry);
  assertSettable(entry.name, facts);
  const value = options.generate === true ? generatedValue(entry) : await readValue(entry.name);
  const reason = refusal(value, entry);
  if (reason !== undefined) throw new WrongUse(`the value ${reason}: nothing is set`);
  await store.put(entry, value);
  const before =
    facts.state === "set" ? "the last value stays as AWSPREVIOUS" : "for the first time";
  process.stdout.write(`${entry.name} is set (${before}).\n`);
}

/** Refuses what would not do what it says. */
function assertSettable(name: string, { state, rotates }: EntryFacts): void {
  if (state === "never") throw new Error(`there is no entry ${name} yet: an update makes it`);
  if (state === "deleted") {
    throw new Error(`${name} is deleted: aws secretsmanager restore-secret --secret-id ${name}`);
  }
  if (rotates === true) {
    const command = `aws secretsmanager rotate-secret --secret-id ${name}`;
    throw new WrongUse(`${name} is exchanged by its function, which others rely on: ${command}`);
  }
}
