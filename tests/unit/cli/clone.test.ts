import fc from "fast-check";
import { heldNames, secretsToSet, sharedNames } from "../../../cli/clone/names";
import { cloneText, mostLines } from "../../../cli/clone/stack-file";
import { problemText } from "../../../settings/problem";
import { parseStackFile } from "../../../settings/files";
import { exclusives } from "../../../settings/exclusive";
import { resolveSettings } from "../../../settings/resolve";
import type { Settings } from "../../../settings/stack";
import type { Tier } from "../../../settings/tiers";
import { entriesOf } from "../../../settings/tree";
import { cacheWith } from "../../support/cache-settings";
import { stackFileText } from "../../support/configuration-files";
import {
  configurations,
  givenOf,
  settingsOf,
  smallConfiguration,
  stackWith,
  type Configuration,
} from "../../support/settings";

/** What comes out of resolving a clone beside the stack that it is like. */
function resolvedClone(configuration: Configuration, to: string, tier?: Tier) {
  const { project, environment } = configuration;
  const settings = settingsOf(configuration);
  const text = cloneText({ project, from: environment, to, settings, tier });
  const file = { name: `Pulumi.${to}.yaml`, text };
  const siblings = { [environment]: stackFileText(configuration) };
  const given = { ...givenOf(configuration, siblings), environment: to };
  const resolution = resolveSettings({ ...given, stack: parseStackFile(file, project) });
  return { text, resolution };
}

function cloned(configuration: Configuration, to: string, tier?: Tier): Settings {
  const { resolution } = resolvedClone(configuration, to, tier);
  if (!resolution.ok) throw new Error(resolution.problems.map(problemText).join("\n"));
  return resolution.settings;
}

/** The small configuration with two services that are reached, one at a host that it names. */
function reached(domain: string): Configuration {
  const small = smallConfiguration();
  const image = { digest: `sha256:${"0".repeat(64)}` };
  const www = { kind: "http", image: { repository: "ghcr.io/acme/www" } };
  const services = Object.fromEntries(entriesOf(small.catalogue["services"]));
  const cluster = Object.fromEntries(entriesOf(small.stack["cluster"]));
  const provides = {
    ...Object.fromEntries(entriesOf(cluster["provides"])),
    gateway: { version: "1.5.1", name: "public", namespace: "gateway" },
    certManager: { version: "1.20.0", issuer: "letsencrypt" },
  };
  const overrides = {
    api: { image, edge: {} },
    www: { image, edge: { hosts: ["www.acme.example"] } },
  };
  return {
    ...small,
    catalogue: { ...small.catalogue, services: { ...services, www } },
    stack: { ...small.stack, domain, cluster: { ...cluster, provides }, overrides },
  };
}

const targets = (target: string) =>
  Object.fromEntries(["P1", "P2", "P3", "P4", "P5"].map((priority) => [priority, [target]]));
const escalation = [{ delayMinutes: 10, users: ["PABC123"] }];

