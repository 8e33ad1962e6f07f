/**
 * Where the engine starts the program (`main` of `package.json`): the SDK's own loader would load a compiler first,
 * which takes a second.
 */
const { dirname, join } = require("node:path");
require("./typescript.cjs");
require("./sdk.cjs");

module.exports = require(join(dirname(__dirname), "index.ts"));
