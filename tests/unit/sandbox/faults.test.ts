import {
  addFault,
  type Call,
  clearFaults,
  type FaultSpec,
  listFaults,
  strikes,
} from "../../../sandbox/faults";
import { openCloud, temporaryDirectory, tidy } from "../../support/cloud";

afterAll(tidy);

const create: Call = {
  operation: "create",
  type: "aws:s3/bucket:Bucket",
  urn: "urn:pulumi:staging::plinth::aws:s3/bucket:Bucket::backups",
};

/** Which of a number of equal calls a fault strikes, counted from 1. */
function struck(fault: FaultSpec, call: Call, calls: number): readonly number[] {
  const cloud = openCloud();
  addFault(cloud, fault);
  const turns = Array.from({ length: calls }, (_, index) => index + 1);
  return turns.filter(() => strikes(cloud, call).length > 0);
}

test.each<[string, FaultSpec, readonly number[]]>([
  ["the first call fails unless said otherwise", {}, [1]],
  ["the Nth call fails", { nth: 3 }, [3]],
  ["several calls fail in a row", { nth: 2, times: 2 }, [2, 3]],
  ["every call fails from the Nth on", { nth: 3, times: 0 }, [3, 4]],
  ["every call is slow", { kind: "delay", latencyMs: 1 }, [1, 2, 3, 4]],
])("%s", (_, fault, expected) => {
  expect(struck(fault, create, 4)).toEqual(expected);
});

test.each<[string, FaultSpec, boolean]>([
  ["a whole package", { match: "aws:*" }, true],
  ["another package", { match: "github:*" }, false],
  ["one type", { match: "aws:s3/bucket:Bucket" }, true],
  ["a type that only begins alike", { match: "aws:s3/bucket" }, false],
  ["one operation", { operation: "create" }, true],
  ["another operation", { operation: "delete" }, false],
  ["a resource by name", { resource: "backups" }, true],
  ["a resource by part of its URN", { resource: "urn:pulumi:staging::*" }, true],
  ["a resource of another stack", { resource: "urn:pulumi:production::*" }, false],
])("a fault can be set for %s", (_, fault, expected) => {
  expect(struck(fault, create, 1)).toEqual(expected ? [1] : []);
});

test("a fault carries its message and its delay", () => {
  const cloud = openCloud();
  addFault(cloud, { kind: "throttle", latencyMs: 7 });
  expect(strikes(cloud, create)).toEqual([
    { kind: "throttle", message: "ThrottlingException: Rate exceeded", latencyMs: 7 },
  ]);
});

test("a fault set by one process strikes in another, and is counted once over both", () => {
  const directory = temporaryDirectory();
  const [one, two] = [openCloud(directory), openCloud(directory)];
  addFault(one, { nth: 2 });
  expect(
    [strikes(two, create), strikes(one, create), strikes(two, create)].map((all) => all.length),
  ).toEqual([0, 1, 0]);
  expect(listFaults(two)).toEqual([{ nth: 2, seen: 3 }]);
  clearFaults(two);
  expect(listFaults(one)).toEqual([]);
});
