import { isRecord } from "../../sandbox/properties";

/**
 * Whether EventBridge would match an event, as far as patterns here go: values, `prefix`, `wildcard`
 * and `$or`; of an array in the event any item will do.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: Readonly<Record<string, unknown>>, event: unknown): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === "$or") return listOf(wanted).some((way) => isRecord(way) && matches(way, event));
    const value = isRecord(event) ? event[key] : undefined;
    if (isRecord(wanted)) return matches(wanted, value);
    return listOf(value).some((item) => listOf(wanted).some((one) => isMet(one, item)));
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isMet(wanted: unknown, value: unknown): boolean {
  if (!isRecord(wanted)) return wanted === value;
  if (typeof value !== "string") return false;
  const { prefix, wildcard, ...others } = wanted;
  if (Object.keys(others).length > 0) throw new Error(`operators ${JSON.stringify(others)}`);
  if (typeof prefix === "string") return value.startsWith(prefix);
  const [start = "", ...parts] = String(wildcard).split("*");
  const end = parts.pop();
  if (end === undefined) return value === start;
  if (!value.startsWith(start)) return false;
  const rest = parts.reduce<string | undefined>((text, part) => {
    const at = text?.indexOf(part) ?? -1;
    return at === -1 ? undefined : text?.slice(at + part.length);
  }, value.slice(start.length));
  return rest?.endsWith(end) === true;
}
