/** The value in the middle; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}

/** A point of a measured curve. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The straight line that is nearest to some points, by least squares. */
export interface Line {
  /** Growth of y for one x. */
  readonly slope: number;
  /** The line's y where x is 0. */
  readonly offset: number;
  /** Share of the variance that the line explains; 1 where all points lie on it. */
  readonly rSquared: number;
}

/** Growth of y for one x between the first and the last of some points. */
export function slope(points: readonly (Point | undefined)[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return NaN;
  return (last.y - first.y) / (last.x - first.x);
}

/** Fits a line to at least two points of different x. */
export function fit(points: readonly Point[]): Line {
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const covariance = sum(points.map((point) => (point.x - x) * (point.y - y)));
  const slope = covariance / sum(points.map((point) => (point.x - x) ** 2));
  const offset = y - slope * x;
  const residual = sum(points.map((point) => (point.y - offset - slope * point.x) ** 2));
  const variance = sum(points.map((point) => (point.y - y) ** 2));
  return { slope, offset, rSquared: variance === 0 ? 1 : 1 - residual / variance };
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
