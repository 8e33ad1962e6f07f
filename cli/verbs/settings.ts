import type { Command } from "commander";
import { problemsText } from "../../settings/problem";
import { effectiveSettings, type EffectiveSetting } from "../../settings/provenance";
import { readGiven } from "../../settings/read";
import { resolveSettings } from "../../settings/resolve";
import { assertStack } from "../project";
import { exitCode } from "../wrong-use";
import { projectOf, withProject, type ProjectOption } from "./options";

interface SettingsOptions extends ProjectOption {
  readonly json?: boolean;
}

/** Adds `settings`: what holds in a stack, and where each value came from. */
export function addSettings(program: Command): void {
  const summary = "print the effective settings of a stack, each with where it came from";
  const command = program
    .command("settings")
    .summary(summary)
    .description(
      "Prints the effective settings of a stack, each with where it came from:\n" +
        "a file, the default of the stack's tier, or the default of every tier.",
    )
    .argument("<stack>", "stack, such as staging")
    .option("--json", "print JSON, with the exact place of each value");
  withProject(command).action(printSettings);
}

function printSettings(stack: string, options: SettingsOptions): void {
  const project = projectOf(options);
  assertStack(project, stack);
  const resolution = resolveSettings(readGiven(project.directory, stack));
  if (!resolution.ok) {
    const { problems } = resolution;
    if (options.json === true) print(`${JSON.stringify({ stack, problems }, null, 2)}\n`);
    else process.stderr.write(`${problemsText(stack, problems)}\n`);
    process.exitCode = exitCode.finding;
    return;
  }
  const settings = effectiveSettings(resolution);
  print(
    options.json === true
      ? `${JSON.stringify({ stack, settings }, null, 2)}\n`
      : settingsText(settings),
  );
}

function print(text: string): void {
  process.stdout.write(text);
}

/** Widest that a value may make its column; longer ones stand out of it. */
const widest = 44;

/** The settings as text: a heading per section and service, then key, value and source in columns. */
export function settingsText(settings: readonly EffectiveSetting[]): string {
  const rows = settings.map(({ path, value, source }) => {
    const { heading, key } = split(path);
    return { heading, key, value: valueText(value), source: source.replace(/: .*/, "") };
  });
  const width = (column: "key" | "value") =>
    Math.max(...rows.map((row) => row[column].length).filter((length) => length <= widest));
  const [keys, values] = [width("key"), width("value")];
  const lines = rows.flatMap(({ heading, key, value, source }, index) => {
    const line = `  ${key.padEnd(keys)}  ${value.padEnd(values)}  ${source}`;
    return heading === rows[index - 1]?.heading ? [line] : ["", heading, line];
  });
  return `${lines.slice(1).join("\n")}\n`;
}

/** A path as heading and key: a service of its own, else the section. */
function split(path: string): { heading: string; key: string } {
  const depth = path.startsWith("services.") ? 2 : 1;
  const steps = path.split(".");
  const key = steps.slice(depth).join(".");
  return { heading: steps.slice(0, depth).join("."), key: key === "" ? "-" : key };
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
