import type { Cloud } from "../../../sandbox/cloud";
import { drift } from "../../../sandbox/control";
import * as lifecycle from "../../../sandbox/lifecycle";
import { type Plain, Unknown } from "../../../sandbox/properties";
import { ServiceError } from "../../../sandbox/records";
import type { BaseRule } from "../../../sandbox/rulebook";
import type { Payload } from "../../../sandbox/wire";
import { openCloud, targetsOf, tidy } from "../../support/cloud";

afterAll(tidy);

const type = "aws:sqs/queue:Queue";
const queue: BaseRule = {
  type,
  source: "",
  defaults: { delaySeconds: 0 },
  autoname: { property: "name", maxLength: 80 },
  identity: (props, { account, region }) => ({
    key: `sqs ${account} ${region} ${props.string("name") ?? ""}`,
    taken: "QueueAlreadyExists: A queue already exists with the same name",
  }),
  id: (props, { region }) => `https://sqs.${region}.amazonaws.com/${props.string("name") ?? ""}`,
  outputs: (props, context) => ({
    arn: `arn:aws:sqs:${context.region}:${context.account}:${props.string("name") ?? ""}`,
    url: context.hex("url", 8),
  }),
  secretOutputs: ["url"],
  replaceOn: ["name"],
};

function plain(properties: Plain): Payload {
  return { plain: properties, secrets: [] };
}

function check(cloud: Cloud, news: Plain, olds: Plain = {}): ReturnType<typeof lifecycle.check> {
  const target = targetsOf(cloud, queue)("jobs");
  const randomSeed = Uint8Array.of(1);
  return lifecycle.check(target, { olds: plain(olds), news: plain(news), randomSeed });
}

describe("check", () => {
  test("fills in defaults and the automatic name", () => {
    const { inputs, problems } = check(openCloud(), { tags: { a: "b" } });
    expect(problems).toEqual([]);
    expect(inputs.plain).toEqual({ tags: { a: "b" }, delaySeconds: 0, name: "jobs-4bf5122" });
  });

  test("refuses what the SDK's types do not allow", () => {
    const { problems } = check(openCloud(), { delaySecond: 1 });
    expect(problems).toEqual([expect.objectContaining({ property: "delaySecond" })]);
  });

  test("refuses a type that the provider does not have", () => {
    const target = { ...targetsOf(openCloud(), queue)("jobs"), type: "aws:sqs/queue:Quue" };
    const request = { olds: plain({}), news: plain({}), randomSeed: new Uint8Array() };
    expect(() => lifecycle.check(target, request)).toThrow(
      "unrecognized resource type (Check): aws:sqs/queue:Quue",
    );
  });
});

