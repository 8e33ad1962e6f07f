import fc from "fast-check";

const kinds = ["http", "worker"] as const;
const minutes = fc.integer({ min: 1, max: 120 });

const canary = fc.record(
  {
    type: fc.constant("canary"),
    steps: fc
      .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 10 })
      .map((weights) => weights.sort((a, b) => a - b).map((weight) => ({ weight, minutes: 5 }))),
    minimumRequests: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: ["type"] },
);

const blueGreen = fc.record(
  {
    type: fc.constant("blueGreen"),
    autoPromotion: fc.boolean(),
    previewMinutes: minutes,
    watchMinutes: minutes,
    scaleDownDelaySeconds: fc.integer({ min: 30, max: 86400 }),
  },
  { requiredKeys: ["type"] },
);

/** Every strategy but those that the kind of a service rules out. */
function strategyOf(kind: (typeof kinds)[number]) {
  const any = [fc.constant({ type: "rolling" }), canary];
  return kind === "worker" ? fc.oneof(...any) : fc.oneof(...any, blueGreen);
}

const itemsPerReplica = fc.integer({ min: 1, max: 100_000 });
const url = "https://sqs.eu-central-1.amazonaws.com/111122223333/work.fifo";
const queues = fc.record({
  sqs: fc.record(
    { kind: fc.constant("sqs"), url: fc.constant(url), itemsPerReplica },
    { requiredKeys: ["kind", "url"] },
  ),
  list: fc.record({ kind: fc.constant("list"), list: fc.constant("bull:mail:wait") }),
});

/** Workloads of either kind, most of them with a strategy, and workers with a queue. */
export function ofEitherKind<T extends { readonly cache?: unknown }>(settings: fc.Arbitrary<T>) {
  return fc
    .constantFrom(...kinds)
    .chain((kind) => fc.record({ kind: fc.constant(kind), strategy: fc.option(strategyOf(kind)) }))
    .chain(({ kind, strategy }) =>
      fc.tuple(settings, fc.option(queues)).map(([rest, queue]) => {
        const own = queue?.[rest.cache === undefined ? "sqs" : "list"];
        const taken = kind === "worker" && own !== undefined ? { queue: own } : {};
        return { ...rest, ...taken, kind, ...(strategy !== null && { strategy }) };
      }),
    );
}
