import { Properties } from "../../../../../sandbox/properties";
import { pagerService, slackChannel } from "../../../../../sandbox/rules/datadog/integrations";
import { refusedAtUpdate, ruleContext } from "../../../../support/rule-context";

const channel = new Properties({ accountName: "acme", channelName: "#alerts" });
const service = new Properties({ serviceName: "shop", serviceKey: "k" });

describe("the ends of Datadog's handles", () => {
  test("a PagerDuty service needs a key", () => {
    expect(refusedAtUpdate(pagerService, { serviceName: "shop", serviceKey: "" })).toBe(
      '400 Bad Request: {"errors":["service_key must not be empty"]}',
    );
  });

  test.each([
    { rule: pagerService, props: service, id: "shop", key: "cloud/test pagerduty-service shop" },
    {
      rule: slackChannel,
      props: channel,
      id: "acme:#alerts",
      key: "cloud/test slack-channel acme:#alerts",
    },
  ])("$id is there once in an organisation", ({ rule, props, id, key }) => {
    expect(rule.id?.(props, ruleContext())).toBe(id);
    const identity = rule.identity?.(props, ruleContext());
    expect(identity?.key).toBe(key);
    expect(identity?.taken).toMatch(/already exists$/);
  });
});
