/**
 * The Node language host: a server of `pulumirpc.LanguageRuntime` for machines without the official one.
 * The engine starts it with its own address as last argument and reads the port from the first line of its output.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { stopPrograms } from "./processes.mjs";
import { languageRuntime } from "./service.mjs";

const engineAddress = process.argv.at(-1) ?? "";
// The first argument is the checkout that set this host up: the SDK is there if the project does not have one.
const load = requireOfSdk([process.cwd(), process.argv[2] ?? ""]);
const grpc = load("@grpc/grpc-js");
const messages = {
  ...load("./proto/language_pb.js"),
  ...load("./proto/plugin_pb.js"),
  Empty: load("google-protobuf/google/protobuf/empty_pb.js").Empty,
};
const { LanguageRuntimeService } = load("./proto/language_grpc_pb.js");
const { version } = load("./package.json");

const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
server.addService(
  LanguageRuntimeService,
  languageRuntime({ engineAddress, version, messages, internalError: grpc.status.INTERNAL }),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), announce);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, leave);
// The engine holds the other end of standard input: it closes when the engine is gone, however it went.
process.stdin.on("end", leave).resume();

/** @type {(error: Error | null, port: number) => void} */
function announce(error, port) {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
}

function leave() {
  stopPrograms();
  process.exit(0);
}

/**
 * The `require` of the SDK's own folder, so that its messages and the server share one copy of the protocol's libraries.
 * @param {string[]} folders Where to look for the SDK, in this order.
 */
function requireOfSdk(folders) {
  const named = folders.filter((folder) => folder !== "");
  for (const folder of named) {
    try {
      const manifest = createRequire(join(folder, "package.json")).resolve(
        "@pulumi/pulumi/package.json",
      );
      return createRequire(manifest);
    } catch {
      continue;
    }
  }
  throw new Error(`@pulumi/pulumi is not installed in ${named.join(" or ")}: run npm ci.`);
}
