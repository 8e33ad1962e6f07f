/**
 * Spares a process of the SDK what it does in advance for functions that are serialised and for promises that are
 * never settled: this program has neither. Half of the time that a preview takes goes there.
 */
const nodeModule = require("node:module");

require("./serialiser.cjs");

// The SDK keeps the stack of every promise, to name those that nothing settles: they stay named, without a stack.
const promises = /** @type {any} */ (require("@pulumi/pulumi/runtime/debuggable"));
const { debuggablePromise } = promises;
/** @type {(promise: Promise<unknown>, name: string) => Promise<unknown>} */
promises.debuggablePromise = (promise, name) => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise(promise, name);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

// Three lines on every resource, each a call that the next one waits for, shown by `--debug` alone: and they hold the
// answers of providers as they came, secrets among them.
/** @type {any} */ (require("@pulumi/pulumi/log")).debug = () => Promise.resolve();

Error.prepareStackTrace = (error, frames) =>
  [`${error}`, ...frames.map((frame) => `    at ${inSource(frame)}`)].join("\n");

/**
 * A line of a stack trace, with the place in the TypeScript that was compiled.
 * @param {NodeJS.CallSite} frame
 */
function inSource(frame) {
  const file = frame.getFileName() ?? "";
  const [line, column] = [frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0];
  const origin = file.endsWith(".ts") && nodeModule.findSourceMap(file)?.findOrigin(line, column);
  if (!origin || !("lineNumber" in origin)) return `${frame}`;
  return `${frame}`.replace(`:${line}:${column}`, `:${origin.lineNumber}:${origin.columnNumber}`);
}
