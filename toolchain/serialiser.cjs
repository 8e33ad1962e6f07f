/**
 * Keeps out of a process what the SDK and its runners load in advance and this program never uses: the serialiser of
 * functions, with a debugger and a flag of V8 under which no compiled code fits that another process has kept; source
 * maps of every file that a stack trace names; the Automation API. Loaded before the runners.
 */
const { Module } = /** @type {any} */ (require("node:module"));

/** What is loaded when it is used: a second, and 100 MB. */
const deferred = [
  {
    by: /[\\/]@pulumi[\\/]pulumi[\\/]runtime[\\/]closure[\\/]\w+\.js$/,
    files: ["@npmcli/arborist", "../../typescript-shim", "./v8", "./v8Hooks"],
  },
  { by: /[\\/]@pulumi[\\/]pulumi[\\/]index\.js$/, files: ["./automation"] },
];
/** What a runner only starts. */
const started = new Map([
  ["../../runtime/closure/v8Hooks", { isInitializedAsync: () => Promise.resolve() }],
  ["source-map-support/register", {}],
]);

const load = Module._load;
/** @type {(request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown} */
Module._load = (request, parent, isMain) => {
  if (started.has(request)) return started.get(request);
  const late = deferred.some(
    ({ by, files }) => files.includes(request) && by.test(parent?.filename ?? ""),
  );
  return late ? whenUsed(() => load(request, parent, isMain)) : load(request, parent, isMain);
};

/** @type {(loadNow: () => any) => object} */
function whenUsed(loadNow) {
  // An import asks first whether it is one of a module.
  return new Proxy({}, { get: (_, key) => key === "__esModule" || loadNow()[key] });
}
