import type { ArgsOf, Known, OutputsOf } from "./sdk";
import { Value } from "./value";
import { finding, type Finding, type Truth } from "./verdict";
import type { Bag } from "./wire";

/** What the engine says of a resource. */
export interface Declared {
  /** Type token. */
  readonly type: string;
  /** URN. */
  readonly urn: string;
  /** Logical name. */
  readonly name: string;
  /** Properties as they came over the wire. */
  readonly properties: Bag;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
  /** URNs that each property was computed from; empty while a resource is judged alone. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Logical name of its provider; absent where it has none. */
  readonly provider?: string;
}

/** A resource of any type. */
export interface AnyResource {
  /** What the engine says of it. */
  readonly declared: Declared;
  /** URN. */
  readonly urn: string;
}

/** A declared resource of a known type. */
export class Resource<Token extends string = string> {
  /** What the engine says of it. */
  readonly declared: Declared;
  /** Its properties by the names of the SDK's arguments. */
  readonly args: Value<ArgsOf<Token>>;
  /** Its properties by the names of the SDK's outputs. */
  readonly outputs: Value<OutputsOf<Token>>;

  constructor(declared: Declared) {
    this.declared = declared;
    const place = { urn: declared.urn, path: "" };
    const partial = declared.type.startsWith("kubernetes:") && declared.type.endsWith("Patch");
    this.args = new Value(declared.properties, place, { partial });
    this.outputs = new Value(declared.properties, place, { partial });
  }

  /** URN. */
  get urn(): string {
    return this.declared.urn;
  }

  /** A finding about the resource as a whole unless something holds. */
  mustHold(truth: Truth, problem: string): Finding[] {
    return finding({ urn: this.urn, path: "" }, truth, problem);
  }

  /** URNs of the resources that one of its properties was computed from. */
  dependencies(property: keyof ArgsOf<Token> & string): readonly string[] {
    return this.declared.propertyDependencies[property] ?? [];
  }
}

/** A resource that refers to another, or of which that is not known. */
export interface Referrer<Token extends string> {
  /** The resource that refers. */
  readonly resource: Resource<Token>;
  /** Whether it refers; never `no`. */
  readonly refers: Truth;
}

interface References {
  readonly byUrn: Map<string, Resource[]>;
  readonly byValue: Map<string, Resource[]>;
  readonly undecided: Resource[];
}

// Outputs by which other resources refer to one.
const identities = ["id", "arn", "name", "bucket", "keyId"] as const;

/** All resources of a stack, by type and by what they refer to. */
export class Stack {
  private readonly byType = new Map<string, Resource[]>();
  private readonly byUrn = new Map<string, Resource>();
  private readonly references = new Map<string, References>();
  private readonly indexes = new Map<string, Map<string, Resource[]>>();

  constructor(declared: readonly Declared[]) {
    // The engine sends them in no order; findings come in one.
    const sorted = [...declared].sort((a, b) => (a.urn < b.urn ? -1 : 1));
    for (const one of sorted) {
      const resource = new Resource(one);
      this.byUrn.set(one.urn, resource);
      put(this.byType, one.type, resource);
    }
  }

  /** Resources of some types. */
  of<Token extends string>(...types: readonly Known<Token>[]): Resource<Token>[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** The resource with an URN. */
  get(urn: string): AnyResource | undefined {
    return this.byUrn.get(urn);
  }

  /** Resources of a type under each of their keys; the index is built once under its name. */
  by<Token extends string>(
    type: Known<Token>,
    name: string,
    keysOf: (resource: Resource<Token>) => readonly string[],
  ): ReadonlyMap<string, Resource<Token>[]> {
    const key = `${type} ${name}`;
    const index = this.indexes.get(key) ?? new Map<string, Resource[]>();
    if (!this.indexes.has(key)) {
      this.indexes.set(key, index);
      for (const one of this.of<Token>(type)) {
        for (const at of keysOf(one)) put(index, at, one);
      }
    }
    return index;
  }

  /** Resources of a type whose property refers to a resource, by dependency or by value. */
  referrers<Token extends string>(
    target: AnyResource,
    type: Known<Token>,
    property: keyof ArgsOf<Token> & string,
  ): Referrer<Token>[] {
    const references = this.referencesOf<Token>(type, property);
    const names = identities.flatMap((key) => fingerprintOf(target, key) ?? []);
    const found = new Set([
      ...(references.byUrn.get(target.urn) ?? []),
      ...names.flatMap((name) => references.byValue.get(name) ?? []),
    ]);
    return [
      ...[...found].map((resource) => ({ resource, refers: "yes" as const })),
      ...references.undecided.map((resource) => ({ resource, refers: "unknown" as const })),
    ];
  }

  private referencesOf<Token extends string>(type: Known<Token>, property: string): References {
    const key = `${type} ${property}`;
    const known = this.references.get(key);
    if (known !== undefined) return known;
    const index: References = {
      byUrn: new Map(),
      byValue: new Map(),
      undecided: [],
    };
    for (const resource of this.byType.get(type) ?? []) {
      const { properties, propertyDependencies } = resource.declared;
      const urns = propertyDependencies[property] ?? [];
      const fingerprint = fingerprintOf(resource, property);
      for (const urn of urns) put(index.byUrn, urn, resource);
      if (fingerprint !== undefined) put(index.byValue, fingerprint, resource);
      else if (property in properties && urns.length === 0) index.undecided.push(resource);
    }
    this.references.set(key, index);
    return index;
  }
}

/** A property's value as text, where it is set and known. */
function fingerprintOf({ urn, declared }: AnyResource, property: string): string | undefined {
  const value = new Value(declared.properties[property], { urn, path: property });
  return value.state === "known" ? value.fingerprint : undefined;
}

function put<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
