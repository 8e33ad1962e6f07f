import { containerPorts, scrapeAnnotations } from "../../../components/workload/scrape";
import { identity, workloadSettings } from "../../support/workload-settings";

const annotation = "ad.datadoghq.com/api.checks";

/** What the Agent is told to do for these settings. */
function instanceOf(given: Record<string, unknown>, service = "api"): unknown {
  const settings = workloadSettings({ metrics: { names: ["orders_created"] }, ...given });
  const annotations = scrapeAnnotations({ identity: { ...identity, service }, settings });
  const text = annotations[`ad.datadoghq.com/${service}.checks`] ?? "{}";
  // As the annotation is written here.
  const { openmetrics } = JSON.parse(text) as { openmetrics: { instances: unknown[] } };
  return openmetrics.instances[0];
}

test("CB-W8: the Agent reads the figures at /metrics/prometheus every 30 seconds", () => {
  const settings = workloadSettings({ metrics: { names: ["orders_created"] } });
  expect(scrapeAnnotations({ identity, settings })).toEqual({
    [annotation]: JSON.stringify({
      openmetrics: {
        init_config: {},
        instances: [
          {
            openmetrics_endpoint: "http://%%host%%:8080/metrics/prometheus",
            namespace: "api",
            metrics: ["^orders_created$"],
            min_collection_interval: 30,
          },
        ],
      },
    }),
  });
});

test("a service without figures is not read", () => {
  expect(scrapeAnnotations({ identity, settings: workloadSettings() })).toEqual({});
});

test.each([
  ["orders_created", "orders_created", true],
  ["orders_created", "orders_created_again", false],
  ["orders_created", "all_orders_created", false],
  ["orders_*", "orders_created", true],
  ["orders_*", "all_orders_created", false],
  ["*", "anything_at_all", true],
])("of the names %j the Agent keeps %s: %s", (name, shown, isKept) => {
  const instance = instanceOf({ metrics: { names: [name] } });
  const [pattern = ""] = (instance as { metrics: string[] }).metrics; // as above
  // The Agent searches for the pattern, at any place of the name.
  expect(new RegExp(pattern).test(shown)).toBe(isKept);
});

test("figures keep the first name of their service, in letters that Datadog takes", () => {
  expect(instanceOf({}, "shop-api")).toMatchObject({ namespace: "shop_api" });
  expect(instanceOf({ formerName: "old-shop" }, "shop-api")).toMatchObject({
    namespace: "old_shop",
  });
});

test.each([
  ["on the port of its requests by default", {}, [["http", 8080]]],
  [
    "on another where it says so",
    { port: 9464 },
    [
      ["http", 8080],
      ["figures", 9464],
    ],
  ],
  ["on the port of its requests, said", { port: 8080 }, [["http", 8080]]],
])("a container shows figures %s", (_, given, expected) => {
  const settings = workloadSettings({ metrics: { names: ["*"], ...given } });
  const ports = containerPorts(settings).map(({ name, containerPort }) => [name, containerPort]);
  expect(ports).toEqual(expected);
});
