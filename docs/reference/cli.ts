import type { Argument, Command, Option } from "commander";
import { plinth } from "../../cli/program";
import { code, codes, table } from "./markdown";

/** Page of every verb of the `plinth` command with its arguments and options. */
export function cliPage(): string {
  return `${[intro, ...plinth().commands.flatMap((verb) => sections(verb, []))].join("\n\n")}\n`;
}

const intro = `<!-- Written by \`npm run docs\` from the command line itself. -->

# The command \`plinth\`

\`npx plinth VERB\` runs from the repository's root. Exit codes: 0 good, 1 a finding (a change that failed, settings
that are wrong, a policy that is broken), 2 wrong use. Every verb has \`--help\`. The engine's verbs work on the
sandbox; a real cloud takes the engine's own \`pulumi\`. \`secrets\` works on AWS, \`backup\`
on the cluster.`;

/** A verb, or the verbs under it. */
function sections(command: Command, above: readonly string[]): string[] {
  const names = [...above, command.name()];
  if (command.commands.length > 0) {
    const own = command.commands.flatMap((verb) => sections(verb, names));
    return [`## ${names.join(" ")}`, command.description(), ...own];
  }
  const level = "#".repeat(names.length + 1);
  return [
    `${level} ${names.join(" ")}`,
    `\`\`\`text\nnpx plinth ${[...names, command.usage()].join(" ")}\n\`\`\``,
    prose(command.description()),
    ...parameters(command),
  ];
}

/** A description, of which lines that are set in stand as a block of code. */
function prose(description: string): string {
  return description.replace(/\n {2}(.*)/g, "\n\n```sh\n$1\n```");
}

function parameters(command: Command): string[] {
  const rows = [...command.registeredArguments.map(argumentRow), ...command.options.map(optionRow)];
  return rows.length === 0 ? [] : [table(["argument, option", "what", "default"], rows)];
}

function argumentRow(argument: Argument): string[] {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  const text = code(argument.required ? `<${name}>` : `[${name}]`);
  return [text, argument.description, ""];
}

function optionRow({ flags, description, argChoices, mandatory, ...option }: Option): string[] {
  const given: unknown = option.defaultValue;
  const choices = argChoices === undefined ? "" : `: ${codes(argChoices)}`;
  const needed = mandatory ? "; required" : "";
  const text = typeof given === "string" ? code(given) : "";
  return [code(flags), `${description}${choices}${needed}`, text];
}
