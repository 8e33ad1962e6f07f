/** The oldest Node the SDK runs on; what set-up brings otherwise is pinned in `node/package.json`. */
export const minimumNode = "22.13.0";

/** The engine that set-up downloads or builds, and the oldest it takes from the PATH: the one the tests run on. */
export const engineVersion = "3.250.0";

/**
 * Whether a version is the minimum or newer, by its three numbers; a text without a version is not.
 * @param {string} text For instance "v24.21.0" or what a command prints about itself.
 * @param {string} minimum
 */
export function isAtLeast(text, minimum) {
  const given = numbersOf(text);
  if (given === undefined) return false;
  const wanted = numbersOf(minimum) ?? [];
  const different = given.findIndex((number, place) => number !== wanted[place]);
  return different === -1 || (given[different] ?? 0) > (wanted[different] ?? 0);
}

/** @type {(text: string) => number[] | undefined} */
function numbersOf(text) {
  return /(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
}
