import type { Bag, Drafted } from "./policy";

/** What is done to a stack. */
export type Change = (stack: readonly Drafted[]) => Drafted[];

/** What a rule must say of changed stacks, each by a title. */
export interface Cases {
  /** A change for each clause of the rule, and the findings: resource, then what is wrong. */
  readonly violations: Readonly<Record<string, readonly [Change, ...string[]]>>;
  /**
   * Changes after which the rule can't judge, and what it can't judge.
   * @default - the rule decides by the type of a resource alone
   */
  readonly unknowns?: Readonly<Record<string, readonly [Change, ...string[]]>>;
  /** Changes that come near to a violation and are none. */
  readonly passes: Readonly<Record<string, Change>>;
}

/** Writes one property of a resource, dots within a key after a backslash; `undefined` removes it. */
export function set(name: string, path: string, value: unknown): Change {
  return change(name, (drafted) => ({
    ...drafted,
    props: asBag(written(drafted.props, keysOf(path), value)),
  }));
}

/** Says what a property was computed from. */
export function from(name: string, property: string, ...sources: string[]): Change {
  return change(name, (drafted) => ({
    ...drafted,
    from: { ...drafted.from, [property]: sources },
  }));
}

/** Gives a resource another type. */
export function retype(name: string, type: string): Change {
  return change(name, (drafted) => ({ ...drafted, type }));
}

/** Takes the protection from a resource. */
export function unprotect(name: string): Change {
  return change(name, (drafted) => ({ ...drafted, protect: false }));
}

/** Takes resources away. */
export function without(...names: string[]): Change {
  return (stack) => stack.filter(({ name }) => !names.includes(name));
}

/** Adds a resource. */
export function add(type: string, name: string, rest: Omit<Drafted, "type" | "name">): Change {
  return (stack) => [...stack, { type, name, ...rest }];
}

/** Several changes, one after another. */
export function both(...changes: readonly Change[]): Change {
  return (stack) => changes.reduce<Drafted[]>((changed, next) => next(changed), [...stack]);
}

/** A document of IAM's policy language. */
export function document(...statements: readonly Bag[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function change(name: string, to: (drafted: Drafted) => Drafted): Change {
  return (stack) => {
    if (!stack.some((drafted) => drafted.name === name)) throw new Error(`no "${name}" to change`);
    return stack.map((drafted) => (drafted.name === name ? to(drafted) : drafted));
  };
}

function keysOf(path: string): string[] {
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
}

function written(node: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    const items: unknown[] = node;
    const index = Number(key);
    const item = written(items[index], rest, value);
    return [...items.slice(0, index), item, ...items.slice(index + 1)];
  }
  const bag = asBag(node ?? {});
  return { ...bag, [key]: written(bag[key], rest, value) };
}

function asBag(value: unknown): Bag {
  if (typeof value !== "object" || value === null) throw new Error("a path leads into a scalar");
  return { ...value };
}
