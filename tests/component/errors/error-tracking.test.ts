import * as pulumi from "@pulumi/pulumi";
import { ErrorTracking } from "../../../components/errors/error-tracking";
import { identities, only, record } from "../../support/record";

const dsn = "https://public@o1.ingest.sentry.io/2";

const tracking = (): ErrorTracking =>
  new ErrorTracking("api", {
    organization: "acme",
    team: pulumi.output("core"),
    projectSlug: "shop-production-api",
    eventsPerMinute: 600,
  });

const issued = { "sentry:index/sentryKey:SentryKey": () => ({ dsnPublic: dsn }) };

describe("error tracking", () => {
  test("NS-E1: is a project of its own with one key", async () => {
    const registrations = await record(tracking, issued);
    expect(identities(registrations)).toEqual([
      "plinth:errors:ErrorTracking api",
      "sentry:index/sentryKey:SentryKey api-key",
      "sentry:index/sentryProject:SentryProject api",
    ]);
    expect(registrations.slice(1).map(({ parent }) => parent)).toEqual(["api", "api"]);
  });

  test("names the project and leaves its platform out", async () => {
    const { inputs } = only(
      await record(tracking, issued),
      "sentry:index/sentryProject:SentryProject",
      "api",
    );
    expect(inputs).toEqual({
      organization: "acme",
      name: "shop-production-api",
      slug: "shop-production-api",
      teams: ["core"],
    });
  });

  test("cuts a name that Sentry would refuse, and no slug", async () => {
    const projectSlug = "shop-production-".padEnd(80, "x");
    const registrations = await record(
      () =>
        new ErrorTracking("api", {
          organization: "acme",
          team: "core",
          projectSlug,
          eventsPerMinute: 1,
        }),
      issued,
    );
    const { inputs } = only(registrations, "sentry:index/sentryProject:SentryProject", "api");
    expect(inputs).toMatchObject({ name: projectSlug.slice(0, 50), slug: projectSlug });
  });

  test("accepts no more events a minute than it is told", async () => {
    const { inputs } = only(
      await record(tracking, issued),
      "sentry:index/sentryKey:SentryKey",
      "api-key",
    );
    expect(inputs).toEqual({
      organization: "acme",
      project: "shop-production-api",
      name: "shop-production-api",
      rateLimitCount: 600,
      rateLimitWindow: 60,
    });
  });

  test("NS-S4: gives the DSN as a secret", async () => {
    const made: ErrorTracking[] = [];
    await record(() => made.push(tracking()), issued);
    const output = made[0]?.dsn;
    const told = new Promise((resolve) => output?.apply(resolve));
    expect(await told).toBe(dsn);
    expect(await pulumi.isSecret(pulumi.output(output))).toBe(true);
  });
});
