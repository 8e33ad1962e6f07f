import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Agent, createServer, request, type Server } from "node:http";
import { type AddressInfo, createConnection, createServer as createListener } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeBinary } from "../../toolchain/engine.mjs";

const program = join(__dirname, "../../components/edge/limiter/program/main.mjs");
const folder = mkdtempSync(join(tmpdir(), "plinth-limiter-"));
const children = new Set<ChildProcess>();
const servers = new Set<Server>();

/** An answer of HTTP. */
export interface Answer {
  /** Status code. */
  readonly status: number;
  /** Header `Retry-After`, in seconds. */
  readonly retryAfter: number;
}

/** A request as a client sends it. */
export interface Call {
  /** Host that it is for. */
  readonly host: string;
  /** Path. */
  readonly path?: string;
  /** Address that the client calls from. */
  readonly from: string;
  /** What the client itself writes into `X-Forwarded-For`. */
  readonly forged?: string;
}

/** Waits until something holds; the test's own time limit ends it. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const listener = createListener().listen(0);
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo; // A TCP server has an address, not a path.
  listener.close();
  return port;
}

/** Starts the store, with what an earlier one on this port kept. */
export async function startStore(port: number): Promise<ChildProcess> {
  const binary = ["valkey-server", "redis-server"].find(
    (name) => spawnSync(name, ["--version"]).status === 0,
  );
  if (binary === undefined) throw new Error("neither valkey-server nor redis-server is installed");
  const options = ["--port", `${port}`, "--dir", folder, "--requirepass", "open sesame"];
  const child = spawn(binary, [...options, "--appendonly", "yes", "--appendfsync", "always"]);
  children.add(child);
  await until(() => answers(port));
  return child;
}

/** Ends a process that a test started. */
export async function end(child: ChildProcess): Promise<void> {
  children.delete(child);
  child.kill();
  await once(child, "exit");
}

/** Starts one replica of the real limiter and returns its port. */
export async function startLimiter(storePort: number, limits: unknown): Promise<number> {
  const [port, healthPort] = [await freePort(), await freePort()];
  const file = join(folder, `limits-${port}.json`);
  writeFileSync(file, JSON.stringify(limits));
  const env = {
    LIMITS_FILE: file,
    PORT: `${port}`,
    HEALTH_PORT: `${healthPort}`,
    STORE_HOST: "127.0.0.1",
    STORE_PORT: `${storePort}`,
    STORE_TLS: "false",
    STORE_PASSWORD: "open sesame",
  };
  children.add(spawn(nodeBinary(), [program], { env, stdio: "ignore" }));
  await until(() => answers(port));
  return port;
}

/** Starts a gateway, which adds the caller's address and asks the limiters in turn. */
export async function startGateway(limiters: readonly number[]): Promise<number> {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const port = limiters[turn++ % limiters.length];
    const peer = incoming.socket.remoteAddress?.replace("::ffff:", "") ?? "";
    const chain = [incoming.headers["x-forwarded-for"] ?? [], peer].flat().join(", ");
    const headers = { host: incoming.headers.host, "x-forwarded-for": chain };
    const asked = request({ port, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on("error", () => outgoing.writeHead(502).end());
    asked.end();
  }).listen(0);
  servers.add(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port; // A TCP server has an address, not a path.
}

/** Sends one request. */
export function send(port: number, call: Call, agent?: Agent): Promise<Answer> {
  const forged = call.forged === undefined ? {} : { "x-forwarded-for": call.forged };
  const options = { port, host: "127.0.0.1", path: call.path ?? "/", localAddress: call.from };
  return new Promise((resolve, reject) => {
    const headers = { host: call.host, ...forged };
    const sent = request({ ...options, headers, ...(agent && { agent }) }, (answer) => {
      answer.resume();
      const retryAfter = Number(answer.headers["retry-after"] ?? 0);
      answer.on("end", () => {
        resolve({ status: answer.statusCode ?? 0, retryAfter });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** Ends everything that was started. */
export async function stopAll(): Promise<void> {
  for (const server of servers) server.close();
  await Promise.all([...children].map(end));
  rmSync(folder, { recursive: true, force: true });
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port);
  const result = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "close").then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return result;
}
