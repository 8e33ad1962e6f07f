#!/usr/bin/env node
/** The `plinth` command: brings what is missing, then runs `cli/main.ts` on the right Node with the engine on the PATH. */
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import nodeModule from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  nodeBinary,
  readToolchain,
  repositoryDirectory,
  toolEnvironment,
} from "../toolchain/engine.mjs";
import { replaceWith } from "../toolchain/replace.mjs";

function isSetUp() {
  try {
    return readToolchain().engine !== undefined;
  } catch {
    return false;
  }
}

function setUp() {
  const script = join(repositoryDirectory, "toolchain", "setup.mjs");
  const { status } = spawnSync(process.execPath, [script], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!isSetUp()) setUp();
if (realpathSync(process.execPath) === realpathSync(nodeBinary())) {
  Object.assign(process.env, toolEnvironment());
  nodeModule.enableCompileCache(process.env["NODE_COMPILE_CACHE"]);
  const load = nodeModule.createRequire(import.meta.url);
  load("../toolchain/typescript.cjs");
  load("../cli/main.ts");
} else {
  replaceWith(
    nodeBinary(),
    [fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    toolEnvironment(),
  );
}
