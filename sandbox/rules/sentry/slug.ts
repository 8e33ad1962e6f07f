import type { Properties } from "../../properties";

/** Sentry's answer to what it does not take, by field. */
export function invalidField(field: string, reason: string): string {
  return `400 Bad Request: ${JSON.stringify({ [field]: [reason] })}`;
}

/**
 * Why a slug is refused.
 * @see https://github.com/getsentry/sentry/blob/master/src/sentry/api/fields/sentry_slug.py
 */
export function slugProblem(props: Properties, longest: number): string | undefined {
  const slug = props.string("slug");
  if (slug === undefined) return undefined;
  if (!/^(?!\d+$)[a-z0-9_-]+$/.test(slug)) {
    return invalidField(
      "slug",
      "Enter a valid slug consisting of lowercase letters, numbers, underscores or hyphens. It cannot be entirely numeric.",
    );
  }
  return longProblem("slug", slug, longest);
}

/** Why a name is refused for its length. */
export function longProblem(field: string, text: string, longest: number): string | undefined {
  return text.length <= longest
    ? undefined
    : invalidField(field, `Ensure this field has no more than ${longest} characters.`);
}

/** The slug as given, or made of the name. */
export function slugOf(props: Properties): string {
  const name = props.string("name") ?? "";
  return props.string("slug") ?? name.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, "-");
}
