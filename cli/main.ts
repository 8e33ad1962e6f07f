import { Command, CommanderError } from "commander";
import { addClone } from "./verbs/clone";
import { addEngineVerbs } from "./verbs/engine";
import { addRender } from "./verbs/render";
import { addSandbox } from "./verbs/sandbox";
import { addSettings } from "./verbs/settings";
import { exitCode, WrongUse } from "./wrong-use";

/** The `plinth` command with all of its verbs. */
export function plinth(): Command {
  const program = new Command("plinth")
    .description("The production baseline that a service stands on.")
    .showHelpAfterError("(plinth --help tells more)")
    .exitOverride();
  addEngineVerbs(program);
  addClone(program);
  addRender(program);
  addSettings(program);
  addSandbox(program);
  return program;
}

async function main(): Promise<void> {
  try {
    await plinth().parseAsync(process.argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says what went wrong, where that has not been said, and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCode.good : exitCode.wrongUse;
  }
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: ${text}\n`);
  return error instanceof WrongUse ? exitCode.wrongUse : exitCode.finding;
}

void main();
