import { Command } from "commander";
import { addBackup } from "./verbs/backup";
import { addClone } from "./verbs/clone";
import { addEngineVerbs } from "./verbs/engine";
import { addRender } from "./verbs/render";
import { addSandbox } from "./verbs/sandbox";
import { addSecrets } from "./verbs/secrets";
import { addSettings } from "./verbs/settings";

/** The `plinth` command with all of its verbs. */
export function plinth(): Command {
  const program = new Command("plinth")
    .description("The production baseline that a service stands on.")
    .exitOverride();
  addEngineVerbs(program);
  addClone(program);
  addRender(program);
  addSettings(program);
  addSecrets(program);
  addSandbox(program);
  addBackup(program);
  pointToHelp(program, "plinth");
  return program;
}

/** Lets each verb's errors name the help of that verb. */
function pointToHelp(command: Command, name: string): void {
  command.showHelpAfterError(`(${name} --help tells more)`);
  for (const verb of command.commands) pointToHelp(verb, `${name} ${verb.name()}`);
}
