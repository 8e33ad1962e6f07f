import fc from "fast-check";

/** Ways in which a secret is exchanged, or is not. */
const exchanged = fc.oneof(
  fc.record({
    kind: fc.constant("generated"),
    rotation: fc.record({ everyDays: fc.integer({ min: 1, max: 365 }) }),
  }),
  fc.record({
    kind: fc.constantFrom("generated", "issued"),
    rotation: fc.record({
      cannotRotate: fc.constant("The vendor has no way to roll it."),
      renewDays: fc.option(fc.integer({ min: 1, max: 3650 }), { nil: undefined }),
    }),
  }),
);

/** Secrets by name, as a service declares them. */
export const generatedSecrets = (slug: fc.Arbitrary<string>) =>
  fc.dictionary(
    slug.map((name) => `s-${name}`),
    exchanged.map((how) => ({ purpose: "opens a door", ...how })),
    { maxKeys: 3 },
  );
