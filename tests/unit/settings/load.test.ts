import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings, type Run } from "../../../settings/load";
import { effectiveSettings } from "../../../settings/provenance";
import { readGiven } from "../../../settings/read";
import { resolveSettings } from "../../../settings/resolve";
import { entriesOf, type Tree } from "../../../settings/tree";
import { projectFileText, stackFileText } from "../../support/configuration-files";
import { smallConfiguration, type Configuration } from "../../support/settings";

const directory = mkdtempSync(join(tmpdir(), "plinth-settings-"));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Writes a configuration to files, and gives the run that an engine would make of it. */
function written(configuration: Configuration, handed: Tree = configuration.stack): Run {
  const { project, environment, catalogue } = configuration;
  writeFileSync(join(directory, "Pulumi.yaml"), projectFileText(configuration));
  writeFileSync(join(directory, `Pulumi.${environment}.yaml`), stackFileText(configuration));
  const values = Object.entries({ ...catalogue, ...handed }).map(
    ([key, value]): [string, string] => [
      `${project}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ],
  );
  const config = Object.fromEntries(values);
  return { stack: environment, directory, config, secretKeys: [] };
}

function stackWith(change: Tree): Configuration {
  const small = smallConfiguration();
  return { ...small, stack: { ...small.stack, ...change } };
}

describe("the settings of a run", () => {
  it("carry the names of project and environment", () => {
    const loaded = loadSettings(written(smallConfiguration()));
    expect(loaded).toMatchObject({ project: "shop", environment: "staging" });
    expect(loaded.settings.tier).toBe("staging");
  });

  it("throw one error that names the file and path of each problem", () => {
    const run = written(stackWith({ tier: "stagin", datadog: { site: "datadoghq.com", sit: 1 } }));
    expect(() => loadSettings(run)).toThrow(
      [
        "The settings of staging have 2 problems:",
        '  Pulumi.staging.yaml: shop:tier: is "stagin"; must be one of production, staging, preview; did you mean "staging"?',
        '  Pulumi.staging.yaml: shop:datadog.sit: unknown key; known are site; did you mean "site"?',
      ].join("\n"),
    );
  });

  it("are those that the engine hands over, where it read another file", () => {
    const handed = { ...smallConfiguration().stack, tier: "preview" };
    expect(loadSettings(written(smallConfiguration(), handed)).settings.tier).toBe("preview");
  });

  it("are refused with the path alone, where the engine read another file", () => {
    const handed = { ...smallConfiguration().stack, tier: "stagin" };
    const run = written(smallConfiguration(), handed);
    expect(() => loadSettings(run)).toThrow("configuration: shop:tier: is");
  });

  it("are refused where the stack replaced the catalogue", () => {
    const run = written(stackWith({ services: {} }));
    expect(() => loadSettings(run)).toThrow("shop:services: replaces services");
  });

  it("are refused where the engine decrypted a secret, without its value", () => {
    const handed = { ...smallConfiguration().stack, tier: "canary-5d1f" };
    const run = { ...written(smallConfiguration(), handed), secretKeys: ["shop:tier"] };
    expect(() => loadSettings(run)).toThrow("shop:tier: is a secret");
    expect(() => loadSettings(run)).not.toThrow("canary-5d1f");
  });
});

describe("a stack that is like another", () => {
  const api = (name: string) => ({ api: { database: { name } } });
  const like = (stack: Tree): Configuration => ({
    ...smallConfiguration(),
    environment: "qa",
    stack: { like: "staging", ...stack },
  });

  it("takes over what it does not say itself", () => {
    written(smallConfiguration());
    const { settings } = loadSettings(written(like({ tier: "preview", overrides: api("api_qa") })));
    expect(settings.aws.region).toBe("eu-central-1");
    expect(settings.services["api"]).toMatchObject({
      database: { name: "api_qa", server: "main" },
      image: { digest: `sha256:${"0".repeat(64)}` },
      replicas: { min: 1, max: 2 },
    });
  });

  it("does not take over what has one owner", () => {
    written(stackWith({ owns: ["sentry-team"] }));
    expect(loadSettings(written(like({ overrides: api("api_qa") }))).settings.owns).toEqual([]);
  });

  it("lacks a section that it removes", () => {
    written(stackWith({ delivery: { branches: ["main"] } }));
    const { settings } = loadSettings(written(like({ delivery: null, overrides: api("api_qa") })));
    expect(settings.delivery).toBeUndefined();
  });

  it.each([
    [
      "databases",
      {},
      "shop:overrides.api.database.name: uses the database db.acme.internal:5432/api, as staging does; must be a database of its own",
    ],
    [
      "Slack channels",
      {},
      "shop:alerting.routes.P1[0]: uses the Slack channel acme/#shop, as staging does; must be a Slack channel of its own",
    ],
  ])("is refused where it would use the other's %s", (_, change, text) => {
    const { routes } = Object.fromEntries(entriesOf(smallConfiguration().stack["alerting"]));
    const slack = { account: "acme" };
    written(
      stackWith({
        alerting: {
          routes: { ...Object.fromEntries(entriesOf(routes)), P1: ["slack:#shop"] },
          slack,
        },
      }),
    );
    const run = written(like(change));
    expect(() => loadSettings(run)).toThrow(`Pulumi.qa.yaml: ${text}`);
  });

  it.each([
    ["stagin", 'must be another stack with a file of its own: staging; did you mean "staging"?'],
    ["qa", "must be another stack with a file of its own: staging"],
  ])("%s is refused where there is no such stack", (other, text) => {
    written(smallConfiguration());
    const run = written(like({ like: other }));
    expect(() => loadSettings(run)).toThrow(
      `The settings of qa have 1 problem:\n  Pulumi.qa.yaml: shop:like: is "${other}"; ${text}`,
    );
  });

  it("is refused where the other is like a third", () => {
    written(like({ overrides: api("api_qa") }));
    const third = { ...like({ like: "qa" }), environment: "third" };
    expect(() => loadSettings(written(third))).toThrow("Pulumi.qa.yaml is like another one");
  });
});

describe("effective settings", () => {
  it("say of each value where it came from", () => {
    written(smallConfiguration());
    const resolution = resolveSettings(readGiven(directory, "staging"));
    if (!resolution.ok) throw new Error("the small configuration is valid");
    const sources = new Map(
      effectiveSettings(resolution).map(({ path, value, source }) => [path, { value, source }]),
    );
    expect(sources.get("services.api.kind")).toEqual({
      value: "http",
      source: "Pulumi.yaml: config.services.default.api.kind",
    });
    expect(sources.get("services.api.image.digest")?.source).toBe(
      "Pulumi.staging.yaml: shop:overrides.api.image.digest",
    );
    expect(sources.get("services.api.replicas.min")).toEqual({
      value: 2,
      source: "default of tier staging",
    });
    expect(sources.get("services.api.port")).toEqual({ value: 8080, source: "default" });
  });
});

describe("the repository's own stacks", () => {
  it.each(["staging", "production"])("%s is valid", (stack) => {
    const resolution = resolveSettings(readGiven(join(__dirname, "../../.."), stack));
    expect(resolution).toMatchObject({ ok: true });
  });
});
