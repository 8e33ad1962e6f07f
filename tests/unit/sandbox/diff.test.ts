import * as fc from "fast-check";
import { compareInputs } from "../../../sandbox/diff";
import { withValue } from "../../../sandbox/plain";
import { isRecord, pathKeys, type Plain, Unknown, valueAt } from "../../../sandbox/properties";

const file = (hash: string): Plain => ({
  "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
  hash,
});

test.each<[string, Plain, Plain, readonly string[], readonly string[]]>([
  ["an equal value is no change", { a: [1, { b: "x" }] }, { a: [1, { b: "x" }] }, ["a"], []],
  ["null equals absent", { a: null }, {}, ["a"], []],
  ["a new property is added", {}, { a: 1 }, [], ["add a"]],
  ["a property that went is deleted", { a: { b: 1, c: 2 } }, { a: { c: 2 } }, [], ["delete a.b"]],
  ["an item that changed is updated", { a: [1, 2] }, { a: [1, 3] }, [], ["update a[1]"]],
  ["an item too many is deleted", { a: [1, 2] }, { a: [1] }, [], ["delete a[1]"]],
  ["an unknown may change", { a: 1 }, { a: Unknown.value }, [], ["update a"]],
  ["a key with a dot is quoted", { t: { "a.b": 1 } }, { t: { "a.b": 2 } }, [], ['update t["a.b"]']],
  ["a file changes with its hash", { f: file("1") }, { f: file("2") }, [], ["update f"]],
  ["a file with the same hash stays", { f: { ...file("1"), text: "t" } }, { f: file("1") }, [], []],
  ["a replacing path replaces", { a: 1 }, { a: 2 }, ["a"], ["update! a"]],
  ["below a replacing path too", { a: { b: 1 } }, { a: { b: 2 } }, ["a"], ["update! a.b"]],
  ["beside it not", { a: { b: 1 } }, { a: { b: 2 } }, ["a.c"], ["update a.b"]],
  ["around it if it held it", { a: { b: 1 } }, {}, ["a.b"], ["delete! a"]],
  ["around it not if it did not", { a: { c: 1 } }, {}, ["a.b"], ["delete a"]],
  ["around it if it may hold it", {}, { a: Unknown.value }, ["a.b"], ["add! a"]],
  ["any item", { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, ["a[*].b"], ["update! a[0].b"]],
])("%s", (_, olds, news, replaceOn, expected) => {
  const changes = compareInputs(olds, news, replaceOn);
  const text = changes.map(({ kind, replace, path }) => `${kind}${replace ? "!" : ""} ${path}`);
  expect(text).toEqual(expected);
});

test("every reported path leads to the value that differs", () => {
  const properties = fc.dictionary(
    fc.string(),
    fc.dictionary(fc.string(), fc.nat(3), { noNullPrototype: true }),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(properties, properties, (olds, news) => {
      const patched = compareInputs(olds, news, []).reduce<Plain>((current, { path }) => {
        const keys = pathKeys(path);
        const next = withValue(current, keys, valueAt(news, keys));
        return isRecord(next) ? next : current;
      }, olds);
      expect(patched).toEqual(news);
    }),
  );
});
