import { CommanderError } from "commander";
import { plinth } from "./program";
import { exitCode, WrongUse } from "./wrong-use";

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