describe("create", () => {
  test("gives computed outputs of the place, unknown in a preview", () => {
    const target = targetsOf(openCloud(), queue)("jobs");
    const inputs = plain({ name: "jobs" });
    expect(lifecycle.previewCreate(target, inputs).plain).toEqual({
      ...{ name: "jobs", arn: Unknown.value, url: Unknown.value },
    });
    const { id, state } = lifecycle.create(target, inputs);
    expect(id).toBe("https://sqs.eu-central-1.amazonaws.com/jobs");
    expect(state.plain).toMatchObject({ arn: "arn:aws:sqs:eu-central-1:111122223333:jobs" });
  });

  test("keeps secret inputs secret, and what the provider marks", () => {
    const target = targetsOf(openCloud(), queue)("jobs");
    const inputs = { plain: { name: "jobs", policy: "p" }, secrets: [["policy"]] };
    const { id, state } = lifecycle.create(target, inputs);
    expect(state.secrets).toEqual([["policy"], ["url"]]);
    expect(lifecycle.read(target, id, {})?.state.secrets).toEqual([["policy"], ["url"]]);
  });

  test("refuses a name that another stack holds in the same scope", () => {
    const target = targetsOf(openCloud(), queue);
    lifecycle.create(target("jobs", "staging"), plain({ name: "jobs" }));
    expect(() => lifecycle.create(target("jobs", "production"), plain({ name: "jobs" }))).toThrow(
      "QueueAlreadyExists: A queue already exists with the same name",
    );
  });

  test("takes the same name in another region", () => {
    const target = targetsOf(openCloud(), queue);
    const one = lifecycle.create(target("one"), plain({ name: "jobs" }));
    const two = lifecycle.create(target("two"), plain({ name: "jobs", region: "us-east-1" }));
    expect(two.id).not.toBe(one.id);
  });

  test("takes over what is there where creating is an upsert", () => {
    const identity = () => ({ key: "one name", taken: "adopt" }) as const;
    const target = targetsOf(openCloud(), { ...queue, identity });
    const one = lifecycle.create(target("one"), plain({ name: "a" }));
    const two = lifecycle.create(target("two"), plain({ name: "b" }));
    expect(two.id).toBe(one.id);
    expect(two.state.plain["url"]).toBe(one.state.plain["url"]);
  });

  test("makes a new object after a delete, with values of its own", () => {
    const target = targetsOf(openCloud(), queue)("jobs");
    const one = lifecycle.create(target, plain({ name: "jobs" }));
    lifecycle.remove(target, one.id, {});
    const two = lifecycle.create(target, plain({ name: "jobs" }));
    expect(two.state.plain["url"]).not.toBe(one.state.plain["url"]);
  });

  test("refuses what refers to nothing, and takes it once it is there", () => {
    const references = () => [
      { property: "policy", types: [type], where: { name: "dead" }, missing: "no queue dead" },
    ];
    const cloud = openCloud();
    const target = targetsOf(cloud, { ...queue, references })("jobs");
    expect(() => lifecycle.create(target, plain({ name: "jobs" }))).toThrow("no queue dead");
    lifecycle.create(targetsOf(cloud, queue)("dead"), plain({ name: "dead" }));
    expect(lifecycle.create(target, plain({ name: "jobs" })).state.plain["name"]).toBe("jobs");
  });

  test("leaves nothing behind when it is refused", () => {
    const cloud = openCloud();
    const target = targetsOf(cloud, { ...queue, refuse: () => "InvalidAttributeValue" })("jobs");
    expect(() => lifecycle.create(target, plain({ name: "jobs" }))).toThrow(
      "InvalidAttributeValue",
    );
    expect({ objects: cloud.list(), history: cloud.history() }).toEqual({
      objects: [],
      history: [],
    });
  });
});

describe("an error", () => {
  const canary = "canary-4711";
  const payload = { plain: { name: "jobs", policy: { a: [canary] } }, secrets: [["policy"]] };

  test("does not show a secret that the service would name", () => {
    const refuse = () => `InvalidAttributeValue: ${canary} is not a policy`;
    const target = targetsOf(openCloud(), { ...queue, refuse })("jobs");
    expect(() => lifecycle.create(target, payload)).toThrow(
      new ServiceError("InvalidAttributeValue: [secret] is not a policy"),
    );
  });

  test("does not show a secret that a check would name", () => {
    const refusing = () => [{ property: "policy", reason: `got ${canary}` }];
    const target = targetsOf(openCloud(), { ...queue, check: refusing })("jobs");
    const request = { olds: plain({}), news: payload, randomSeed: new Uint8Array() };
    const { problems } = lifecycle.check(target, request);
    expect(JSON.stringify(problems)).not.toContain(canary);
    expect(problems).toContainEqual({ property: "policy", reason: "got [secret]" });
  });
});

