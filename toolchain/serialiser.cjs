/**
 * Keeps out of a process what the SDK and its runners load in advance and this program never uses: the serialiser of
 * functions, with a debugger and a flag of V8 under which no compiled code fits that another process has kept; source
 * maps of every file that a stack trace names; the Automation API; the services of a cloud but for the few that are
 * declared; exporters of traces. Loaded before the runners.
 */
const { Module } = /** @type {any} */ (require("node:module"));

/** What is loaded when it is used: a second, and 100 MB. */
const deferred = [
  {
    by: /[\\/]@pulumi[\\/]pulumi[\\/]runtime[\\/]closure[\\/]\w+\.js$/,
    files:
      /^(@npmcli\/arborist|normalize-package-data|\.\.\/\.\.\/typescript-shim|\.\/v8|\.\/v8Hooks)$/,
  },
  { by: /[\\/]@pulumi[\\/]pulumi[\\/]index\.js$/, files: /^\.\/automation$/ },
  {
    by: /[\\/]@pulumi[\\/](aws|kubernetes)[\\/]index\.js$/,
    files: /^\.\/(?!(provider|tags|utils|utilities)$)[a-z0-9]+$/,
  },
  {
    by: /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]tracing\.js$/,
    files: /^@opentelemetry\/(?!api$)/,
    takesParts: true,
  },
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
  const late = deferred.find(
    ({ by, files }) => files.test(request) && by.test(parent?.filename ?? ""),
  );
  const loadNow = () => load(request, parent, isMain);
  return late ? whenUsed(loadNow, late.takesParts) : loadNow();
};

/**
 * Stands for a module until something of it is read; where its importer takes functions out of it at once, until one of
 * those is called.
 * @type {(loadNow: () => any, takesParts: boolean | undefined) => object}
 */
function whenUsed(loadNow, takesParts) {
  /** @type {any} */
  let loaded;
  /** @type {(key: string | symbol) => any} */
  const part = (key) => {
    loaded ??= loadNow();
    // A module of the older kind is its own default.
    return key === "default" && !loaded.__esModule ? loaded : loaded[key];
  };
  /** @type {(key: string | symbol) => object} */
  const whenCalled = (key) =>
    new Proxy(function () {}, {
      apply: (_, self, args) => Reflect.apply(part(key), self, args),
      construct: (_, args) => Reflect.construct(part(key), args),
    });
  // An import asks first whether it is one of a module.
  return new Proxy(
    {},
    { get: (_, key) => key === "__esModule" || (takesParts ? whenCalled(key) : part(key)) },
  );
}
