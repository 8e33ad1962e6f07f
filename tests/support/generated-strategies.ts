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

/** Workloads of either kind, most of them with a strategy. */
export function ofEitherKind<T extends object>(settings: fc.Arbitrary<T>) {
  return fc
    .constantFrom(...kinds)
    .chain((kind) => fc.record({ kind: fc.constant(kind), strategy: fc.option(strategyOf(kind)) }))
    .chain(({ kind, strategy }) =>
      settings.map((rest) => ({ ...rest, kind, ...(strategy !== null && { strategy }) })),
    );
}
