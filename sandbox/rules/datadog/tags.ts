import type { Properties } from "../../properties";
import type { Context } from "../rule";

/**
 * Tags as they live: the resource's own, normalised and sorted, and the provider's defaults for keys
 * that it does not have.
 * @see https://github.com/DataDog/terraform-provider-datadog/blob/master/datadog/provider.go (tagDiff)
 */
export function withDefaultTags(props: Properties, { provider }: Context): string[] {
  const own = props.strings("tags").map(normalTag);
  const keys = new Set(own.map((tag) => tag.split(":", 1)[0]));
  const defaults = provider
    .entries("defaultTags.tags")
    .filter(([key]) => !keys.has(key))
    .map(([key, value]) => normalTag(`${key}:${String(value)}`));
  return [...new Set([...own, ...defaults])].sort();
}

/**
 * A tag as Datadog keeps it: small letters, at most 200, underscores for what a tag cannot hold.
 * @see https://docs.datadoghq.com/getting_started/tagging/#define-tags
 */
function normalTag(tag: string): string {
  return tag
    .toLowerCase()
    .replace(/^[^\p{L}:]+/u, "")
    .replaceAll(/[^\p{L}\d:./-]+/gu, "_")
    .slice(0, 200)
    .replace(/_+$/, "");
}
