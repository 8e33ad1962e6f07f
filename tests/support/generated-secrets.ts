import fc from "fast-check";
import { entriesOf, isTree, type Tree } from "../../settings/tree";

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

const treeOf = (value: unknown): Tree => (isTree(value) ? value : {});

/** The services where each shares its first secret with the next one in the cluster that has none like it. */
export function withConsumers(services: Tree): Tree {
  const running = Object.entries(services).filter(
    ([, service]) => isTree(service) && service["kind"] !== "browser",
  );
  const taken = new Set<string>();
  const sharing = running.map(([name, service], index): [string, unknown] => {
    const [consumer, other] = running[(index + 1) % running.length] ?? [];
    const secrets = isTree(service) ? entriesOf(service["secrets"]) : [];
    const [first] = secrets;
    const others = isTree(other) ? entriesOf(other["secrets"]) : [];
    const isTaken = others.some(([key]) => key === first?.[0]) || consumer === name;
    if (first === undefined || isTaken || taken.has(first[0])) return [name, service];
    taken.add(first[0]);
    const shared = { ...treeOf(first[1]), consumers: [consumer] };
    const own = { ...Object.fromEntries(secrets), [first[0]]: shared };
    return [name, { ...treeOf(service), secrets: own }];
  });
  return { ...services, ...Object.fromEntries(sharing) };
}
