/** What the tiers' reports add up to; pure, so that it can be tested. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Takes `--tier NAME` out of the arguments of a test run; the rest is for jest.
 * @param {readonly string[]} given
 * @param {readonly string[]} names Names of the tiers there are.
 * @returns {{ tier: string | undefined, jestArguments: string[] }}
 */
export function parseArguments(given, names) {
  const place = given.indexOf("--tier");
  if (place === -1) return { tier: undefined, jestArguments: [...given] };
  const tier = given[place + 1];
  if (tier === undefined || !names.includes(tier)) {
    throw new Error(`--tier is ${tier ?? "missing"}; allowed: ${names.join(", ")}.`);
  }
  return { tier, jestArguments: given.toSpliced(place, 2) };
}

/**
 * The counts of one tier. A test file that did not load counts as one failure, and so does a run that ended badly without saying why.
 * @param {string | undefined} report Jest's report as JSON, if it left one.
 * @param {number | null} status Exit code, or null after a signal.
 * @returns {Counts}
 */
export function countsOf(report, status) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(report);
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/**
 * The counts of two runs together.
 * @param {Counts} one
 * @param {Counts} other
 * @returns {Counts}
 */
export function sum(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/**
 * The last line of every test run.
 * @param {Counts} total
 * @returns {string}
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
