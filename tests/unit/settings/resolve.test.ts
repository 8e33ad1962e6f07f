import fc from "fast-check";
import { namesOf } from "../../../components/names";
import { longestScope } from "../../../settings/names";
import { resolveSettings } from "../../../settings/resolve";
import { misspellings, wrongTypes } from "../../support/mutations";
import {
  apiWith,
  configurations,
  givenOf,
  problemsOf,
  repositoryConfiguration,
  settingsOf,
  smallConfiguration,
  stackWith,
} from "../../support/settings";

const at = "Pulumi.staging.yaml: shop:";

describe("valid settings", () => {
  it("resolve, whatever services, tier and options they have", () => {
    fc.assert(
      fc.property(configurations, (configuration) => {
        expect(problemsOf(configuration)).toEqual([]);
      }),
    );
  });

  it("hold what the stack file overrides, else what the catalogue says, else the default", () => {
    const { services } = settingsOf(apiWith({ port: 9090, replicas: { max: 3 } }));
    expect(services["api"]).toMatchObject({
      port: 9090,
      replicas: { min: 2, max: 3 },
      image: { repository: "ghcr.io/acme/api" },
    });
  });

  it.each([
    ["production", { min: 3, max: 10 }],
    ["staging", { min: 2, max: 4 }],
    ["preview", { min: 1, max: 2 }],
  ])("of tier %s default to the replicas of that tier", (tier, replicas) => {
    expect(settingsOf(stackWith({ tier })).services["api"]).toMatchObject({ replicas });
  });

  it("lose a service that the stack file removes", () => {
    const image = { digest: `sha256:${"0".repeat(64)}` };
    const overrides = { api: { image }, web: null };
    expect(Object.keys(settingsOf(stackWith({ overrides })).services)).toEqual(["api"]);
  });

  it("may leave the project's prefix out, as Pulumi allows", () => {
    const given = givenOf(smallConfiguration());
    const entries = given.stack.entries.map((entry) => ({
      ...entry,
      origin: { ...entry.origin, start: entry.key },
    }));
    expect(resolveSettings({ ...given, stack: { ...given.stack, entries } }).ok).toBe(true);
  });
});

describe("a mistake", () => {
  it.each(["staging", "production"])(
    "in the spelling of any key of %s is refused at its path, with the key that was meant",
    (stack) => {
      const all = misspellings(repositoryConfiguration(stack));
      for (const { configuration, file, path, suggestion } of all) {
        const [line, ...others] = problemsOf(configuration);
        expect(line).toMatch(
          new RegExp(
            `^${escaped(`${file}: ${path}: `)}.*did you mean "${escaped(suggestion ?? "")}"`,
          ),
        );
        expect(others).toEqual([]);
      }
      expect(all.length).toBeGreaterThan(100);
    },
  );

  it("in the type of any value is refused at its path", () => {
    const all = wrongTypes(repositoryConfiguration("staging"));
    for (const { configuration, file, path } of all) {
      const lines = problemsOf(configuration);
      expect(lines).toContainEqual(expect.stringMatching(`^${escaped(`${file}: ${path}`)}`));
    }
    expect(all.length).toBeGreaterThan(50);
  });

  it("in the spelling of a key is refused in any configuration", () => {
    const mistaken = configurations.chain((configuration) =>
      fc.constantFrom(...misspellings(configuration)),
    );
    fc.assert(
      fc.property(mistaken, ({ configuration, file, path }) => {
        const lines = problemsOf(configuration);
        expect(lines).toContainEqual(expect.stringMatching(`^${escaped(`${file}: ${path}: `)}`));
      }),
    );
  });

  it("does not hide another: all of a run are reported at once", () => {
    const lines = problemsOf({
      ...stackWith({ teir: "x", aws: { region: "mars", accountId: 111122223333 } }),
    });
    expect(lines).toEqual([
      expect.stringContaining("shop:teir: unknown key"),
      `${at}aws.region: is "mars"; must be a region such as "eu-central-1"`,
      `${at}aws.accountId: is the number 111122223333; must be 12 digits in quotes`,
    ]);
  });

  it("in the YAML itself is reported with its line, and without what follows from it", () => {
    const given = givenOf(smallConfiguration());
    const broken = {
      ...given.stack,
      readable: false,
      problems: [{ file: "f", path: "line 2", given: "is not YAML" }],
    };
    const resolution = resolveSettings({ ...given, stack: broken });
    expect(resolution).toEqual({ ok: false, problems: broken.problems });
  });
});

describe("an error", () => {
  it.each([
    ["a plain variable", { environment: { CONNECTION: ["canary-5d1f"] } }],
    ["a key that holds a token", { secrets: { jwt: { purpose: ["canary-5d1f"] } } }],
    ["something that has the shape of a token", { port: "ghp_canary-5d1f" }],
    ["something long", { port: `canary-5d1f${"x".repeat(80)}` }],
  ])("does not repeat the value of %s", (_, change) => {
    const lines = problemsOf(apiWith(change));
    expect(lines).not.toEqual([]);
    expect(lines.join("\n")).not.toContain("canary-5d1f");
  });
});

describe("a name of a stack", () => {
  it("that is allowed leaves room for the bucket's", () => {
    const { backupBucket } = namesOf({ project: "p", env: "e".repeat(longestScope - 1) });
    expect(backupBucket("111122223333")).toHaveLength(63);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
