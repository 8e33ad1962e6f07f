import { closingLine, countsOf, parseArguments, sum } from "../../../toolchain/tally.mjs";

function report(counts: Record<string, number>): string {
  return JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    ...counts,
  });
}

describe("a tier's counts", () => {
  test.each([
    ["passed", report({ numPassedTests: 3 }), 0, [3, 0, 0]],
    ["failed", report({ numPassedTests: 3, numFailedTests: 2 }), 1, [3, 2, 0]],
    ["skipped and to do", report({ numPendingTests: 2, numTodoTests: 1 }), 0, [0, 0, 3]],
    ["a file that did not load", report({ numRuntimeErrorTestSuites: 1 }), 1, [0, 1, 0]],
    ["a bad end after good tests", report({ numPassedTests: 3 }), 1, [3, 1, 0]],
    ["a signal after good tests", report({ numPassedTests: 3 }), null, [3, 1, 0]],
    ["a crash without report", undefined, 1, [0, 1, 0]],
    ["a good end without report", undefined, 0, [0, 1, 0]],
  ])("of %s", (_, text, status, [passed, failed, skipped]) => {
    expect(countsOf(text, status)).toEqual({ passed, failed, skipped });
  });

  test("add up to the closing line", () => {
    const total = sum({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 0, skipped: 1 });
    expect(closingLine(total)).toBe("11 passed, 2 failed, 4 skipped");
  });
});

describe("the arguments of a test run", () => {
  const names = ["unit", "engine"];

  test.each([
    [[], undefined, []],
    [["tests/unit/a", "-t", "name"], undefined, ["tests/unit/a", "-t", "name"]],
    [["--tier", "unit", "tests/unit/a"], "unit", ["tests/unit/a"]],
    [["tests/unit/a", "--tier", "engine"], "engine", ["tests/unit/a"]],
  ])("%j choose tier %s", (given, tier, jestArguments) => {
    expect(parseArguments(given, names)).toEqual({ tier, jestArguments });
  });

  test.each([
    [["--tier", "units"], "--tier is units; allowed: unit, engine."],
    [["--tier"], "--tier is missing; allowed: unit, engine."],
  ])("%j are refused", (given, message) => {
    expect(() => parseArguments(given, names)).toThrow(message);
  });
});