describe("read", () => {
  test("finds nothing where nothing is", () => {
    expect(lifecycle.read(targetsOf(openCloud(), queue)("jobs"), "none", {})).toBeUndefined();
  });

  test("answers what the last create or update answered", () => {
    const target = targetsOf(openCloud(), queue)("jobs");
    const { id } = lifecycle.create(target, plain({ name: "jobs" }));
    const state = lifecycle.update(target, id, plain({ name: "jobs", delaySeconds: 5 }));
    const inputs = plain({ name: "jobs", delaySeconds: 5 });
    expect(lifecycle.read(target, id, {})).toEqual({
      ...{ state, inputs: { ...inputs, secrets: state.secrets } },
    });
  });

  test("shows what somebody else changed, added or removed", () => {
    const cloud = openCloud();
    const target = targetsOf(cloud, queue)("jobs");
    const { id } = lifecycle.create(
      target,
      plain({ name: "jobs", delaySeconds: 5, tags: { a: "b" } }),
    );
    const set = { delaySeconds: 9, "tags.c": "d", "tags.a": null, fifoQueue: true };
    drift(cloud, { resource: "jobs", set });
    const drifted = { name: "jobs", delaySeconds: 9, tags: { c: "d" }, fifoQueue: true };
    expect(lifecycle.read(target, id, {})?.inputs.plain).toEqual(drifted);
    expect(lifecycle.read(target, id, {})?.state.plain).toMatchObject(drifted);
  });
});

describe("update", () => {
  test("keeps the computed values of the object", () => {
    const target = targetsOf(openCloud(), queue)("jobs");
    const { id, state } = lifecycle.create(target, plain({ name: "jobs" }));
    expect(lifecycle.update(target, id, plain({ name: "jobs", delaySeconds: 5 })).plain).toEqual({
      ...{ ...state.plain, delaySeconds: 5 },
    });
  });

  test("is previewed with computed values known unless they would change", () => {
    const target = targetsOf(openCloud(), queue)("jobs");
    const { id, state } = lifecycle.create(target, plain({ name: "jobs" }));
    expect(lifecycle.previewUpdate(target, id, plain({ name: "other" })).plain).toEqual({
      ...{ name: "other", arn: Unknown.value, url: state.plain["url"] },
    });
  });

  test("is refused where the object is gone", () => {
    expect(() =>
      lifecycle.update(targetsOf(openCloud(), queue)("jobs"), "gone", plain({})),
    ).toThrow("aws:sqs/queue:Queue gone was not found");
  });
});

describe("diff", () => {
  const target = targetsOf(openCloud(), queue)("jobs");

  test("deletes first when both objects would hold one name", () => {
    const forced = targetsOf(openCloud(), { ...queue, replaceOn: ["fifoQueue"] })("jobs");
    const news = { name: "jobs", fifoQueue: true };
    expect(lifecycle.diff(forced, { name: "jobs" }, news).deleteBeforeReplace).toBe(true);
  });

  test("creates first when the names differ", () => {
    const { changes, deleteBeforeReplace } = lifecycle.diff(target, { name: "a" }, { name: "b" });
    expect(changes).toEqual([{ path: "name", kind: "update", replace: true }]);
    expect(deleteBeforeReplace).toBe(false);
  });

  test("creates first when the provider made the name, as the replacement gets another", () => {
    const autoname = { property: "name", maxLength: 80 };
    const named = targetsOf(openCloud(), { ...queue, autoname, replaceOn: ["fifoQueue"] })("jobs");
    const olds = { name: "jobs-0a1b2c3" };
    const { changes, deleteBeforeReplace } = lifecycle.diff(named, olds, {
      ...olds,
      fifoQueue: true,
    });
    expect(changes).toEqual([{ path: "fifoQueue", kind: "add", replace: true }]);
    expect(deleteBeforeReplace).toBe(false);
  });
});

describe("delete", () => {
  test("is fine where the object is gone", () => {
    const cloud = openCloud();
    lifecycle.remove(targetsOf(cloud, queue)("jobs"), "gone", {});
    expect(cloud.history()).toEqual([]);
  });

  test("is refused for the service's reason", () => {
    const cloud = openCloud();
    const target = targetsOf(cloud, { ...queue, refuseDelete: () => "QueueInUse" })("jobs");
    const { id } = lifecycle.create(target, plain({ name: "jobs" }));
    expect(() => {
      lifecycle.remove(target, id, {});
    }).toThrow("QueueInUse");
    expect(cloud.list()).toHaveLength(1);
  });
});
