import { once } from "node:events";
import { rmSync } from "node:fs";
import { Option, type Command } from "commander";
import { startSandbox, withCloud } from "../../sandbox/client";
import type { FaultSpec } from "../../sandbox/faults";
import { engineVariables, sandboxEnvironment } from "../engine/environment";
import { makeStack } from "../engine/pulumi";
import { forgetSandbox, recordSandbox, runningSandbox } from "../engine/running";
import { writeStackConfig } from "../engine/stack-config";
import { withoutExperimentalWarnings } from "../quiet";
import { assertStack } from "../project";
import { workspaceOf } from "../workspace";
import { WrongUse } from "../wrong-use";
import { projectOf, wholeNumber, withProject, type ProjectOption } from "./options";

/** Adds `sandbox`: the stand-in cloud that everything runs on, and its controls. */
export function addSandbox(program: Command): void {
  const sandbox = program
    .command("sandbox")
    .summary("show and steer the stand-in cloud that every verb runs on")
    .description("Shows and steers the stand-in cloud that every verb runs on.");
  withProject(
    sandbox.command("start").description("Keeps a sandbox running, for the engine itself."),
  ).action(start);
  withProject(
    sandbox
      .command("env")
      .summary("Prints what attaches the engine itself to a running sandbox.")
      .description(
        'Prints what attaches the engine itself to a running sandbox:\n  eval "$(npx plinth sandbox env staging)" && pulumi preview --stack staging',
      )
      .argument("<stack>", "stack, such as staging"),
  ).action(printEnvironment);
  withProject(
    sandbox
      .command("status")
      .description("Prints what the cloud holds, and which faults are set.")
      .option("--json", "print JSON"),
  ).action(status);
  withProject(
    sandbox
      .command("drift")
      .description("Changes an object behind the program's back.")
      .argument("<stack>", "stack that declared the object")
      .argument("<resource>", "logical name, URN or id of the object")
      .option("--set <path=value...>", "property and its new value, as JSON or text; null removes")
      .option("--delete", "delete the object instead"),
  ).action(drift);
  addFault(sandbox);
  withProject(
    sandbox.command("reset").description("Empties the cloud and forgets all stacks of it."),
  ).action(reset);
}

function addFault(sandbox: Command): void {
  const kinds = ["error", "throttle", "timeout", "lost", "partial", "hang", "crash", "delay"];
  const operations = ["check", "diff", "create", "read", "update", "delete", "invoke"];
  const command = sandbox
    .command("fault")
    .description("Makes calls of the cloud fail, until the fault is used up or cleared.")
    .option("--match <type>", 'type token, * for any characters, such as "aws:*"')
    .option("--resource <name>", "logical name or URN, * likewise")
    .addOption(new Option("--operation <operation>", "operation that fails").choices(operations))
    .option("--nth <number>", "first matching call that fails, from 1", wholeNumber)
    .option("--times <number>", "how many calls fail from there on; 0 means all", wholeNumber)
    .addOption(new Option("--kind <kind>", "how it fails").choices(kinds))
    .option("--message <text>", "what the service says")
    .option("--latency-ms <number>", "milliseconds that pass before", wholeNumber)
    .option("--clear", "take all faults back instead");
  withProject(command).action(fault);
}

async function start(options: ProjectOption): Promise<void> {
  const workspace = workspaceOf(projectOf(options));
  const sandbox = await startSandbox({ directory: workspace.cloud });
  recordSandbox(workspace, { pid: process.pid, environment: sandbox.environment });
  process.stdout.write("The sandbox runs until this command is ended.\n");
  const alive = setInterval(() => undefined, 2 ** 30);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  clearInterval(alive);
  forgetSandbox(workspace);
  await sandbox.stop();
}

function printEnvironment(stack: string, options: ProjectOption): void {
  const project = projectOf(options);
  const workspace = workspaceOf(project);
  const running = runningSandbox(workspace);
  if (running === undefined) throw new WrongUse("no sandbox runs: `plinth sandbox start` runs one");
  const environment = sandboxEnvironment(workspace, running.environment);
  makeStack(project, stack);
  const variables = {
    ...engineVariables(workspace),
    ...running.environment,
    PATH: environment["PATH"] ?? "",
    PULUMI_OPTION_CONFIG_FILE: writeStackConfig(workspace, project, stack),
  };
  const lines = Object.entries(variables).map(
    ([name, value]) => `export ${name}=${quoted(value)}\n`,
  );
  process.stdout.write(lines.join(""));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Opens the cloud of the project for as long as a body takes. */
async function withCloudOf<T>(
  options: ProjectOption,
  body: Parameters<typeof withCloud<T>>[1],
): Promise<T> {
  withoutExperimentalWarnings();
  return withCloud(workspaceOf(projectOf(options)).cloud, body);
}

async function status(options: ProjectOption & { readonly json?: boolean }): Promise<void> {
  const { objects, faults } = await withCloudOf(options, ({ cloud, faults: faulting }) => ({
    objects: cloud.list().map(({ scope, type, id, urn }) => ({ scope, type, id, urn })),
    faults: faulting.listFaults(cloud),
  }));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ objects, faults }, null, 2)}\n`);
    return;
  }
  const counts = new Map<string, number>();
  for (const { scope, urn } of objects) {
    const owner = urn === "" ? "not declared" : (urn.split(":")[2] ?? "");
    const key = `${owner.padEnd(16)}${scope}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const lines = [...counts].sort().map(([key, count]) => `${String(count).padStart(5)}  ${key}\n`);
  const set = faults.map((spec) => `fault  ${JSON.stringify(spec)}\n`);
  process.stdout.write(objects.length === 0 ? "The cloud is empty.\n" : lines.join(""));
  process.stdout.write(set.join(""));
}

interface DriftOptions extends ProjectOption {
  readonly set?: readonly string[];
  readonly delete?: boolean;
}

async function drift(stack: string, resource: string, options: DriftOptions): Promise<void> {
  if ((options.set === undefined) === (options.delete !== true)) {
    throw new WrongUse("say either --set path=value or --delete");
  }
  assertStack(projectOf(options), stack);
  const set = Object.fromEntries((options.set ?? []).map(assignment));
  const change = options.delete === true ? { delete: true } : { set };
  const { type, id } = await withCloudOf(options, ({ cloud, control }) =>
    control.drift(cloud, { stack, resource, ...change }),
  );
  process.stdout.write(`${options.delete === true ? "Deleted" : "Changed"} ${type} ${id}\n`);
}

/** A property and its value: JSON where it is JSON, else text. */
export function assignment(text: string): [string, unknown] {
  const at = text.indexOf("=");
  if (at < 1) throw new WrongUse(`--set takes path=value, not "${text}"`);
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value) as unknown];
  } catch {
    return [text.slice(0, at), value];
  }
}

async function fault(options: ProjectOption & FaultSpec & { readonly clear?: boolean }) {
  const { project, clear, ...spec } = options;
  await withCloudOf({ project }, ({ cloud, faults }) => {
    if (clear === true) faults.clearFaults(cloud);
    else faults.addFault(cloud, spec);
  });
  process.stdout.write(clear === true ? "All faults are cleared.\n" : "The fault is set.\n");
}

async function reset(options: ProjectOption): Promise<void> {
  const workspace = workspaceOf(projectOf(options));
  if (runningSandbox(workspace) !== undefined) {
    throw new WrongUse("a sandbox runs on this cloud: end `plinth sandbox start` first");
  }
  for (const folder of [workspace.cloud, workspace.state, workspace.stacks]) {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write("The cloud is empty, and all stacks of it are forgotten.\n");
  return Promise.resolve();
}
