import { Properties } from "../../../../../sandbox/properties";
import { escalationPolicy } from "../../../../../sandbox/rules/pagerduty/escalation-policy";
import { service } from "../../../../../sandbox/rules/pagerduty/service";
import { serviceIntegration } from "../../../../../sandbox/rules/pagerduty/service-integration";
import {
  existing,
  outputsOf,
  refusedAtPreview,
  refusedAtUpdate,
  ruleContext,
} from "../../../../support/rule-context";

const target = { type: "schedule_reference", id: "PSCHED1" };
const level = { escalationDelayInMinutes: 5, targets: [target] };
const policy = { name: "shop", numLoops: 9, rules: [level] };

const pager = {
  name: "shop",
  escalationPolicy: "PPOLICY",
  alertCreation: "create_alerts_and_incidents",
};
const policies = ruleContext([
  existing("pagerduty:index/escalationPolicy:EscalationPolicy", "PPOLICY"),
]);

const integration = { service: "PSERVIC", vendor: "PAM4FGS" };
const services = ruleContext([
  existing("pagerduty:index/service:Service", "PSERVIC", { alertCreation: "create_incidents" }),
]);

const answer = (reason: string): string =>
  `400 Bad Request. Code: 2001, Errors: [${reason}], Message: Invalid Input Provided`;
const notFound = "404 Not Found. Code: 2100, Errors: <nil>, Message: Not Found";

test.each([
  { name: "an escalation policy", rule: escalationPolicy, props: policy, context: ruleContext() },
  { name: "a service", rule: service, props: pager, context: policies },
  { name: "an integration", rule: serviceIntegration, props: integration, context: services },
])("$name that is right passes", ({ rule, props, context }) => {
  expect(refusedAtPreview(rule, props, context)).toEqual([]);
  expect(refusedAtUpdate(rule, props, context)).toBeUndefined();
});

describe("an escalation policy", () => {
  test.each([
    {
      given: { numLoops: 10 },
      expected: "numLoops: expected num_loops to be in the range (0 - 9), got 10",
    },
    {
      given: { rules: [level, { ...level, escalationDelayInMinutes: 0 }] },
      expected:
        "rules[1].escalationDelayInMinutes: expected escalation_delay_in_minutes to be at least (1), got 0",
    },
    {
      given: { rules: [{ ...level, targets: [{ ...target, type: "user" }] }] },
      expected:
        'rules[0].targets[0].type: "user" is an invalid value. Must be one of user_reference, schedule_reference',
    },
  ])("is refused by the provider for $given", ({ given, expected }) => {
    expect(refusedAtPreview(escalationPolicy, { ...policy, ...given })).toEqual([expected]);
  });

  test.each([
    { given: { rules: [] }, expected: answer("Escalation rules can't be empty") },
    {
      given: { rules: [level, { ...level, targets: [] }] },
      expected: answer("Escalation rule targets can't be empty"),
    },
    {
      given: { rules: [{ ...level, targets: [{ ...target, id: "ops@example.com" }] }] },
      expected: notFound,
    },
  ])("is refused by PagerDuty for $given", ({ given, expected }) => {
    expect(refusedAtUpdate(escalationPolicy, { ...policy, ...given })).toBe(expected);
  });

  test("gives every level an id", () => {
    const [first, second] = new Properties(
      outputsOf(escalationPolicy, { ...policy, rules: [level, level] }),
    ).list("rules");
    expect(first?.string("id")).toMatch(/^P[A-Z0-9]{6}$/);
    expect(second?.string("id")).not.toBe(first?.string("id"));
    expect(first?.number("escalationDelayInMinutes")).toBe(5);
  });

  test("stays while a service uses it", () => {
    const self = existing("pagerduty:index/escalationPolicy:EscalationPolicy", "PPOLICY");
    const user = existing("pagerduty:index/service:Service", "PSERVIC", {
      escalationPolicy: "PPOLICY",
    });
    const refuse = escalationPolicy.refuseDelete;
    expect(refuse?.(self, ruleContext([user]))).toBe(
      answer("Escalation policy can't be deleted if it's being used by services"),
    );
    expect(refuse?.(self, ruleContext())).toBeUndefined();
  });
});

