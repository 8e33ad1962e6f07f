import { isRecord, joinPath, Unknown } from "../../../../../sandbox/properties";
import { VALID_OBJECTS } from "../../../../support/kubernetes-objects";
import { refusals } from "../../../../support/kubernetes-rules";

test.each(Object.entries(VALID_OBJECTS))(
  "%s that nothing is wrong with is accepted",
  (kind, object) => {
    expect(refusals(kind, object)).toEqual([]);
  },
);

test.each(Object.entries(VALID_OBJECTS))(
  "%s is never refused for what is not known yet",
  (kind, object) => {
    for (const path of paths(object)) {
      const refused = refusals(kind, object, { [joinPath(path)]: Unknown.value });
      expect({ unknown: joinPath(path), refused }).toEqual({
        unknown: joinPath(path),
        refused: [],
      });
    }
  },
);

test.each(Object.keys(VALID_OBJECTS))("%s with a label that is none is refused", (kind) => {
  const changes = { "metadata.labels": { "a/b/c": "x", app: "-" } };
  const text = refusals(kind, VALID_OBJECTS[kind] ?? {}, changes).join("\n");
  expect(text).toContain('metadata.labels: Invalid value: "a/b/c": a qualified name must');
  expect(text).toContain('metadata.labels.app: Invalid value: "-": a valid label must');
});

test("every kind with a rule has an object here", async () => {
  const { rules } = await import("../../../../../sandbox/rules/kubernetes");
  const kinds = rules.resources.map(({ type }) => type.replace("kubernetes:", ""));
  const alike = ["ClusterRole", "ClusterRoleBinding"].map(
    (kind) => `rbac.authorization.k8s.io/v1:${kind}`,
  );
  expect(kinds.filter((kind) => !alike.includes(kind)).sort()).toEqual(
    Object.keys(VALID_OBJECTS).sort(),
  );
});

test("no refusal repeats what a Secret holds", () => {
  const text = refusals("core/v1:Secret", VALID_OBJECTS["core/v1:Secret"] ?? {}, {
    data: { token: "hunter2!", "a b": "hunter2!" },
    type: "kubernetes.io/tls",
  }).join("\n");
  expect(text).toContain("data.token");
  expect(text).not.toContain("hunter2");
});

/** Every place in an object, from the outside in. */
function paths(value: unknown): (string | number)[][] {
  const members: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(isRecord(value) ? value : {});
  return members.flatMap(([key, member]) => [
    [key],
    ...paths(member).map((path) => [key, ...path]),
  ]);
}
