import { AlertRouting } from "../../../components/alerting/alert-routing";
import type { Settings } from "../../../settings/stack";
import { identities, only, record } from "../../support/record";

const alerting: Settings["alerting"] = {
  routes: {
    P1: ["pagerduty", "slack:#alerts"],
    P2: ["pagerduty"],
    P3: ["slack:#alerts"],
    P4: ["slack:#alerts"],
    P5: ["email:ops@example.com"],
  },
  slack: { account: "acme" },
  pagerduty: {
    escalation: [
      { delayMinutes: 5, users: [], schedules: ["PSCHED1"] },
      { delayMinutes: 15, users: ["PUSER01", "PUSER02"], schedules: [] },
    ],
  },
};

const routing = (settings = alerting): AlertRouting =>
  new AlertRouting("alerting", { pagerService: "shop-production", alerting: settings });

const issued = {
  "pagerduty:index/serviceIntegration:ServiceIntegration": () => ({
    integrationKey: "k".repeat(32),
  }),
};

describe("alert routing", () => {
  test("declares both sides of every link that a route uses", async () => {
    expect(identities(await record(routing, issued))).toEqual([
      "datadog:pagerduty/serviceObject:ServiceObject alerting-pagerduty",
      "datadog:slack/channel:Channel alerting-slack-alerts",
      "pagerduty:index/escalationPolicy:EscalationPolicy alerting-escalation",
      "pagerduty:index/service:Service alerting",
      "pagerduty:index/serviceIntegration:ServiceIntegration alerting-datadog",
      "plinth:alerting:AlertRouting alerting",
    ]);
  });

  test("declares nothing that no route uses", async () => {
    const mail: ["email:ops@example.com"] = ["email:ops@example.com"];
    const routes = { P1: mail, P2: mail, P3: mail, P4: mail, P5: mail };
    expect(identities(await record(() => routing({ ...alerting, routes })))).toEqual([
      "plinth:alerting:AlertRouting alerting",
    ]);
  });

  test("hangs every child under itself", async () => {
    const [self, ...children] = (await record(routing, issued)).reverse();
    expect(self?.name).toBe("alerting");
    expect(children.map(({ parent }) => parent)).toEqual(children.map(() => "alerting"));
  });

  test("TS-A2: calls the levels in order and starts over while nobody answers", async () => {
    const type = "pagerduty:index/escalationPolicy:EscalationPolicy";
    const { inputs } = only(await record(routing, issued), type, "alerting-escalation");
    expect(inputs).toMatchObject({
      numLoops: 9,
      rules: [
        {
          escalationDelayInMinutes: 5,
          targets: [{ type: "schedule_reference", id: "PSCHED1" }],
        },
        {
          escalationDelayInMinutes: 15,
          targets: [
            { type: "user_reference", id: "PUSER01" },
            { type: "user_reference", id: "PUSER02" },
          ],
        },
      ],
    });
  });

  test("lets a page end by recovery or by a person, never by a clock", async () => {
    const { inputs } = only(
      await record(routing, issued),
      "pagerduty:index/service:Service",
      "alerting",
    );
    expect(inputs).toEqual({
      name: "shop-production",
      description: "Alerts of one environment, from Datadog.",
      escalationPolicy: "alerting-escalation-id",
      alertCreation: "create_alerts_and_incidents",
      autoResolveTimeout: "null",
      acknowledgementTimeout: "1800",
      incidentUrgencyRule: { type: "constant", urgency: "high" },
    });
  });

  test("NS-A1: gives Datadog the key that PagerDuty issued, as a secret", async () => {
    const type = "datadog:pagerduty/serviceObject:ServiceObject";
    const { inputs } = only(await record(routing, issued), type, "alerting-pagerduty");
    expect(inputs).toEqual({
      serviceName: "shop-production",
      serviceKey: { secret: "k".repeat(32) },
    });
  });

  test("refuses a route to a pager that is not there", async () => {
    const { pagerduty, ...rest } = alerting;
    expect(pagerduty).toBeDefined();
    await expect(record(() => routing(rest))).rejects.toThrow(
      "alerting.routes names the pager, but alerting.pagerduty is missing",
    );
  });
});
