import { status } from "@grpc/grpc-js";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import { type Sandbox, startSandbox, withCloud } from "../../../sandbox/client";
import { temporaryDirectory, tidy } from "../../support/cloud";
import { ProviderClient } from "../../support/provider-client";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const running: { stop(): unknown }[] = [];

afterAll(async () => {
  for (const one of running) await one.stop();
  tidy();
});

async function start(directory = temporaryDirectory()): Promise<Sandbox> {
  const sandbox = await startSandbox({ directory });
  running.push(sandbox);
  return sandbox;
}

async function connect(
  { port }: Sandbox,
  name = "kubernetes",
  config = {},
): Promise<ProviderClient> {
  const client = await ProviderClient.connect(port, name, config);
  running.push({
    stop: () => {
      client.close();
    },
  });
  return client;
}

async function namespaces(directory: string): Promise<readonly string[]> {
  const given = ["default", "kube-node-lease", "kube-public", "kube-system"];
  const ids = await withCloud(directory, ({ cloud }) => cloud.list(NAMESPACE).map(({ id }) => id));
  return ids.filter((id) => !given.includes(id));
}

test.each([1, 5, 20, 60])(
  "nothing that was acknowledged is lost when the process is killed after %i creates",
  async (limit) => {
    const sandbox = await start();
    const client = await connect(sandbox);
    const acknowledged: string[] = [];
    const attempts = Array.from({ length: 200 }, async (_, index) => {
      const metadata = { name: `n${String(index).padStart(3, "0")}` };
      const { id } = await client.create(NAMESPACE, metadata.name, { metadata });
      acknowledged.push(id);
      if (acknowledged.length === limit) await sandbox.stop("SIGKILL");
    });
    await Promise.allSettled(attempts);
    const found = await namespaces(sandbox.directory);
    expect(acknowledged.length).toBeGreaterThanOrEqual(limit);
    expect(acknowledged.filter((id) => !found.includes(id))).toEqual([]);
    const check = await withCloud(sandbox.directory, ({ cloud }) =>
      cloud.one("pragma integrity_check"),
    );
    expect(check).toEqual({ integrity_check: "ok" });
  },
);

test("of two processes that create the same names at once, exactly one gets each", async () => {
  const directory = temporaryDirectory();
  const sandboxes = await Promise.all([start(directory), start(directory)]);
  const clients = await Promise.all(sandboxes.map((sandbox) => connect(sandbox)));
  const names = Array.from({ length: 60 }, (_, index) => `n${index}`);
  const results = await Promise.allSettled(
    names.flatMap((name) =>
      clients.map((client) => client.create(NAMESPACE, name, { metadata: { name } })),
    ),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(names.length);
  expect([...(await namespaces(directory))].sort()).toEqual([...names].sort());
});

test("five processes may open a new cloud at the same moment", async () => {
  const directory = temporaryDirectory();
  const sandboxes = await Promise.all(Array.from({ length: 5 }, () => start(directory)));
  expect(new Set(sandboxes.map(({ port }) => port)).size).toBe(5);
});

test("two provider instances of one package are told apart", async () => {
  const sandbox = await start();
  const [one, two] = await Promise.all(
    ["eu-central-1", "us-east-1"].map((region) => connect(sandbox, "aws", { region })),
  );
  await one?.create("aws:sqs/queue:Queue", "one", { name: "jobs" });
  await two?.create("aws:sqs/queue:Queue", "two", { name: "jobs" });
  const scopes = (await sandbox.resources("aws:sqs/queue:Queue")).map(({ scope }) => scope);
  expect(scopes).toEqual(["aws/111122223333/eu-central-1", "aws/111122223333/us-east-1"]);
});

test("an answer that is lost leaves the object behind", async () => {
  const sandbox = await start();
  const client = await connect(sandbox);
  await sandbox.fault({ match: NAMESPACE, operation: "create", kind: "lost" });
  const plain = { metadata: { name: "orphan" } };
  await expect(client.create(NAMESPACE, "orphan", plain)).rejects.toThrow(
    "connection reset by peer",
  );
  await expect(client.create(NAMESPACE, "orphan", plain)).rejects.toThrow("already exists");
});

test("a partial create answers with the id and the state of the object", async () => {
  const sandbox = await start();
  const client = await connect(sandbox);
  await sandbox.fault({ operation: "create", kind: "partial", message: "timed out waiting" });
  const failure: unknown = await client
    .create(NAMESPACE, "half", { metadata: { name: "half" } })
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ details: "timed out waiting" });
  expect(detailOf(failure)).toContain("pulumirpc.ErrorResourceInitFailed");
  expect(await namespaces(sandbox.directory)).toEqual(["half"]);
});

test("a call that hangs ends when the engine cancels", async () => {
  const sandbox = await start();
  const client = await connect(sandbox);
  await sandbox.fault({ operation: "create", kind: "hang" });
  const hanging = client.create(NAMESPACE, "never", { metadata: { name: "never" } });
  const outcome = hanging.catch((error: unknown) => error);
  await client.cancel();
  expect(await outcome).toMatchObject({ code: status.CANCELLED });
  expect(await namespaces(sandbox.directory)).toEqual([]);
});

test("a crash after a create keeps the object and ends the process", async () => {
  const sandbox = await start();
  const client = await connect(sandbox);
  await sandbox.fault({ operation: "create", kind: "crash" });
  await expect(client.create(NAMESPACE, "kept", { metadata: { name: "kept" } })).rejects.toThrow();
  expect(await namespaces(sandbox.directory)).toEqual(["kept"]);
});

/** A process that starts a sandbox, prints its port, and then does what the script says. */
function starter(script: string) {
  const starting = `require("./toolchain/typescript.cjs");
    require("./sandbox/client.ts").startSandbox({ directory: process.argv[1] })
      .then(({ port }) => { console.log(port); ${script} });`;
  return spawn(process.execPath, ["--eval", starting, temporaryDirectory()], {
    ...({ cwd: join(__dirname, "..", "..", ".."), stdio: ["ignore", "pipe", "inherit"] } as const),
  });
}

test("a sandbox ends with the process that started it", async () => {
  const parent = starter("setInterval(() => {}, 1000);");
  const [port] = (await once(parent.stdout, "data")) as [Buffer]; // as the stream is documented
  const socket = createConnection(Number(port.toString()), "127.0.0.1");
  await once(socket, "connect");
  const closed = once(socket, "close");
  socket.on("error", () => undefined).resume();
  parent.kill("SIGKILL");
  await closed;
  expect(socket.destroyed).toBe(true);
});

test("a sandbox that nobody stops does not keep its starter alive", async () => {
  const [code] = (await once(starter(""), "exit")) as [number]; // as `exit` is documented
  expect(code).toBe(0);
});

/** The binary details that the engine finds beside an error. */
function detailOf(failure: unknown): string {
  if (typeof failure !== "object" || failure === null || !("metadata" in failure)) return "";
  const { metadata } = failure as { metadata: { get(key: string): Buffer[] } }; // a grpc.Metadata
  return metadata.get("grpc-status-details-bin").join("");
}
