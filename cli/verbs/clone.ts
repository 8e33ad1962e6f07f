import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Option, type Command } from "commander";
import { cloneText, mostLines } from "../clone/stack-file";
import { secretsToSet, sharedNames } from "../clone/names";
import { withSession } from "../engine/session";
import { assertStack, openProject, type Project } from "../project";
import { scopeProblems } from "../../settings/names";
import { readGiven, stackFileName } from "../../settings/read";
import { exclusives, type Exclusive } from "../../settings/exclusive";
import { resolveSettings } from "../../settings/resolve";
import { tierNames, type Tier } from "../../settings/tiers";
import { valueAt } from "../../settings/tree";
import { stackSettings, type StackSettings } from "../stack-settings";
import { stateFile, workspaceOf } from "../workspace";
import { exitCode, WrongUse } from "../wrong-use";
import { projectOf, withProject, type ProjectOption } from "./options";

interface CloneOptions extends ProjectOption {
  readonly tier?: Tier;
  readonly json?: boolean;
}

/** Adds `clone`: a stack of its own that is like another one. */
export function addClone(program: Command): void {
  const summary = "make a stack that is like another one, and preview it";
  const command = program
    .command("clone")
    .summary(summary)
    .description(
      "Writes a stack file that says only what differs from another stack, makes the stack on the sandbox\n" +
        "and previews it there. Values of secrets are not copied: what is still to be set is listed.",
    )
    .argument("<from>", "stack that is cloned, such as staging")
    .argument("<to>", "stack that comes out, such as qa")
    .addOption(
      new Option("--tier <tier>", "tier of the clone, where it differs").choices(tierNames),
    )
    .option("--json", "print JSON instead of the preview");
  withProject(command).action(clone);
}

async function clone(from: string, to: string, options: CloneOptions): Promise<void> {
  const before = projectOf(options);
  assertStack(before, from);
  assertName(before, { from, to });
  assertFree(before, to);
  const file = join(before.directory, stackFileName(to));
  writeFileSync(file, textOf(before, { from, to, tier: options.tier }), { flag: "wx" });
  const project = openProject(before.directory);
  try {
    assertSeparate(project, to);
  } catch (error) {
    rmSync(file);
    throw error;
  }
  const passed = await preview(project, to, options.json === true);
  const made = { file: stackFileName(to), ...stillToDo(stackSettings(project, to)), passed };
  process.stdout.write(
    options.json === true ? `${JSON.stringify(made, null, 2)}\n` : report(made, from),
  );
  process.exitCode = passed ? exitCode.good : exitCode.finding;
}

/** Refuses what can't be the name of a stack. */
function assertName({ directory }: Project, { from, to }: { from: string; to: string }): void {
  const given = { ...readGiven(directory, from), environment: to };
  const wrong = scopeProblems(given).find(({ file }) => file !== given.project.file);
  if (wrong === undefined) return;
  throw new WrongUse(`the name of the new stack ${wrong.given}; ${wrong.allowed ?? ""}`);
}

/** Refuses a name that a stack has, with a file, or with something in the cloud. */
function assertFree(project: Project, stack: string): void {
  const kept = stateFile(workspaceOf(project), project, stack);
  if (project.stacks.includes(stack)) {
    throw new WrongUse(`there is a stack ${stack} already: ${stackFileName(stack)}`);
  }
  if (existsSync(kept) && holdsResources(readFileSync(kept, "utf8"))) {
    const back = `bring ${stackFileName(stack)} back, or \`plinth sandbox reset\``;
    throw new WrongUse(`there is a stack ${stack} on the sandbox already, without a file: ${back}`);
  }
}

function holdsResources(state: string): boolean {
  const resources = valueAt(JSON.parse(state), ["checkpoint", "latest", "resources"]);
  return Array.isArray(resources) && resources.length > 0;
}

function textOf(
  project: Project,
  { from, to, tier }: { from: string; to: string; tier?: Tier | undefined },
): string {
  const given = readGiven(project.directory, from);
  if (given.stack.entries.some(({ key }) => key === "like")) {
    throw new WrongUse(`${from} is itself like another stack: clone that one`);
  }
  const { settings } = stackSettings(project, from);
  const [first = ""] = readFileSync(join(project.directory, stackFileName(from)), "utf8").split(
    "\n",
  );
  const schemaLine = first.startsWith("# yaml-language-server:") ? first : undefined;
  const text = cloneText({ project: project.name, from, to, settings, tier, schemaLine });
  const lines = text.trimEnd().split("\n").length;
  if (lines <= mostLines) return text;
  throw new WrongUse(
    `a clone of ${from} would differ in ${lines} lines, which is not a clone (${mostLines})`,
  );
}

/** Refuses a stack that would hold a name of another one. */
function assertSeparate(project: Project, stack: string): void {
  const others = project.stacks
    .filter((other) => other !== stack)
    .flatMap((other) => {
      const resolution = resolveSettings(readGiven(project.directory, other));
      const { settings } = resolution.ok ? resolution : {};
      return settings === undefined ? [] : [{ project: project.name, stack: other, settings }];
    });
  const shared = sharedNames(stackSettings(project, stack), others);
  if (shared.length === 0) return;
  const lines = shared.map(({ what, name, other }) => `  ${what} ${name}, of ${other}`);
  throw new WrongUse(`${stack} would share names with other stacks:\n${lines.join("\n")}`);
}

async function preview(project: Project, stack: string, silent: boolean): Promise<boolean> {
  const flags = ["--non-interactive"];
  return withSession({ project, stack, judged: true }, async (session) => {
    const code = silent
      ? (await session.capture("preview", flags)).code
      : await session.run("preview", flags);
    return code === 0;
  });
}

function stillToDo(stack: StackSettings) {
  const { aws, cluster, alerting, limiter } = stack.settings;
  const own = exclusives(stack.settings);
  const named = (kind: Exclusive["what"]) =>
    own.filter(({ what }) => what === kind).map(({ id }) => id);
  const targets = [...new Set(Object.values(alerting.routes).flat())];
  return {
    databases: named("database"),
    hosts: named("host"),
    channels: named("Slack channel"),
    secrets: secretsToSet(stack),
    shared: [
      `account ${aws.accountId}`,
      `cluster ${cluster.name}`,
      ...(limiter === undefined ? [] : [`limiter's store ${limiter.store.host}`]),
      ...targets.filter((target) => !target.startsWith("slack:")),
    ],
  };
}

interface Made extends ReturnType<typeof stillToDo> {
  readonly file: string;
  readonly passed: boolean;
}

function report({ file, passed, ...todo }: Made, from: string): string {
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`${title}:`, ...items.map((item) => `  ${item}`)];
  const lines = [
    passed
      ? `${file} is written and previews well.`
      : `${file} is written, but its preview failed.`,
    ...list("Databases to create", todo.databases),
    ...list("Hosts to point at the gateway", todo.hosts),
    ...list("Channels to create in Slack", todo.channels),
    ...list("Secrets to set in Secrets Manager", todo.secrets),
    ...list(`Shared with ${from} on purpose`, todo.shared),
  ];
  return `\n${lines.join("\n")}\n`;
}
