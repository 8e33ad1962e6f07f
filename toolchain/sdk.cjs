/**
 * Spares a process of the SDK what it does in advance for functions that are serialised and for promises that are
 * never settled: this program has neither. Half of the time that a preview takes goes there.
 */
const { pathToFileURL } = require("node:url");
const { placeOf } = require("./typescript.cjs");

require("./serialiser.cjs");
require("./struct.cjs");

/**
 * The same method, in which no error that is made has a stack.
 * @param {any} holder
 * @param {string} name
 */
function spareStacks(holder, name) {
  const method = holder[name];
  holder[name] = /** @this {unknown} */ function (/** @type {unknown[]} */ ...args) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return method.apply(this, args);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

// The SDK keeps the stack of every promise, to name those that nothing settles, and gRPC that of every call, to tell who
// made it if it fails: they stay named, without a stack.
spareStacks(require("@pulumi/pulumi/runtime/debuggable"), "debuggablePromise");
const { ResourceMonitorClient } = require("@pulumi/pulumi/proto/resource_grpc_pb");
for (const name of ["registerResource", "registerResourceOutputs"]) {
  spareStacks(ResourceMonitorClient.prototype, name);
}

// The SDK makes an output of every property that a kind of resource has, thirty promises each: here, of those that are read.
const rpc = /** @type {any} */ (require("@pulumi/pulumi/runtime/rpc"));
const { transferProperties } = rpc;
/** @type {(resource: any, label: string, properties: Record<string, unknown>) => Record<string, Function>} */
rpc.transferProperties = (resource, label, properties) => {
  /** @type {Record<string, Function>} */
  const resolvers = {};
  for (const [key, value] of Object.entries(properties)) {
    if (key === "id" || key === "urn" || Object.hasOwn(resource, key)) {
      // The SDK has these already, or refuses them.
      transferProperties(resource, label, { [key]: value });
      continue;
    }
    /** @type {unknown[] | undefined} */
    let outcome;
    /** @type {Function | undefined} */
    let resolve;
    resolvers[key] = (/** @type {unknown[]} */ ...args) => {
      outcome = args;
      resolve?.(...args);
    };
    const get = () => {
      delete resource[key];
      resolve = transferProperties(resource, label, { [key]: value })[key];
      if (outcome) resolve?.(...outcome);
      return resource[key];
    };
    const set = (/** @type {unknown} */ given) => {
      const plain = { value: given, writable: true, enumerable: true, configurable: true };
      Object.defineProperty(resource, key, plain);
    };
    Object.defineProperty(resource, key, { get, set, enumerable: true, configurable: true });
  }
  return resolvers;
};

// Each call to the engine would be counted for a service that is not offered, and passed on for a trace that is not made.
const { grpcClientOptions } = /** @type {any} */ (require("@pulumi/pulumi/runtime/settings"));
grpcClientOptions["grpc.enable_channelz"] = 0;
if (process.env["TRACEPARENT"] === undefined) grpcClientOptions.interceptors = [];

// Three lines on every resource, each a call that the next one waits for, shown by `--debug` alone: and they hold the
// answers of providers as they came, secrets among them.
/** @type {any} */ (require("@pulumi/pulumi/log")).debug = () => Promise.resolve();

// The engine keeps where a resource was declared, and would keep the whole stack: half of each call and of the state.
/** @type {any} */ (require("@pulumi/pulumi/resource")).Resource.stackTrace = declaredAt;

/**
 * Where the caller that many frames above this one stands.
 * @param {number} skip
 */
function declaredAt(skip) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = (_, frames) => frames;
  Error.stackTraceLimit = skip + 1;
  const frames = /** @type {NodeJS.CallSite[]} */ (/** @type {unknown} */ (new Error().stack));
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  const frame = frames[skip];
  const place = frame && placeOf(frame);
  const file = frame?.getFileName();
  return place && file ? [{ uri: pathToFileURL(file).href, ...place }] : [];
}
