import * as fc from "fast-check";
import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { execFileSync } from "node:child_process";
import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import "../../../toolchain/struct.cjs";

type Plain = Parameters<typeof Struct.fromJavaScript>[0];

const text = fc.string({ unit: "binary" });
const { value } = fc.letrec<{ value: Plain[string] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
// The library loses this one key.
const name = text.filter((key) => key !== "__proto__");
const fields = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });

/** What the library makes of these, in a process where nothing stands in for it: its own bytes, and its reading of ours. */
function byLibrary(all: readonly Plain[]): { bytes: string; read: Plain }[] {
  const script = `
    const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
    const all = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    console.log(JSON.stringify(all.map(([plain, ours]) => ({
      bytes: Buffer.from(Struct.fromJavaScript(plain).serializeBinary()).toString("base64"),
      read: Struct.deserializeBinary(Buffer.from(ours, "base64")).toJavaScript(),
    }))));`;
  const input = JSON.stringify(all.map((plain) => [plain, base64(Struct.fromJavaScript(plain))]));
  const output = execFileSync(process.execPath, ["-e", script], { input, maxBuffer: 2 ** 26 });
  // as the script prints it
  return JSON.parse(output.toString()) as { bytes: string; read: Plain }[];
}

const base64 = (struct: Struct) => Buffer.from(struct.serializeBinary()).toString("base64");

test("the library reads what is written, and what it writes is read", () => {
  const long = {
    text: "ä".repeat(100_000),
    list: Array.from({ length: 300 }, (_, index) => index),
  };
  const all = [long, ...fc.sample(fields, 500)];
  // What JSON has no form for, a negative zero, is no question of the wire.
  const sent = JSON.parse(JSON.stringify(all)) as Plain[];
  for (const [index, { bytes, read }] of byLibrary(sent).entries()) {
    expect(read).toEqual(sent[index]);
    const struct = Struct.deserializeBinary(Buffer.from(bytes, "base64"));
    expect(struct.toJavaScript()).toEqual(sent[index]);
  }
});

test("fields are read in the order of their keys, whatever the order on the wire", () => {
  const given = { second: { b: 1, a: 2 }, first: [{ d: 1, c: 2 }] };
  const read = Struct.deserializeBinary(Struct.fromJavaScript(given).serializeBinary());
  const sorted = { first: [{ c: 2, d: 1 }], second: { a: 2, b: 1 } };
  expect(JSON.stringify(read.toJavaScript())).toBe(JSON.stringify(sorted));
});

test("every number survives", () => {
  fc.assert(
    fc.property(fc.double(), (number) => {
      const struct = Struct.deserializeBinary(Struct.fromJavaScript({ number }).serializeBinary());
      expect(struct.toJavaScript()).toEqual({ number });
    }),
  );
});

test("fields can be read and changed as messages", () => {
  const struct = Struct.fromJavaScript({ kept: [{ deep: true }], changed: 1 });
  struct.getFieldsMap().set("changed", new Value().setStringValue("2"));
  const read = Struct.deserializeBinary(struct.serializeBinary());
  expect(read.getFieldsMap().get("kept")?.toJavaScript()).toEqual([{ deep: true }]);
  expect(read.toJavaScript()).toEqual({ kept: [{ deep: true }], changed: "2" });
});

test("a struct is read within its message, and no further", () => {
  const request = new CheckRequest();
  request.setUrn("urn:pulumi:a::b::c::d");
  request.setOlds(Struct.fromJavaScript({ old: {} }));
  request.setNews(Struct.fromJavaScript({ new: [] }));
  const read = CheckRequest.deserializeBinary(request.serializeBinary());
  expect(read.getUrn()).toBe("urn:pulumi:a::b::c::d");
  expect(read.getOlds()?.toJavaScript()).toEqual({ old: {} });
  expect(read.getNews()?.toJavaScript()).toEqual({ new: [] });
});

test("every text of a message is read as the library writes it", () => {
  fc.assert(
    fc.property(text, (urn) => {
      const request = new CheckRequest();
      request.setUrn(urn);
      expect(CheckRequest.deserializeBinary(request.serializeBinary()).getUrn()).toBe(urn);
    }),
  );
});

test.each([
  ["undefined", undefined],
  ["function", () => 1],
])("a value that has no form on the wire is refused where it is given: %s", (kind, given) => {
  const plain: Plain = {};
  Reflect.set(plain, "list", [given]);
  expect(() => Struct.fromJavaScript(plain)).toThrow(`A ${kind} can't be sent.`);
});
