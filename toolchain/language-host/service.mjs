import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as build from "./arguments.mjs";
import { runToEnd, stopPrograms } from "./processes.mjs";

/**
 * @typedef {object} Host
 * @property {string} engineAddress Address of the engine that started this host.
 * @property {string} version Version of the SDK it serves.
 * @property {any} messages Constructors of the protocol's messages, which the SDK generates without types for this use.
 * @property {number} internalError Status code of an unexpected failure.
 */

/**
 * The methods of `LanguageRuntime` that previews, updates and policy packs need; to any other the server answers that it is not implemented.
 * @param {Host} host
 */
export function languageRuntime(host) {
  const { messages } = host;
  const unary = answering(host);
  return {
    handshake: unary(() => new messages.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new messages.PluginInfo().setVersion(host.version)),
    about: unary(() =>
      new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),
    // None: the engine fetches the plugin of an explicit provider when it starts it, and needs none for an attached one.
    getRequiredPackages: unary(() => new messages.GetRequiredPackagesResponse()),
    getProgramDependencies: unary((call) =>
      new messages.GetProgramDependenciesResponse().setDependenciesList(
        programDependencies(directoryOf(call)).map(({ name, version }) =>
          new messages.DependencyInfo().setName(name).setVersion(version),
        ),
      ),
    ),
    run: unary((call) => run(call, host)),
    runPlugin: streaming(host, (call) => runPlugin(call, messages.RunPluginResponse)),
    installDependencies: streaming(host, (call) =>
      install(call, messages.InstallDependenciesResponse),
    ),
    cancel: unary(() => {
      stopPrograms();
      return new messages.Empty();
    }),
  };
}

/** @type {(host: Host) => (handle: (call: any) => unknown) => (call: any, answer: (error: any, message?: unknown) => void) => Promise<void>} */
function answering({ internalError }) {
  return (handle) => async (call, answer) => {
    try {
      answer(null, await handle(call));
    } catch (error) {
      answer({ code: internalError, details: String(error) });
    }
  };
}

/** @type {(host: Host, handle: (call: any) => Promise<void>) => (call: any) => Promise<void>} */
function streaming({ internalError }, handle) {
  return async (call) => {
    try {
      await handle(call);
      call.end();
    } catch (error) {
      call.emit("error", { code: internalError, details: String(error) });
    }
  };
}

/** @type {(call: any, host: Host) => Promise<unknown>} */
async function run(call, { engineAddress, messages }) {
  const { request } = call;
  if (request.getAttachDebugger()) throw new Error("Debugging needs the official language host.");
  const options = optionsOf(call);
  const args = build.runArguments({
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootDirectory: request.getInfo().getRootDirectory(),
    pwd: request.getPwd(),
    entryPoint: request.getInfo().getEntryPoint(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    args: request.getArgsList(),
  });
  const env = {
    ...process.env,
    ...build.optionsEnvironment(options),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
  const runner = sdkModule("run", directoryOf(call));
  const end = await runToEnd(
    {
      command: process.execPath,
      args: [...build.nodeArguments(options.nodeargs), runner, ...args],
      options: { cwd: request.getPwd(), env, stdio: ["ignore", "inherit", "inherit"] },
    },
    call,
  );
  const { error, bail } = build.runOutcome(end);
  return new messages.RunResponse().setError(error).setBail(bail);
}

/** @type {(call: any, Response: any) => Promise<void>} */
async function runPlugin(call, Response) {
  const { request } = call;
  const options = optionsOf(call);
  const kind = request.getKind();
  const programDirectory = directoryOf(call);
  const runner = sdkModule(
    kind === "analyzer" ? "run-policy-pack" : "run-plugin",
    programDirectory,
  );
  const args = build.pluginArguments({ kind, programDirectory, args: request.getArgsList() });
  const end = await runToEnd(
    {
      command: process.execPath,
      // No nodeargs: the official host does not give them to Node either.
      args: [runner, ...args],
      options: {
        // A policy pack finds its package.json and tsconfig.json in the current folder.
        cwd: kind === "analyzer" ? programDirectory : request.getPwd(),
        env: { ...build.environment(request.getEnvList()), ...build.optionsEnvironment(options) },
        stdio: ["ignore", "pipe", "pipe"],
      },
    },
    call,
    outputTo(call, Response),
  );
  call.write(new Response().setExitcode(end.code ?? 1));
}

/** @type {(call: any, Response: any) => Promise<void>} */
async function install(call, Response) {
  const directory = directoryOf(call);
  const verb = existsSync(join(directory, "package-lock.json")) ? "ci" : "install";
  const end = await runToEnd(
    {
      command: "npm",
      args: [verb],
      options: { cwd: directory, shell: process.platform === "win32" },
    },
    call,
    outputTo(call, Response),
  );
  if (end.code !== 0) throw new Error(`npm ${verb} failed in ${directory}.`);
}

/** @type {(call: any, Response: any) => { stdout(bytes: Buffer): void, stderr(bytes: Buffer): void }} */
function outputTo(call, Response) {
  return {
    stdout: (bytes) => call.write(new Response().setStdout(bytes)),
    stderr: (bytes) => call.write(new Response().setStderr(bytes)),
  };
}

/**
 * The direct dependencies of the package in a folder, in the versions that are installed.
 * @param {string} directory
 * @returns {{ name: string, version: string }[]}
 */
export function programDependencies(directory) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return Object.entries(dependencies).map(([name, wanted]) => {
    const manifest = join(directory, "node_modules", name, "package.json");
    const installed = existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version;
    return { name, version: installed || wanted };
  });
}

/** @type {(call: any) => string} */
function directoryOf({ request }) {
  return request.getInfo().getProgramDirectory();
}

/** @type {(call: any) => import("./arguments.mjs").RuntimeOptions} */
function optionsOf({ request }) {
  return request.getInfo().getOptions()?.toJavaScript() ?? {};
}

/** @type {(name: string, directory: string) => string} */
function sdkModule(name, directory) {
  const { resolve } = createRequire(join(directory, "package.json"));
  try {
    return resolve(`@pulumi/pulumi/cmd/${name}/index.js`);
  } catch {
    throw new Error(`@pulumi/pulumi is not installed for ${directory}: run npm ci there.`);
  }
}