describe("a clone", () => {
  it("says only what differs", () => {
    const { text } = resolvedClone(smallConfiguration(), "qa");
    expect(text.split("\n")).toEqual([
      "# Cloned from staging: what is not said here holds as it does there.",
      "config:",
      "  shop:like: staging",
      "  shop:overrides:",
      "    api: { database: { name: api_qa } }",
      "",
    ]);
  });

  it("of any valid stack is valid and shares no name with it", () => {
    fc.assert(
      fc.property(configurations, fc.constantFrom("qa", "qa-2"), (configuration, to) => {
        const { project, environment } = configuration;
        const { alerting } = configuration.stack;
        fc.pre(!JSON.stringify(alerting).includes('"P1":["pagerduty"]'));
        const settings = cloned(configuration, to);
        const parent = { project, stack: environment, settings: settingsOf(configuration) };
        expect(sharedNames({ project, stack: to, settings }, [parent])).toEqual([]);
      }),
    );
  });

  it("has at most as many lines as a person reads at a glance", () => {
    const alerting = { routes: targets("slack:#shop-staging"), slack: { account: "acme" } };
    const { text } = resolvedClone(stackWith({ alerting }), "qa", "preview");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(mostLines);
  });

  it("takes another tier where it is told to", () => {
    expect(cloned(smallConfiguration(), "qa", "preview")).toMatchObject({
      tier: "preview",
      data: { protect: false },
    });
  });

  it("has Slack channels of its own, named as the other's", () => {
    const alerting = {
      routes: { ...targets("slack:#shop-staging"), P5: ["slack:#shop"] },
      slack: { account: "acme" },
    };
    expect(cloned(stackWith({ alerting }), "qa").alerting.routes).toEqual({
      ...targets("slack:#shop-qa"),
      P5: ["slack:#shop-qa"],
    });
  });

  it.each([
    ["staging.acme.example", ["api.qa.acme.example", "qa.www.acme.example"]],
    ["acme.example", ["api.qa.acme.example", "qa.www.acme.example"]],
  ])("of a stack under %s has hosts of its own", (domain, hosts) => {
    const configuration = reached(domain);
    const settings = cloned(configuration, "qa");
    const own = exclusives(settings).filter(({ what }) => what === "host");
    expect(own.map(({ id }) => id)).toEqual(hosts);
  });

  it("that is not production wakes nobody", () => {
    const alerting = {
      routes: { ...targets("email:shop@acme.example"), P1: ["pagerduty"] },
      pagerduty: { escalation },
    };
    const settings = cloned(stackWith({ tier: "production", alerting }), "qa", "staging");
    expect(settings.alerting).toEqual({ routes: targets("email:shop@acme.example") });
  });

  it("that is production pages as the other does", () => {
    const alerting = { routes: targets("pagerduty"), pagerduty: { escalation } };
    const settings = cloned(stackWith({ tier: "production", alerting }), "eu");
    expect(settings.alerting.routes).toEqual(targets("pagerduty"));
  });

  it("is refused where every alert only pages and nobody may be woken", () => {
    const alerting = { routes: targets("pagerduty"), pagerduty: { escalation } };
    expect(() => cloned(stackWith({ alerting }), "qa")).toThrow(
      "every alert of staging only pages",
    );
  });

  it("has every secret still to be set", () => {
    const settings = cloned(smallConfiguration(), "qa");
    expect(secretsToSet({ project: "shop", stack: "qa", settings })).toEqual([
      "shop/qa/api/database-password",
      "shop/qa/rollout-analysis/datadog-api-key",
      "shop/qa/rollout-analysis/datadog-app-key",
    ]);
  });

  it("has no secret to be set that rotates by itself, such as a cache's password", () => {
    const settings = cloned(cacheWith({}), "qa");
    const names = secretsToSet({ project: "shop", stack: "qa", settings });
    expect(names.filter((name) => /cache-password|jwt/.test(name))).toEqual([]);
  });
});

describe("names of two stacks", () => {
  const small = settingsOf(smallConfiguration());
  const named = (stack: string, service: string) => ({
    project: "shop",
    stack,
    settings: { ...small, services: { [service]: { ...browser() } } },
  });
  const browser = () => {
    const { web } = small.services;
    if (web === undefined) throw new Error("the small configuration has a front end");
    return web;
  };

  it("are shared where stack and service together read the same", () => {
    expect(sharedNames(named("qa", "eu-web"), [named("qa-eu", "web")])).toEqual([
      { what: "Sentry project", name: "acme/shop-qa-eu-web", other: "qa-eu" },
    ]);
  });

  it("are those of everything that somebody outside refers to", () => {
    const held = heldNames({ project: "shop", stack: "qa", settings: small });
    expect(new Set(held.map(({ what }) => what))).toEqual(
      new Set([
        "namespace",
        "bucket",
        "function",
        "key alias",
        "pager service",
        "GitHub environment",
        "path of secrets",
        "Sentry project",
        "database",
      ]),
    );
  });
});
