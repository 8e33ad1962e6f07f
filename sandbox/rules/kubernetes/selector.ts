import { isRecord, Unknown, valueAt } from "../../properties";
import type { Problem } from "../rule";
import {
  all,
  entries,
  fields,
  forbidden,
  at,
  invalid,
  isGiven,
  items,
  needed,
  oneOf,
  record,
  required,
  text,
  type Check,
} from "./field";
import { labelValue, qualifiedName } from "./names";

/**
 * A label selector.
 * @see https://github.com/kubernetes/apimachinery/blob/v0.34.0/pkg/apis/meta/v1/validation/validation.go
 */
export const labelSelector: Check = fields({
  matchLabels: entries(qualifiedName, text(labelValue)),
  matchExpressions: items(
    all(
      fields({
        key: needed(text(qualifiedName)),
        operator: needed(oneOf("In", "NotIn", "Exists", "DoesNotExist")),
        values: items(text(labelValue)),
      }),
      listedValues,
    ),
  ),
});

/** Two operators are about listed values, the other two about the key alone. */
export function listedValues(value: unknown, path: string): readonly Problem[] {
  const { operator, values } = record(value);
  const count = Array.isArray(values) ? values.length : 0;
  const place = at(path, "values");
  if (values instanceof Unknown) return [];
  if ((operator === "In" || operator === "NotIn") && count === 0) {
    return required(place, "must be specified when `operator` is 'In' or 'NotIn'");
  }
  return (operator === "Exists" || operator === "DoesNotExist") && count > 0
    ? forbidden(place, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    : [];
}

/** The selector of a controller: not empty, and one that its own pods' labels meet. */
export function ownPodsSelector(kind: string): Check {
  return (value, path) => {
    if (value instanceof Unknown) return [];
    const { selector, template } = record(value);
    const place = at(path, "selector");
    if (!isRecord(selector))
      return isGiven(selector) || selector instanceof Unknown ? [] : required(place);
    const found = labelSelector(selector, place);
    const { matchLabels, matchExpressions } = selector;
    const isEmpty = [matchLabels, matchExpressions].every(
      (part) => !(part instanceof Unknown) && Object.keys(part ?? {}).length === 0,
    );
    if (isEmpty) return [...found, ...invalid(place, {}, `empty selector is invalid for ${kind}`)];
    return selects(selector, valueAt(template, ["metadata", "labels"])) === false
      ? [
          ...found,
          ...invalid(
            at(path, "template", "metadata", "labels"),
            {},
            "`selector` does not match template `labels`",
          ),
        ]
      : found;
  };
}

/** Whether a selector meets labels; undefined where that depends on what is not known yet. */
export function selects(selector: unknown, labels: unknown): boolean | undefined {
  if (labels instanceof Unknown || selector instanceof Unknown) return undefined;
  const { matchLabels, matchExpressions } = record(selector);
  const equalities = equals(matchLabels, labels);
  const expressions: unknown[] = Array.isArray(matchExpressions) ? matchExpressions : [];
  return every([
    equalities,
    ...expressions.map((expression) => meets(record(expression), record(labels))),
  ]);
}

/** Whether labels have all of these values; undefined where that is not known yet. */
export function equals(wanted: unknown, labels: unknown): boolean | undefined {
  if (wanted instanceof Unknown || labels instanceof Unknown) return undefined;
  const given = record(labels);
  return every(
    Object.entries(record(wanted)).map(([key, value]) => {
      const label = Object.hasOwn(given, key) ? given[key] : undefined;
      if (value instanceof Unknown || label instanceof Unknown) return undefined;
      return label === value;
    }),
  );
}

function meets(
  { key, operator, values }: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, unknown>>,
): boolean | undefined {
  if (typeof key !== "string") return undefined;
  const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (operator === "Exists") return label !== undefined;
  if (operator === "DoesNotExist") return label === undefined;
  const listed: unknown[] = Array.isArray(values) ? values : [];
  if (label instanceof Unknown || listed.some((value) => value instanceof Unknown))
    return undefined;
  return listed.includes(label) === (operator === "In");
}

function every(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}
