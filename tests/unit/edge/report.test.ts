import { reporter } from "../../../components/edge/limiter/program/report.mjs";

/** What is written of a store that is away or there at these seconds. */
function written(...seen: readonly (readonly [seconds: number, isAway: boolean])[]): string[] {
  const lines: string[] = [];
  let now = 1e12;
  const report = reporter(
    (line) => lines.push(line),
    () => now,
  );
  for (const [seconds, isAway] of seen) {
    now = 1e12 + seconds * 1000;
    report(isAway ? new Error("no answer") : undefined);
  }
  return lines.map((line) => (JSON.parse(line) as { status: string }).status); // as it is written
}

test("a store that stays away is told of every minute, so that the alert stands", () => {
  const requests = Array.from({ length: 181 }, (_, second) => [second, true] as const);
  expect(written(...requests)).toEqual(["error", "error", "error", "error"]);
});

test("a store that is back is told of once, and one that was never away not at all", () => {
  expect(written([0, true], [1, false], [2, false])).toEqual(["error", "info"]);
  expect(written([0, false], [1, false])).toEqual([]);
});

test("a store that goes again within the minute is told of at once", () => {
  expect(written([0, true], [1, false], [2, true])).toEqual(["error", "info", "error"]);
});
