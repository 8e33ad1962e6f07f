import { handlesOf, pages, slackChannels } from "../../../components/alerting/handles";

const routes = {
  P1: ["pagerduty", "slack:#alerts"],
  P2: ["pagerduty"],
  P3: ["slack:#alerts"],
  P4: ["slack:#quiet", "email:ops@example.com"],
  P5: ["email:ops@example.com"],
} as const;

const settings = {
  routes: {
    P1: [...routes.P1],
    P2: [...routes.P2],
    P3: [...routes.P3],
    P4: [...routes.P4],
    P5: [...routes.P5],
  },
  slack: { account: "acme" },
};

const quiet = {
  ...settings,
  routes: { ...settings.routes, P1: [...routes.P3], P2: [...routes.P5] },
};

describe("handles", () => {
  test("name every target of a route as Datadog's messages do", () => {
    expect(handlesOf(settings, "shop-production")).toEqual({
      P1: "@pagerduty-shop-production @slack-acme-alerts",
      P2: "@pagerduty-shop-production",
      P3: "@slack-acme-alerts",
      P4: "@slack-acme-quiet @ops@example.com",
      P5: "@ops@example.com",
    });
  });

  test("are refused for a Slack channel without a workspace", () => {
    expect(() => handlesOf({ routes: settings.routes }, "shop-production")).toThrow(
      "alerting.routes names a Slack channel, but alerting.slack is missing",
    );
  });
});

describe("targets", () => {
  test("that several routes share are listed once", () => {
    expect(slackChannels(settings)).toEqual(["alerts", "quiet"]);
  });

  test.each([
    { name: "a route that ends at the pager pages", settings, expected: true },
    { name: "routes without the pager do not page", settings: quiet, expected: false },
  ])("$name", ({ settings: given, expected }) => {
    expect(pages(given)).toBe(expected);
  });
});
