import { parse } from "yaml";
import { isTree } from "../../../settings/tree";
import { limitedConfiguration } from "../../support/limited-settings";
import { settingsOf } from "../../support/settings";

/** Everything that a service in production needs to be told: catalogue and what differs there. */
const service = `
kind: http
team: shop
image: { repository: ghcr.io/acme/shop-api, digest: "sha256:${"0".repeat(64)}", version: 1.4.2 }
edge:
  cors: { origins: ["https://www.acme.example"] }
  rateLimits:
    general: {}
    auth: { paths: [/auth], requests: 10 }
    password-reset: { paths: [/auth/password-reset], requests: 3, windowMinutes: 60 }
    uploads: { paths: [/uploads], requests: 20 }
secrets:
  jwt: { purpose: signs the access tokens, kind: generated, rotation: { everyDays: 90 } }
database: { server: main, name: shop }
volumes:
  uploads: { mountPath: /data/uploads, size: 20Gi }
`.trim();

test("a complete http service of production takes 20 lines of settings at most", () => {
  expect(service.split("\n").length).toBeLessThanOrEqual(20);

  const limited = limitedConfiguration();
  const parsed: unknown = parse(service);
  const catalogue = { ...limited.catalogue, services: { api: parsed } };
  const stack = { ...limited.stack, tier: "production", overrides: {}, data: { lockDays: 14 } };
  const { api } = settingsOf({ ...limited, catalogue, stack }).services;

  const parts = ["replicas", "autoscaling", "health", "database", "edge", "thresholds", "errors"];
  expect(isTree(api) ? Object.keys(api) : []).toEqual(expect.arrayContaining(parts));
  expect(api).toMatchObject({ kind: "http", replicas: { min: 3, max: 10 } });
});
