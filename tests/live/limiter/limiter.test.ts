import type { ChildProcess } from "node:child_process";
import { Agent } from "node:http";
import fc from "fast-check";
import { Store } from "../../../components/edge/limiter/program/store.mjs";
import { take } from "../../../components/edge/limiter/program/window.mjs";
import {
  end,
  freePort,
  send,
  startGateway,
  startLimiter,
  startStore,
  stopAll,
  until,
} from "../../support/limiter";

const hour = 3_600_000;
const limit = (requests: number, windowMs: number, paths = ["/"]) => ({
  paths,
  requests,
  windowMs,
});
const limits = (trustedHops: number, scope = "shop-staging") => ({
  scope,
  trustedHops,
  hosts: {
    "hundred.test": { service: "a", exempt: ["/health"], limits: { general: limit(100, hour) } },
    "short.test": { service: "b", exempt: [], limits: { general: limit(3, 1500) } },
    "two.test": {
      service: "c",
      exempt: [],
      limits: { general: limit(10, hour), auth: limit(2, hour, ["/auth"]) },
    },
  },
});

let storePort: number;
let store: ChildProcess;
let gateway: number;
let behindProxy: number;
beforeAll(async () => {
  storePort = await freePort();
  store = await startStore(storePort);
  const replicas = [0, 1].map(() => startLimiter(storePort, limits(0)));
  gateway = await startGateway(await Promise.all(replicas));
  behindProxy = await startGateway([await startLimiter(storePort, limits(1))]);
});
afterAll(stopAll);

let lastClient = 1;
/** An address that no test has called from. */
const client = () => `127.0.1.${++lastClient}`;

async function statuses(count: number, call: Parameters<typeof send>[1], port = gateway) {
  const results: number[] = [];
  for (let index = 0; index < count; index++) results.push((await send(port, call)).status);
  return results;
}

test("CB-W10, E9-W1: 100 requests at once over two replicas are served, the 101st is refused", async () => {
  const call = { host: "hundred.test", from: client() };
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  const answers = await Promise.all(Array.from({ length: 101 }, () => send(gateway, call, agent)));
  agent.destroy();

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(1);
  expect(refused[0]?.retryAfter).toBeGreaterThan(3500);
  expect(refused[0]?.retryAfter).toBeLessThanOrEqual(3600);
});

test("NS-W3: a refused client is told when to come back, and is served then", async () => {
  const call = { host: "short.test", from: client() };
  const started = performance.now();
  await statuses(3, call);
  const refused = await send(gateway, call);
  expect(refused).toEqual({ status: 429, retryAfter: 2 });

  await until(async () => (await send(gateway, call)).status === 200);
  // Asking while refused does not count, or it would never have been served again.
  expect(performance.now() - started).toBeGreaterThanOrEqual(1500);
});

test("CB-W10: what was served is not forgotten while a client is idle", async () => {
  const [idle, other] = [client(), client()];
  const call = { host: "two.test", path: "/auth", from: idle };
  expect(await statuses(2, call)).toEqual([200, 200]);
  // A whole short window passes, in which the idle client says nothing.
  const clock = { host: "short.test", from: other };
  await statuses(3, clock);
  await until(async () => (await send(gateway, clock)).status === 200);

  expect(await statuses(1, call)).toEqual([429]);
});

test("a path counts against every limit that covers it, and a full one leaves the others alone", async () => {
  const from = client();
  const auth = { host: "two.test", path: "/auth/login", from };
  expect(await statuses(4, auth)).toEqual([200, 200, 429, 429]);
  expect(await statuses(9, { host: "two.test", from })).toEqual([
    ...Array.from({ length: 8 }, () => 200),
    429,
  ]);
});

test("environments that use one store count apart", async () => {
  const clone = await startGateway([await startLimiter(storePort, limits(0, "shop-qa"))]);
  const call = { host: "two.test", path: "/auth", from: client() };
  expect(await statuses(3, call)).toEqual([200, 200, 429]);
  expect(await statuses(3, call, clone)).toEqual([200, 200, 429]);
});

test("NS-W3: health paths are exempt", async () => {
  const from = client();
  const results = await statuses(105, { host: "hundred.test", path: "/health/ready", from });
  expect(new Set(results)).toEqual(new Set([200]));
});

test("a client cannot pass for another by a header of its own", async () => {
  const from = client();
  const forged = ["203.0.113.1", "203.0.113.2", "203.0.113.3"];
  const call = { host: "two.test", path: "/auth", from };
  const results = forged.map((address) => send(gateway, { ...call, forged: address }));
  const found = (await Promise.all(results)).map(({ status }) => status);
  expect(found.sort()).toEqual([200, 200, 429]);
});

test("behind a proxy each client is known by the address that the proxy saw", async () => {
  const proxy = client();
  const call = { host: "two.test", path: "/auth", from: proxy };
  const first = { ...call, forged: "198.51.100.1" };
  expect(await statuses(3, first, behindProxy)).toEqual([200, 200, 429]);
  const second = { ...call, forged: "198.51.100.1, 198.51.100.2" };
  expect(await statuses(3, second, behindProxy)).toEqual([200, 200, 429]);
});

test("without its store the limiter lets requests pass, and with it again it remembers", async () => {
  const call = { host: "two.test", path: "/auth", from: client() };
  expect(await statuses(3, call)).toEqual([200, 200, 429]);
  await end(store);
  expect(await statuses(2, call)).toEqual([200, 200]);

  store = await startStore(storePort);
  await until(async () => (await send(gateway, call)).status === 429);
  expect((await send(gateway, call)).retryAfter).toBeGreaterThan(3000);
});

const pauses = fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 1, maxLength: 12 });

test("every decision is that of a naive model: fewer than allowed in the window before it", async () => {
  const address = { host: "127.0.0.1", port: storePort, tls: false, password: "open sesame" };
  const connection = new Store({ ...address, timeoutMs: 10_000 });
  let run = 0;
  const property = fc.asyncProperty(
    fc.record({
      requests: fc.integer({ min: 1, max: 4 }),
      windowMs: fc.integer({ min: 5, max: 60 }),
    }),
    pauses,
    async ({ requests, windowMs }, waits) => {
      const served: number[] = [];
      const key = `model-${run++}`;
      for (const pause of waits) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        const { atMs, waitMs } = await take(connection, "198.51.100.9", [
          { key, requests, windowMs },
        ]);
        const recent = served.filter((time) => time > atMs - windowMs);
        const oldest = recent.at(-requests);
        expect(waitMs).toBeCloseTo(oldest === undefined ? 0 : oldest + windowMs - atMs, 2);
        if (waitMs === 0) served.push(atMs);
      }
    },
  );
  await fc.assert(property, { numRuns: 60 });
  connection.close();
});
