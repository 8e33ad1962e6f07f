import fc from "fast-check";
import { catalogueOf } from "../../../cli/secrets/catalogue";
import { secretsToSet } from "../../../cli/clone/names";
import { reachedConfigurations } from "../../support/edge-settings";
import { declare } from "../../support/program";
import type { Registration } from "../../support/record";
import { repositoryConfiguration, settingsOf, type Configuration } from "../../support/settings";

interface ExternalSecret {
  readonly data: readonly { readonly remoteRef: { readonly key: string } }[];
}

/** Entries that the program declares, each with the Kubernetes Secrets that it is brought to. */
function declaredIn(registrations: readonly Registration[]): string[] {
  const brought = registrations
    .filter(({ type }) => type === "kubernetes:external-secrets.io/v1:ExternalSecret")
    .flatMap(({ inputs }) => {
      const { name } = inputs["metadata"] as { readonly name: string }; // as the program names it
      const { data } = inputs["spec"] as ExternalSecret; // the API server's tests check its shape
      return data.map(({ remoteRef }) => ({ entry: remoteRef.key, name }));
    });
  const secretsOf = (entry: string) =>
    new Set(brought.filter((one) => one.entry === entry).map(({ name }) => name));
  return registrations
    .filter(({ type }) => type === "aws:secretsmanager/secret:Secret")
    .map(({ inputs }) => String(inputs["name"]))
    .map((name) => line(name, [...secretsOf(name)]))
    .sort();
}

function line(entry: string, secrets: readonly string[]): string {
  return `${entry} in ${secrets.toSorted().join(" and ") || "no Secret"}`;
}

async function both(configuration: Configuration) {
  const { environment, project } = configuration;
  const stack = { project, stack: environment, settings: settingsOf(configuration) };
  const declared = await declare({ settings: stack.settings, environment, project });
  const known = catalogueOf(stack).map(({ name, syncedAs }) => line(name, syncedAs));
  return { stack, declared: declaredIn(declared), known: known.sort() };
}

test.each(["staging", "production"])(
  "NS-S1: the catalogue has every entry that the program declares for %s, and no other",
  async (stack) => {
    const { declared, known } = await both(repositoryConfiguration(stack));
    expect(known).toEqual(declared);
    expect(known.length).toBeGreaterThan(10);
  },
);

test("NS-S1: the catalogue has what the program declares for any settings, and no other", async () => {
  const holders = new Set<string>();
  await fc.assert(
    fc.asyncProperty(reachedConfigurations, async (configuration) => {
      const { stack, declared, known } = await both(configuration);
      for (const [holder = ""] of catalogueOf(stack).map(({ consumers }) => consumers))
        holders.add(holder.replace(/^files-.*/, "files"));
      expect(known).toEqual(declared);
      expect(new Set(known).size).toBe(known.length);
      expect(known.map((text) => text.split(" ")[0])).toEqual(
        expect.arrayContaining(secretsToSet(stack)),
      );
    }),
    { numRuns: 15 },
  );
  expect([...holders]).toEqual(
    expect.arrayContaining(["request-limiter", "rollout-analysis", "files"]),
  );
});
