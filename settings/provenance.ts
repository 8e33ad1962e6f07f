import { isDeepStrictEqual } from "node:util";
import { writtenPath, type Path } from "./problem";
import type { Resolution } from "./resolve";
import { Stack } from "./stack";
import { tierNames } from "./tiers";
import { leaves, originOf, valueAt } from "./tree";

/** One effective setting and where it came from. */
export interface EffectiveSetting {
  /** Path in the effective settings, such as `services.api.replicas.min`. */
  readonly path: string;
  /** The value that holds. */
  readonly value: unknown;
  /** Where it came from: a place in a file, the tier's default, or the default of every tier. */
  readonly source: string;
}

/** Every effective setting of a stack with where it came from, in the order of the schema. */
export function effectiveSettings(
  resolution: Extract<Resolution, { ok: true }>,
): EffectiveSetting[] {
  const { settings, merged, tier } = resolution;
  const byTier = tierNames.map((name) => Stack(name).safeParse(merged.tree).data);
  return leaves(settings).map(({ path, value }) => {
    const differs = byTier.some((other) => !isDeepStrictEqual(valueAt(other, path), value));
    const byDefault = differs ? `default of tier ${tier}` : "default";
    return { path: writtenPath("", path), value, source: writtenAt(merged, path) ?? byDefault };
  });
}

/** Where a value was written; nothing for a default. */
function writtenAt({ tree, origins }: Extract<Resolution, { ok: true }>["merged"], path: Path) {
  if (valueAt(tree, path) === undefined) return undefined;
  const origin = originOf(origins, path);
  return origin && `${origin.file}: ${writtenPath(origin.start, origin.steps)}`;
}
