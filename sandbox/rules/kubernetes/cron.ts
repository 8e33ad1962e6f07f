import { isAbsent, type Check, invalid, needed } from "./field";

/**
 * A schedule as the CronJob controller reads it.
 * @see https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
 */
interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  {
    min: 1,
    max: 12,
    names: ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

const DESCRIPTORS = [
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
];

/** Refuses a schedule that is none, and one that names its time zone itself. */
export const schedule: Check = needed((value, path) => {
  if (typeof value !== "string") return [];
  if (value.includes("TZ")) {
    return invalid(path, value, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
  }
  const wrong = scheduleError(value);
  return wrong === undefined ? [] : invalid(path, value, wrong);
});

/** Refuses a time zone that is not in the IANA database. */
export const timeZone: Check = (value, path) => {
  if (isAbsent(value) || typeof value !== "string") return [];
  if (value === "") return invalid(path, value, "timeZone must be nil or non-empty string");
  if (value.toLowerCase() === "local") {
    const detail =
      "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
    return invalid(path, value, detail);
  }
  return isTimeZone(value) ? [] : invalid(path, value, `unknown time zone ${value}`);
};

/** Which names are zones: JavaScript takes up to 30 ms to tell, and every job asks. */
const timeZones = new Map<string, boolean>();

function isTimeZone(name: string): boolean {
  const known = timeZones.get(name) ?? knowsTimeZone(name);
  timeZones.set(name, known);
  return known;
}

/** Offsets (`+01:00`) are zones to JavaScript and none to Go. */
function knowsTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function scheduleError(text: string): string | undefined {
  if (text.startsWith("@every ")) {
    const isDuration = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text.slice("@every ".length));
    return isDuration ? undefined : `failed to parse duration ${text}`;
  }
  if (text.startsWith("@")) {
    return DESCRIPTORS.includes(text) ? undefined : `unrecognized descriptor: ${text}`;
  }
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`;
  }
  return parts
    .flatMap((part, index) => part.split(",").map((range) => rangeError(range, FIELDS[index])))
    .find((wrong) => wrong !== undefined);
}

function rangeError(range: string, field: Field | undefined): string | undefined {
  if (field === undefined) return undefined;
  const [span = "", step, ...more] = range.split("/");
  if (more.length > 0) return `too many slashes: ${range}`;
  if (step !== undefined && !/^\d+$/.test(step)) return `failed to parse int from ${step}`;
  if (step !== undefined && Number(step) === 0) {
    return `step of range should be a positive number: ${range}`;
  }
  return span === "*" || span === "?" ? undefined : spanError(span, range, field);
}

function spanError(span: string, range: string, field: Field): string | undefined {
  const [from = "", to = from, ...others] = span.split("-");
  const [start, end] = [numberOf(from, field), numberOf(to, field)];
  if (others.length > 0) return `too many hyphens: ${range}`;
  if (start === undefined || end === undefined) return `failed to parse int from ${range}`;
  if (start < field.min) {
    return `beginning of range (${start}) below minimum (${field.min}): ${range}`;
  }
  if (end > field.max) return `end of range (${end}) above maximum (${field.max}): ${range}`;
  return start > end
    ? `beginning of range (${start}) beyond end of range (${end}): ${range}`
    : undefined;
}

function numberOf(text: string, { names = [] }: Field): number | undefined {
  const named = text === "" ? -1 : names.indexOf(text.toLowerCase());
  if (named >= 0) return named;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
