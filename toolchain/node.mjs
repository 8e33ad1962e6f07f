/** Runs `node` with the given arguments on the Node and with the engine that set-up has brought: `node toolchain/node.mjs SCRIPT …`. */
import { nodeBinary, toolEnvironment } from "./engine.mjs";
import { replaceWith } from "./replace.mjs";

try {
  replaceWith(nodeBinary(), process.argv.slice(2), toolEnvironment());
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
