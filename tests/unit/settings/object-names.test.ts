import { isTree } from "../../../settings/tree";
import { limitedConfiguration } from "../../support/limited-settings";
import { problemsOf, settingsOf } from "../../support/settings";

/** A platform of `api`, with everything that a service may have, and of one that is named so. */
function platformWith(name: string) {
  const limited = limitedConfiguration();
  const services = isTree(limited.catalogue["services"]) ? limited.catalogue["services"] : {};
  const { api, ...others } = services;
  const image = { repository: "ghcr.io/acme/other", digest: `sha256:${"0".repeat(64)}` };
  const volumes = { uploads: { mountPath: "/data", size: "1Gi" } };
  const database = { server: "main", name: "shop", migration: { command: ["migrate"] } };
  const whole = { ...(isTree(api) ? api : {}), volumes, database };
  const named = { ...others, api: whole, [name]: { kind: "worker", image } };
  return { ...limited, catalogue: { ...limited.catalogue, services: named } };
}

it.each([
  ["api-backup", "api"],
  ["api-migration", "api"],
  ["api-redirect", "api"],
  ["api-tls", "api"],
  ["api-volume-uploads", "api"],
  ["request-limiter", "the limiter of requests"],
])("a service may not be named %s, as the objects of %s are", (name, of) => {
  expect(problemsOf(platformWith(name))).toEqual([
    `Pulumi.yaml: config.services.default.${name}: is no free name; ${of} has objects of this name`,
  ]);
});

it("a name that only begins like another service's is free", () => {
  expect(Object.keys(settingsOf(platformWith("api-reports")).services)).toContain("api-reports");
});
