type Bounds = readonly [lowest: number, highest: number];

/** Bounds of the five fields: minute, hour, day of the month, month, day of the week (7 is Sunday, too). */
const bounds: readonly Bounds[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];

const minutesPerDay = 24 * 60;

/** The days of eight years, which have two leap days. */
const calendar = Array.from({ length: 8 * 366 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)));

/** What a schedule comes down to: on which days, and at which minutes of them. */
interface Times {
  readonly minutes: readonly number[];
  readonly isDay: (date: Date) => boolean;
}

/** Shortest and longest time between two runs of a schedule. */
export interface Gaps {
  /** In minutes. */
  readonly shortest: number;
  /** In minutes. */
  readonly longest: number;
}

/**
 * The times between the runs of five cron fields, as Kubernetes reads them; nothing where they name no
 * time in eight years.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function cronGaps(schedule: string): Gaps | undefined {
  const times = timesOf(schedule);
  const [first, last] = [times?.minutes[0], times?.minutes.at(-1)];
  if (times === undefined || first === undefined || last === undefined) return undefined;
  const days = calendar.flatMap((date, day) => (times.isDay(date) ? [day] : []));
  const overnight = distances(days).map((gap) => gap * minutesPerDay + first - last);
  const gaps = [...overnight, ...distances(times.minutes)];
  if (overnight.length === 0) return undefined;
  return { shortest: Math.min(...gaps), longest: Math.max(...gaps) };
}

function distances(numbers: readonly number[]): number[] {
  return numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
}

function timesOf(schedule: string): Times | undefined {
  const fields = schedule.split(" ");
  const [minutes, hours, days, months, weekdays] = fields.map((field, index) =>
    valuesOf(field, bounds[index] ?? [0, 0]),
  );
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  // A day that is narrowed by both fields need be in one of them only.
  const isEither = !fields[2]?.startsWith("*") && !fields[4]?.startsWith("*");
  return {
    minutes: [...hours].flatMap((hour) => [...minutes].map((minute) => hour * 60 + minute)),
    isDay: (date) => {
      const inMonth = days.has(date.getUTCDate());
      const inWeek = weekdays.has(date.getUTCDay());
      const isNamed = isEither ? inMonth || inWeek : inMonth && inWeek;
      return isNamed && months.has(date.getUTCMonth() + 1);
    },
  };
}

/** The values of one field in order; nothing where one is out of bounds. */
function valuesOf(field: string, [lowest, highest]: Bounds): ReadonlySet<number> | undefined {
  const values: number[] = [];
  for (const part of field.split(",")) {
    const range = rangeOf(part, [lowest, highest]);
    if (range === undefined) return undefined;
    for (let value = range.start; value <= range.end; value += range.step) values.push(value);
  }
  if (highest === 7 && values.includes(7)) values.push(0);
  return new Set(values.sort((a, b) => a - b));
}

/** One part of a field: a value, `10-20`, or all, and of these every so many, such as `10-20/5`. */
function rangeOf(part: string, [lowest, highest]: Bounds) {
  const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
  if (match === null) return undefined;
  // A group that matched nothing is absent, whatever the types say.
  const [, from = lowest, to, every] = match as (string | undefined)[];
  const isOpen = match[1] === undefined || every !== undefined;
  const start = Number(from);
  const end = Number(to ?? (isOpen ? highest : start));
  const step = Number(every ?? 1);
  const ordered = [lowest, start, end, highest];
  const isSound = ordered.every((value, index) => value >= (ordered[index - 1] ?? 0));
  return isSound && step > 0 ? { start, end, step } : undefined;
}
