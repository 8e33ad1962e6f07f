// @ts-check
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { reporter } from "./report.mjs";
import { clientOf, limitsOf } from "./request.mjs";
import { Store } from "./store.mjs";
import { take } from "./window.mjs";

/**
 * Answers the gateway's question whether a request may pass: 200, or 429 with the time to retry.
 * Where the store is away every request passes: a lost limit harms less than a lost service.
 */
const { env } = process;
/** @type {{ scope: string, trustedHops: number, hosts: Record<string, import("./request.mjs").Host> }} */
const { scope, trustedHops, hosts } = JSON.parse(readFileSync(env["LIMITS_FILE"] ?? "", "utf8"));
const store = new Store({
  host: env["STORE_HOST"] ?? "",
  port: Number(env["STORE_PORT"]),
  tls: env["STORE_TLS"] !== "false",
  password: env["STORE_PASSWORD"],
  timeoutMs: 250,
});
const report = reporter((line) => process.stdout.write(line));

/** @type {(request: import("node:http").IncomingMessage) => Promise<number>} */
async function waitOf({ headers, socket, url = "/" }) {
  const host = hosts[(headers.host ?? "").replace(/:\d+$/, "").toLowerCase()];
  const limits = host === undefined ? [] : limitsOf(host, url);
  if (host === undefined || limits.length === 0) return 0;
  const forwardedFor = [headers["x-forwarded-for"] ?? []].flat().join(",") || undefined;
  const client = clientOf(forwardedFor, socket.remoteAddress, trustedHops);
  const counts = limits.map(([name, limit]) => ({
    ...limit,
    key: `${scope}:${host.service}:${name}`,
  }));
  try {
    const { waitMs } = await take(store, client, counts);
    report(undefined);
    return waitMs;
  } catch (error) {
    report(error instanceof Error ? error : new Error(String(error)));
    return 0;
  }
}

const server = createServer(async (request, response) => {
  const retryAfter = Math.ceil((await waitOf(request)) / 1000);
  if (retryAfter === 0) return void response.writeHead(200).end();
  const headers = { "Content-Type": "application/json", "Retry-After": retryAfter };
  const body = { error: "Too many requests", message: "Please try again later", retryAfter };
  response.writeHead(429, headers).end(JSON.stringify(body));
});
let isStopping = false;
const health = createServer(({ url }, response) => {
  response.writeHead(isStopping && url === "/ready" ? 503 : 200).end();
});

process.on("SIGTERM", () => {
  isStopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
health.listen(Number(env["HEALTH_PORT"] ?? 8081));
server.listen(Number(env["PORT"] ?? 8080));
