import { isRecord } from "../../properties";
import { at, invalid, record, type Check } from "./field";
import { qualifiedName } from "./names";

/**
 * Nano-units of each suffix.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
const UNITS = new Map([
  ["n", 1n],
  ["u", 10n ** 3n],
  ["m", 10n ** 6n],
  ["", 10n ** 9n],
  ["k", 10n ** 12n],
  ...["M", "G", "T", "P", "E"].map(
    (suffix, index) => [suffix, 10n ** BigInt(15 + 3 * index)] as const,
  ),
  ...["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map(
    (suffix, index) => [suffix, 10n ** 9n * 2n ** BigInt(10 * (index + 1))] as const,
  ),
]);

const FORM = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+)|([a-zA-Z]*))$/;

/** Billionths of the unit that a quantity stands for, or undefined where it is none. */
export function parseQuantity(value: unknown): bigint | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "", suffix = ""] =
    FORM.exec(String(value)) ?? [];
  const unit = UNITS.get(suffix);
  if (unit === undefined || whole + fraction === "") return undefined;
  const size = scaled(BigInt(whole + fraction) * unit, Number(exponent) - fraction.length);
  return sign === "-" ? -size : size;
}

function scaled(size: bigint, power: number): bigint {
  return power < 0 ? size / 10n ** BigInt(-power) : size * 10n ** BigInt(power);
}

/** Refuses what is not a quantity, or a negative one. */
export const quantity: Check = (value, path) => {
  if (typeof value !== "string") return [];
  const size = parseQuantity(value);
  if (size === undefined) {
    const form = "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    return invalid(path, value, `quantities must match the regular expression ${form}`);
  }
  return size < 0n ? invalid(path, value, "must be greater than or equal to 0") : [];
};

/** Refuses a quantity of zero or less. */
export const positiveQuantity = aboveZero("must be positive");

/** Likewise, in the words of a claim. */
export const claimedQuantity = aboveZero("must be greater than zero");

function aboveZero(refusal: string): Check {
  return (value, path) => {
    const size = parseQuantity(value);
    return size !== undefined && size <= 0n ? invalid(path, value, refusal) : quantity(value, path);
  };
}

/** Whether a resource may be promised more often than it is there: all that nodes share out. */
function isOvercommitted(name: string): boolean {
  return !name.includes("/") && !name.startsWith("hugepages-");
}

const CONTAINER_RESOURCES = ["cpu", "memory", "ephemeral-storage"];

/** Judges the names and quantities of a resource list. */
export function resourceList(standard: readonly string[], refusal: string): Check {
  return (value, path) =>
    Object.entries(record(value)).flatMap(([name, amount]) => {
      const place = at(path, name);
      const wrong = qualifiedName(name);
      const known =
        name.includes("/") ||
        standard.some((prefix) => name === prefix) ||
        name.startsWith("hugepages-");
      if (wrong !== undefined) return invalid(place, name, wrong);
      return known ? quantity(amount, place) : invalid(place, name, refusal);
    });
}

const containerList = resourceList(
  CONTAINER_RESOURCES,
  "must be a standard resource for containers",
);

/**
 * Requests and limits of a container.
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export const containerResources: Check = (value, path) => {
  if (!isRecord(value)) return [];
  const { requests, limits } = value;
  const found = [
    ...containerList(limits, at(path, "limits")),
    ...containerList(requests, at(path, "requests")),
  ];
  return found.length > 0 ? found : excess(record(requests), record(limits), at(path, "requests"));
};

function excess(
  requests: Readonly<Record<string, unknown>>,
  limits: Readonly<Record<string, unknown>>,
  path: string,
) {
  return Object.entries(requests).flatMap(([name, request]) => {
    const limit = limits[name];
    const [asked, most] = [parseQuantity(request), parseQuantity(limit)];
    if (asked === undefined || most === undefined || asked === most) return [];
    if (!isOvercommitted(name)) {
      return invalid(path, request, `must be equal to ${name} limit of ${String(limit)}`);
    }
    return asked > most
      ? invalid(path, request, `must be less than or equal to ${name} limit of ${String(limit)}`)
      : [];
  });
}
