import { isRecord } from "../../../sandbox/properties";
import { declare } from "../../support/program";
import { repositoryConfiguration, settingsOf } from "../../support/settings";
import { only, type Registration } from "../../support/record";

const deployment = "kubernetes:apps/v1:Deployment";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const agent = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } };

/** What staging declares on a cluster whose Agent is elsewhere. */
function declared(): Promise<Registration[]> {
  const { stack, ...rest } = repositoryConfiguration("staging");
  const { cluster } = stack;
  const provides = isRecord(cluster) && isRecord(cluster["provides"]) ? cluster["provides"] : {};
  const elsewhere = { version: "7.71.0", namespace: "watch", service: "dd-agent" };
  const settings = settingsOf({
    ...rest,
    stack: {
      ...stack,
      cluster: {
        ...(isRecord(cluster) && cluster),
        provides: { ...provides, datadogAgent: elsewhere },
      },
    },
  });
  return declare({ settings, environment: "staging", project: "plinth" });
}

test("CB-W8: the Agent of each node reads the figures of api, and is let in to do so", async () => {
  const all = await declared();
  expect(only(all, deployment, "api").inputs).toMatchObject({
    spec: {
      template: {
        metadata: {
          annotations: {
            "ad.datadoghq.com/api.checks": expect.stringContaining(
              '"openmetrics_endpoint":"http://%%host%%:8080/metrics/prometheus"',
            ) as unknown,
          },
        },
      },
    },
  });
  const [, figures] = rules(only(all, networkPolicy, "api-network-policy"), "ingress");
  expect(figures).toEqual({ from: [agent], ports: [{ protocol: "TCP", port: 8080 }] });
  expect(rules(only(all, networkPolicy, "jobs-network-policy"), "ingress")).toEqual([]);
});

test("traces and figures of every service and job go to the Agent's Service, which is let out to (TS-M4)", async () => {
  const all = await declared();
  const value = "dd-agent.watch.svc.cluster.local";
  for (const name of ["api", "jobs"]) {
    expect(only(all, deployment, name).inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              { env: expect.arrayContaining([{ name: "DD_AGENT_HOST", value }]) as unknown },
            ],
          },
        },
      },
    });
    expect(rules(only(all, networkPolicy, `${name}-network-policy`), "egress")).toContainEqual({
      to: [agent],
      ports: [
        { protocol: "TCP", port: 8126 },
        { protocol: "UDP", port: 8125 },
      ],
    });
  }
  const jobs = JSON.stringify(all.filter(({ type }) => type === "kubernetes:batch/v1:CronJob"));
  expect(jobs).toContain(value);
  expect(JSON.stringify(all)).not.toContain("datadog-agent.");
});

function rules({ inputs }: Registration, way: "ingress" | "egress"): unknown[] {
  const { spec } = inputs;
  const found = isRecord(spec) ? spec[way] : undefined;
  return Array.isArray(found) ? found : [];
}
