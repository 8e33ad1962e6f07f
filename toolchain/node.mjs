/** Runs `node` with the given arguments on the Node and with the engine that set-up has brought: `node toolchain/node.mjs SCRIPT …`. */
import { nodeBinary, toolEnvironment } from "./engine.mjs";
import { replaceWith } from "./replace.mjs";

replaceWith(nodeBinary(), process.argv.slice(2), toolEnvironment());
