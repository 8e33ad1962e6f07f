import type { Cloud } from "../../../sandbox/cloud";
import { add, drift } from "../../../sandbox/control";
import * as lifecycle from "../../../sandbox/lifecycle";
import { type Plain } from "../../../sandbox/properties";
import { openRulebook } from "../../../sandbox/rulebook";
import { openCloud, targetsOf, tidy } from "../../support/cloud";

afterAll(tidy);

const NAMESPACE = "kubernetes:core/v1:Namespace";

async function namespace(cloud: Cloud, stack: string, name: string): Promise<void> {
  const rule = (await openRulebook("kubernetes")).resource(NAMESPACE);
  const plain: Plain = { metadata: { name } };
  lifecycle.create(targetsOf(cloud, rule, {})("space", stack), { plain, secrets: [] });
}

test("an object is meant by its name, its id or its URN", async () => {
  const cloud = openCloud();
  await namespace(cloud, "dev", "plinth");
  const urn = `urn:pulumi:dev::plinth::${NAMESPACE}::space`;
  const found = ["space", "plinth", urn].map((resource) => drift(cloud, { resource }).id);
  expect(found).toEqual(["plinth", "plinth", "plinth"]);
});

test("a name in two stacks is refused with both, and clear with the stack", async () => {
  const cloud = openCloud();
  await namespace(cloud, "staging", "one");
  await namespace(cloud, "production", "two");
  const urns = ["staging", "production"].map(
    (stack) => `urn:pulumi:${stack}::plinth::${NAMESPACE}::space`,
  );
  expect(() => drift(cloud, { resource: "space" })).toThrow(
    `space is 2 objects, say which:\n  ${urns.join("\n  ")}`,
  );
  expect(drift(cloud, { resource: "space", stack: "production" }).id).toBe("two");
});

test("an object that is not there is refused by name", () => {
  expect(() => drift(openCloud(), { resource: "none" })).toThrow(
    "the sandbox's cloud has no object none",
  );
});

test("a deleted object is gone, and its name is free again", async () => {
  const cloud = openCloud();
  await namespace(cloud, "dev", "plinth");
  drift(cloud, { resource: "space", delete: true });
  await namespace(cloud, "dev", "plinth");
  expect(cloud.history().map(({ operation }) => operation)).toEqual(["create", "drift", "create"]);
});

test("an object that nobody declared holds its name", async () => {
  const cloud = openCloud();
  await namespace(cloud, "dev", "plinth");
  const { id } = await add(cloud, { type: NAMESPACE, properties: { metadata: { name: "hand" } } });
  expect(id).toBe("hand");
  await expect(namespace(cloud, "dev", "hand")).rejects.toThrow('namespaces "hand" already exists');
});

test.each<[string, () => Promise<unknown>, string]>([
  [
    "an object of no known provider",
    () => add(openCloud(), { type: "gcp:x:Y", properties: {} }),
    "no provider of the sandbox has the type gcp:x:Y",
  ],
  [
    "an object in a cloud where its provider was not used yet",
    () => add(openCloud(), { type: NAMESPACE, properties: {} }),
    "say in which scope of kubernetes: none is in use yet",
  ],
])("%s is refused", async (_, adding, message) => {
  await expect(adding()).rejects.toThrow(message);
});
