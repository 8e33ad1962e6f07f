/** Builders of the commands that run a program or a policy pack; pure, so that they can be tested without an engine. */

/**
 * The runtime options of a `Pulumi.yaml` or `PulumiPolicy.yaml` that this host knows.
 * @typedef {{ typescript?: boolean, nodeargs?: string, tsconfig?: string }} RuntimeOptions
 */

/**
 * What the engine says of the program to run.
 * @typedef {object} RunRequest
 * @property {string} monitor Address of the resource monitor.
 * @property {string} engine Address of the engine.
 * @property {string} organization
 * @property {string} project
 * @property {string} stack
 * @property {string} rootDirectory Folder of the `Pulumi.yaml`.
 * @property {string} pwd Folder the program runs in.
 * @property {string} entryPoint File to run, or "." for the `main` of the package.
 * @property {boolean} dryRun True for a preview.
 * @property {number} parallel
 * @property {readonly string[]} args Arguments for the program itself.
 */

/** Exit code by which the SDK says that the error has been shown to the user already. */
const errorAlreadyReported = 32;

/**
 * Arguments of `@pulumi/pulumi/cmd/run`. An empty value is left out, as the SDK tells absent from empty.
 * @param {RunRequest} request
 * @returns {string[]}
 */
export function runArguments(request) {
  const flags = Object.entries({
    monitor: request.monitor,
    engine: request.engine,
    organization: request.organization,
    project: request.project,
    stack: request.stack,
    "root-directory": request.rootDirectory,
    pwd: request.pwd,
    parallel: String(request.parallel),
  })
    .filter(([, value]) => value !== "")
    .flatMap(([name, value]) => [`--${name}`, value]);
  const dryRun = request.dryRun ? ["--dry-run"] : [];
  return [...flags, ...dryRun, request.entryPoint || ".", ...request.args];
}

/**
 * Arguments of the SDK's plugin runners: a policy pack gets the engine's address before its folder, any other plugin after it.
 * @param {{ kind: string, programDirectory: string, args: readonly string[] }} request
 * @returns {string[]}
 */
export function pluginArguments(request) {
  return request.kind === "analyzer"
    ? [...request.args, request.programDirectory]
    : [request.programDirectory, ...request.args];
}

/**
 * The variables by which the SDK learns the project's runtime options.
 * @param {RuntimeOptions} options
 * @returns {Record<string, string>}
 */
export function optionsEnvironment(options) {
  return {
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}

/**
 * The variables of a plugin, which the engine lists as `NAME=value`; of a name listed twice the last holds.
 * @param {readonly string[]} list
 * @returns {Record<string, string>}
 */
export function environment(list) {
  return Object.fromEntries(
    list.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

/**
 * Splits `nodeargs` at spaces, except within single or double quotes.
 * @param {string | undefined} nodeargs
 * @returns {string[]}
 */
export function nodeArguments(nodeargs = "") {
  const words = nodeargs.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

/**
 * The answer to the engine for the way a program ended: `bail` where the user has seen the error.
 * @param {{ code: number | null, signal: string | null }} end
 * @returns {{ error: string, bail: boolean }}
 */
export function runOutcome({ code, signal }) {
  if (code === 0) return { error: "", bail: false };
  if (code === errorAlreadyReported) return { error: "", bail: true };
  const reason = signal === null ? `with exit code ${code}` : `by signal ${signal}`;
  return { error: `The program ended ${reason}.`, bail: false };
}
