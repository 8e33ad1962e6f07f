/**
 * Keeps the SDK's serialiser of functions out of a process until it is used; this program never does. Loaded before
 * the SDK's own runner, which would else start the debugger, and set a flag of V8 with which no compiled code fits
 * that another process has kept.
 */
const { Module } = /** @type {any} */ (require("node:module"));

/** What the serialiser loads: a second, and 100 MB. */
const deferred = ["@npmcli/arborist", "../../typescript-shim", "./v8", "./v8Hooks"];
const serialiser = /[\\/]@pulumi[\\/]pulumi[\\/]runtime[\\/]closure[\\/]\w+\.js$/;
/** What a runner starts for it. */
const debuggerOfRunner = "../../runtime/closure/v8Hooks";

const load = Module._load;
/** @type {(request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown} */
Module._load = (request, parent, isMain) => {
  if (request === debuggerOfRunner) return { isInitializedAsync: () => Promise.resolve() };
  if (!deferred.includes(request) || !serialiser.test(parent?.filename ?? "")) {
    return load(request, parent, isMain);
  }
  return whenUsed(() => load(request, parent, isMain));
};

/** @type {(loadNow: () => any) => object} */
function whenUsed(loadNow) {
  // An import asks first whether it is one of a module.
  return new Proxy({}, { get: (_, key) => key === "__esModule" || loadNow()[key] });
}
