import type { Command } from "commander";
import { withSession } from "../engine/session";
import { assertStack } from "../project";
import { exitCode, WrongUse } from "../wrong-use";
import { engineFlags, projectOf, withProject, type ProjectOption } from "./options";

/** A verb that the engine carries out on the sandbox. */
interface EngineVerb {
  /** Its name, here and there. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly summary: string;
  /** Whether the policy pack judges it. */
  readonly judged: boolean;
  /** Flags that the engine always gets. */
  readonly flags: readonly string[];
  /** Whether it changes something, so that it is confirmed on a terminal. */
  readonly changes: boolean;
  /** Whether it must be confirmed where there is no terminal, too. */
  readonly guarded: boolean;
}

const verbs: readonly EngineVerb[] = [
  {
    name: "preview",
    summary: "show what an update would change, under the policy pack",
    judged: true,
    flags: [],
    changes: false,
    guarded: false,
  },
  {
    name: "up",
    summary: "create or update a stack, under the policy pack",
    judged: true,
    flags: [],
    changes: true,
    guarded: false,
  },
  {
    name: "refresh",
    summary: "take over into the state what changed in the cloud",
    judged: false,
    flags: [],
    changes: true,
    guarded: false,
  },
  {
    name: "destroy",
    summary: "delete a stack's resources; protected data is kept",
    judged: false,
    flags: ["--exclude-protected"],
    changes: true,
    guarded: true,
  },
];

/** Adds the verbs of the engine. */
export function addEngineVerbs(program: Command): void {
  for (const verb of verbs) addVerb(program, verb);
}

function addVerb(program: Command, verb: EngineVerb): void {
  const command = program
    .command(verb.name)
    .summary(verb.summary)
    .description(`On the sandbox: ${verb.summary}.`)
    .argument("<stack>", "stack, such as staging")
    .argument("[flags...]", "flags for the engine, after --");
  withProject(command);
  if (verb.changes) command.option("-y, --yes", "do not ask");
  command.action(async (stack: string, flags: string[], options: EngineOptions) => {
    const project = projectOf(options);
    assertStack(project, stack);
    const own = [...verb.flags, ...answers(verb, options), ...engineFlags(flags)];
    const code = await withSession({ project, stack, judged: verb.judged }, (session) =>
      session.run(verb.name, own),
    );
    process.exitCode = code === 0 ? exitCode.good : exitCode.finding;
  });
}

interface EngineOptions extends ProjectOption {
  readonly yes?: boolean;
}

/** How the engine is told not to ask: always without a terminal, where nobody could answer. */
function answers({ changes, guarded, name }: EngineVerb, { yes }: EngineOptions): string[] {
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  if (guarded && yes !== true && !terminal) {
    throw new WrongUse(`${name} asks before it deletes, and nobody is here to answer: say --yes`);
  }
  const silent = terminal ? [] : ["--non-interactive"];
  return changes && (yes === true || !terminal) ? ["--yes", ...silent] : silent;
}
