import type { Resource, Stack } from "./stack";
import type { Value } from "./value";
import { any, type Truth } from "./verdict";

/** Type of a monitor. */
export const monitorType = "datadog:index/monitor:Monitor";
/** A monitor. */
export type Monitor = Resource<typeof monitorType>;

// Monitors over other monitors, SLOs or tests have neither a scope nor silence of their own.
const derived: ReadonlySet<string | undefined> = new Set([
  "composite",
  "slo alert",
  "synthetics alert",
]);

/** Whether a monitor looks at data itself. */
export function readsData(monitor: Monitor): Truth {
  return monitor.args.get("type").is((type) => !derived.has(type));
}

/** Whether any tag of a monitor passes a test. */
export function hasTag(monitor: Monitor, test: (tag: string) => boolean): Truth {
  const tags = monitor.args.get("tags").items();
  return any(tags.map((tag) => tag.is((text) => text !== undefined && test(text))));
}

/** Monitors that carry a tag, or might. */
export function monitorsWith(stack: Stack, tag: string): readonly Monitor[] {
  const byTag = stack.by<typeof monitorType>(monitorType, "tags", ({ args }) =>
    args
      .get("tags")
      .items()
      .map((text) => text.scalar ?? unknownTag),
  );
  return [...(byTag.get(tag) ?? []), ...(byTag.get(unknownTag) ?? [])];
}

const unknownTag = "?";

/** What a message notifies, without the `@`, in the branches that are told when something is wrong. */
export function handlesIn(message: Value<string>): string[] {
  const text = (message.scalar ?? "").replace(
    /\{\{#is_(?:\w+_)?recovery\}\}.*?\{\{\/is_(?:\w+_)?recovery\}\}/gs,
    "",
  );
  return [...text.matchAll(/(?:^|[\s,(}])@([\w.+-]+(?:@[\w.-]+\w)?)/g)].map(
    ([, handle]) => handle ?? "",
  );
}
