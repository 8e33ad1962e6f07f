import type { Plain } from "./sdk";
import { finding, truthOf, type Finding, type Place, type Truth } from "./verdict";
import { isBag, isUnknown, unwrapSecret } from "./wire";

/** The strings, numbers and switches among what a value may be. */
export type Scalar<T> = Extract<T, string | number | boolean>;
type Item<T> = T extends readonly (infer Element)[] ? Plain<Element> : never;
type Field<T, Key> = T extends unknown ? (Key extends keyof T ? Plain<T[Key]> : never) : never;
type Keys<T> = T extends unknown ? keyof T : never;
type Entry<T> = T extends string | number | boolean | readonly unknown[]
  ? never
  : Plain<T[keyof T]>;

/** What a value has from the object it stands in. */
interface Origin {
  /** Whether that object is secret. */
  readonly secret?: boolean;
  /** Whether that object only changes another: what it does not say is not known. */
  readonly partial?: boolean;
}

/**
 * One property, at any depth, that can't be read without saying what holds when it is absent or
 * not known yet. Reading on from an unknown value gives unknown values.
 */
export class Value<T> {
  /** Where the value stands. */
  readonly place: Place;
  /** Whether the engine marks it, or what it stands in, as secret. */
  readonly secret: boolean;
  /** `absent` where the property is not set. */
  readonly state: "known" | "unknown" | "absent";
  private readonly content: unknown;
  private readonly origin: Origin;

  constructor(raw: unknown, place: Place, origin: Origin = {}) {
    const { content, secret } = unwrapSecret(raw);
    this.place = place;
    this.secret = origin.secret === true || secret;
    this.origin = { ...origin, secret: this.secret };
    this.content = content;
    if (isUnknown(content)) this.state = "unknown";
    else if (content !== undefined && content !== null) this.state = "known";
    else this.state = origin.partial === true ? "unknown" : "absent";
  }

  /** A field of an object. */
  get<Key extends Keys<T> & string>(key: Key): Value<Field<T, Key>> {
    const { path } = this.place;
    return this.child(path === "" ? key : `${path}.${key}`, (content) =>
      isBag(content) ? content[key] : undefined,
    );
  }

  /** The elements of a list; of a list that is not known, one unknown element. */
  items(): Value<Item<T>>[] {
    const { path } = this.place;
    if (isUnknown(this.content)) return [this.child(`${path}[*]`, (content) => content)];
    if (!Array.isArray(this.content)) return [];
    return this.content.map((element: unknown, index) =>
      this.child(`${path}[${labelOf(element, this.secret) ?? index}]`, () => element),
    );
  }

  /** The fields of a map by key; of a map that is not known, one unknown field `*`. */
  entries(): [string, Value<Entry<T>>][] {
    const { path } = this.place;
    if (isUnknown(this.content)) return [["*", this.child(`${path}.*`, (content) => content)]];
    if (!isBag(this.content)) return [];
    return Object.entries(this.content).map(([key, field]) => [
      key,
      this.child(`${path}.${key}`, () => field),
    ]);
  }

  /** Elements of a list, or the value itself where one may be said without a list. */
  oneOrMore(): Value<Plain<Exclude<T, readonly unknown[]> | Item<T>>>[] {
    if (this.content === undefined || this.content === null) return [];
    if (Array.isArray(this.content)) {
      const { path } = this.place;
      return this.content.map((element: unknown, i) => this.child(`${path}[${i}]`, () => element));
    }
    return [this.child(this.place.path, (content) => content)];
  }

  /** The document in a string of JSON, or given as an object; unknown where it does not parse. */
  json<Document>(): Value<Document> {
    if (typeof this.content !== "string" || this.state !== "known") {
      return this.child(this.place.path, (content) => content);
    }
    try {
      const document: unknown = JSON.parse(this.content);
      return this.child(this.place.path, () => document);
    } catch {
      return new Value(notJson, this.place, this.origin);
    }
  }

  /** Whether the value is set. */
  get isSet(): Truth {
    return this.state === "unknown" ? "unknown" : truthOf(this.state === "known");
  }

  /** Whether a scalar passes a test, which sees `undefined` where it is absent. */
  is(test: (value: Scalar<T> | undefined) => boolean): Truth {
    if (this.state === "absent") return truthOf(test(undefined));
    const scalar = this.scalar;
    return scalar === undefined ? "unknown" : truthOf(test(scalar));
  }

  /** A finding unless a scalar passes a test, which sees `undefined` where it is absent. */
  must(test: (value: Scalar<T> | undefined) => boolean, problem: string): Finding[] {
    return finding(this.place, this.is(test), problem);
  }

  /** A finding unless something about the value holds. */
  mustHold(truth: Truth, problem: string): Finding[] {
    return finding(this.place, truth, problem);
  }

  /** The value where it is a scalar that is known. */
  get scalar(): Scalar<T> | undefined {
    const known = this.state === "known" && typeof this.content !== "object";
    // The wire carries no types: what the SDK declares is taken to be there.
    return known ? (this.content as Scalar<T>) : undefined;
  }

  /** The whole value as one string that equals another's exactly if the values do; absent while any of it is unknown. */
  get fingerprint(): string | undefined {
    const unknowns: string[] = [];
    const text = JSON.stringify(this.content ?? null, (key, raw: unknown) => {
      const { content } = unwrapSecret(raw);
      if (isUnknown(content)) unknowns.push(key);
      if (!isBag(content)) return content;
      return Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
    });
    return unknowns.length === 0 ? text : undefined;
  }

  private child<Child>(path: string, read: (content: unknown) => unknown): Value<Child> {
    const raw = isUnknown(this.content) ? this.content : read(this.content);
    return new Value<Child>(raw, { urn: this.place.urn, path }, this.origin);
  }
}

/** Stands for a document that can't be read: nothing about it is known. */
const notJson = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The first of several values that is set or might be, else the last. */
export function firstSet<T>(first: Value<T>, ...rest: Value<T>[]): Value<T> {
  const [next, ...others] = rest;
  return first.state !== "absent" || next === undefined ? first : firstSet(next, ...others);
}

/** Whether two values are the same all the way down. */
export function equal(a: Value<unknown>, b: Value<unknown>): Truth {
  const [one, other] = [a.fingerprint, b.fingerprint];
  if (a.state === "unknown" || b.state === "unknown") return "unknown";
  return one === undefined || other === undefined ? "unknown" : truthOf(one === other);
}

function labelOf(element: unknown, secret: boolean): string | undefined {
  if (secret || !isBag(element)) return undefined;
  const name = element["name"];
  return typeof name === "string" && !isUnknown(name) ? name : undefined;
}
