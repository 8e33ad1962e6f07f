import type { Rule } from "./lib/rule";

/** Every rule of the pack, by provider and name. */
export const catalogue: readonly Rule[] = [];
