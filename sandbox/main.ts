import { Cloud } from "./cloud";
import { prepare } from "./schema/sdks";
import { serve } from "./server";

/**
 * `main.ts DIRECTORY`: answers for all six providers with the cloud that lies in the directory.
 * Prints one line of JSON, `{"port":…}`, and ends with its parent (whose end of the standard input
 * closes) or on a signal. Nothing is lost at whatever moment it ends.
 */
async function main([directory]: readonly string[]): Promise<void> {
  if (directory === undefined) throw new Error("usage: main.ts DIRECTORY");
  const port = await serve(new Cloud(directory));
  process.stdout.write(`${JSON.stringify({ port })}\n`);
  // The engine has other things to do before it asks; this is the time to get ready.
  setImmediate(prepare);
  process.stdin.on("close", () => process.exit(0)).resume();
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