describe("a service", () => {
  test.each([
    { given: { name: "a/b" }, expected: /^name: Service name can't be blank or contain/ },
    { given: { name: " " }, expected: /^name: Service name can't be blank or contain/ },
    {
      given: { alertCreation: "createIncidents" },
      expected: /^alertCreation: "createIncidents" is an invalid value/,
    },
    {
      given: { alertGroupingParameters: { type: "timed" } },
      expected: /^alertGroupingParameters.type: "timed" is an invalid value/,
    },
    {
      given: { alertGroupingParameters: { type: "time" }, alertGrouping: "time" },
      expected: /^alertGrouping: conflicts with alertGroupingParameters$/,
    },
    {
      given: { incidentUrgencyRule: { type: "use_support_hours", urgency: "high" } },
      expected: /^incidentUrgencyRule.urgency: general urgency cannot be set/,
    },
    {
      given: { autoResolveTimeout: "never" },
      expected: /^autoResolveTimeout: strconv.Atoi: parsing "never"/,
    },
  ])("is refused by the provider for $given", ({ given, expected }) => {
    const [problem] = refusedAtPreview(service, { ...pager, ...given });
    expect(problem).toMatch(expected);
  });

  test("is refused by PagerDuty with a group by time, of which the provider sends too much", () => {
    const byTime = { alertGroupingParameters: { type: "time", config: { timeout: 5 } } };
    expect(refusedAtPreview(service, { ...pager, ...byTime })).toEqual([]);
    expect(refusedAtUpdate(service, { ...pager, ...byTime }, policies)).toBe(
      answer("Config is invalid."),
    );
    const byContent = { type: "content_based", config: { aggregate: "all", fields: ["class"] } };
    const grouped = { ...pager, alertGroupingParameters: byContent };
    expect(refusedAtUpdate(service, grouped, policies)).toBeUndefined();
  });

  test("is refused without its escalation policy", () => {
    expect(refusedAtUpdate(service, pager)).toBe(notFound);
  });

  test.each([escalationPolicy, service])("has a name that is there once: %#", (rule) => {
    const identity = rule.identity?.(new Properties({ name: "shop" }), ruleContext());
    expect(identity?.key).toMatch(/^cloud\/test [a-z-]+ shop$/);
    expect(identity?.taken).toBe(answer("Name has already been taken"));
  });
});

describe("an integration", () => {
  test.each([
    { given: { type: "datadog" }, expected: /^type: "datadog" is an invalid value/ },
    { given: { type: "nagios_inbound_integration" }, expected: /^vendor: conflicts with type$/ },
    {
      given: { vendor: undefined, type: "generic_email_inbound_integration" },
      expected: /^integrationEmail: integration_email attribute must be set/,
    },
  ])("is refused by the provider for $given", ({ given, expected }) => {
    const [problem] = refusedAtPreview(serviceIntegration, { ...integration, ...given });
    expect(problem).toMatch(expected);
  });

  test.each([
    { given: { vendor: undefined }, expected: answer("Type cannot be empty.") },
    { given: { vendor: "Datadog" }, expected: notFound },
    { given: { service: "PNOBODY" }, expected: notFound },
    {
      given: { vendor: undefined, type: "events_api_v2_inbound_integration" },
      expected: answer(
        "events_api_v2_inbound_integration requires a service that creates alerts and incidents",
      ),
    },
  ])("is refused by PagerDuty for $given", ({ given, expected }) => {
    expect(refusedAtUpdate(serviceIntegration, { ...integration, ...given }, services)).toBe(
      expected,
    );
  });

  test("is issued a key of 32 hexadecimal digits", () => {
    expect(outputsOf(serviceIntegration, integration)["integrationKey"]).toMatch(/^[0-9a-f]{32}$/);
  });
});
