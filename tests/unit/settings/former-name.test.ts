import { keptAs } from "../../../settings/former-name";
import { namesOf } from "../../../components/names";
import { accessArgs } from "../../../components/service-secrets";
import { withValue } from "../../../sandbox/plain";
import { apiWith, problemsOf, settingsOf, smallConfiguration } from "../../support/settings";

/** The small configuration with services that say what they were called. */
function withFormerNames(names: Readonly<Record<string, string>>) {
  const small = smallConfiguration();
  const renamed = Object.entries(names).reduce<unknown>(
    (services, [name, formerName]) => withValue(services, [name], { kind: "browser", formerName }),
    small.catalogue["services"],
  );
  return { ...small, catalogue: { ...small.catalogue, services: renamed } };
}

test("what a service was called says where its data is", () => {
  const settings = settingsOf(withFormerNames({ shop: "store" }));
  expect(Object.entries(settings.services).map(([name, service]) => keptAs(name, service))).toEqual(
    ["api", "web", "store"],
  );
});

test("the role of a renamed service opens the entries of its former name", () => {
  const settings = settingsOf(apiWith({ formerName: "backend" }));
  const { api } = settings.services;
  if (api === undefined || api.kind === "browser") throw new Error("api is a workload");
  const names = namesOf({ project: "shop", env: "staging" });
  const identity = { service: "api", env: "staging", version: "1", team: "shop" };
  const environment = { settings, names, namespace: "shop", secretsKeyArn: "arn:key" };
  // What the arguments need of the environment.
  const running = { settings: api, environment } as unknown as Parameters<typeof accessArgs>[1];
  expect(accessArgs(identity, running, "urn")).toMatchObject({
    identity: { service: "api" },
    secrets: { path: "shop/staging/backend" },
  });
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  [
    "its own name",
    { shop: "shop" },
    /shop\.formerName: is shop; must be a name that it has no more/,
  ],
  [
    "the name of another",
    { shop: "api" },
    /shop\.formerName: is api; .*: api keeps its data under it/,
  ],
  [
    "what another had as well",
    { shop: "store", mall: "store" },
    /formerName: is store; .*keeps its data under it/,
  ],
])("a former name that is %s is refused", (_, names, expected) => {
  const problems = problemsOf(withFormerNames(names));
  expect(problems).not.toEqual([]);
  expect(problems.join("\n")).toMatch(expected);
});
