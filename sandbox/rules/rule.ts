import type { Plain, Properties } from "../properties";

/** One reason why a property is refused. */
export interface Problem {
  /** Path of the property: `rules[0].expiration.days`. Empty for the resource as a whole. */
  readonly property: string;
  /** What is wrong, in the wording of the provider or service. */
  readonly reason: string;
}

/** An object of the cloud, as a rule sees it. */
export interface CloudObject {
  readonly type: string;
  /** Id by which the provider knows it. */
  readonly id: string;
  /** Where it lives: account and region, cluster, organisation, owner (see {@link Context.scope}). */
  readonly scope: string;
  /** Its live properties, inputs and computed ones. */
  readonly properties: Properties;
}

/** What a rule may ask of the cloud. It sees every stack's objects, as the real service does. */
export interface CloudReader {
  /**
   * First object of a type whose live properties equal all of `where`, keyed by path
   * (`metadata.name`); the keys `id` and `scope` mean the object's own.
   */
  readonly find: (
    type: string,
    where: Readonly<Record<string, unknown>>,
  ) => CloudObject | undefined;
  /** All such objects; of every type where none is named. */
  readonly list: (
    type?: string,
    where?: Readonly<Record<string, unknown>>,
  ) => readonly CloudObject[];
}

/** What a rule knows beside the properties. */
export interface Context {
  /** Logical name of the resource. */
  readonly name: string;
  /** Configuration of the provider instance that was asked. */
  readonly provider: Properties;
  /**
   * Where the provider instance acts: `aws/111122223333/eu-central-1`, `kubernetes/<cluster>`,
   * `datadog/<site>`, `github/<owner>`, `sentry/<host>`, `pagerduty/<region>`.
   */
  readonly scope: string;
  /** AWS account number; empty with other providers. */
  readonly account: string;
  /** AWS region, the resource's own `region` before the provider's; empty with other providers. */
  readonly region: string;
  /** GitHub owner; empty with other providers. */
  readonly owner: string;
  /** When the object was created, ISO 8601. */
  readonly createdAt: string;
  /** When the call is made, ISO 8601. */
  readonly now: string;
  /** Objects that exist. During a preview, what the same preview would create is not among them. */
  readonly cloud: CloudReader;
  /** True where nothing will be written: `outputs` then only says which outputs are computed. */
  readonly preview: boolean;
  /** Hexadecimal digits that stay the same for the object's whole life. */
  readonly hex: (label: string, length: number) => string;
  /** Capital letters and digits, likewise (`AROA…`, `P1ABCDE`). */
  readonly letters: (label: string, length: number) => string;
  /** A whole number below `limit`, likewise. */
  readonly integer: (label: string, limit: number) => number;
  /** UUID, likewise. */
  readonly uuid: (label: string) => string;
}

/** The name an object holds in the real service, where no second one may hold it. */
export interface Identity {
  /** Unique over the whole cloud, so it carries its scope: `s3 my-bucket`, `iam-role 1111… deploy`. */
  readonly key: string;
  /** Error of the real service for a second object, or the word `adopt`: creating is an upsert. */
  readonly taken: string;
}

/** An object that must exist when another one is created or updated. */
export interface Reference {
  /** Property that refers to it. */
  readonly property: string;
  /** Types of which one object must match. */
  readonly types: readonly string[];
  /** What it must have, as in {@link CloudReader.find}. */
  readonly where: Readonly<Record<string, unknown>>;
  /** Error of the real service when there is none. */
  readonly missing: string;
}

/** How a name is made where the program gives none: `<logical name>-<7 hexadecimal digits>`. */
export interface Autoname {
  /** Property that gets the name (`bucket`, `metadata.name`). */
  readonly property: string;
  /** Longest name the service takes; a longer one is refused, as the real provider does. */
  readonly maxLength: number;
  /** Turned to small letters. */
  readonly lowercase?: boolean;
  /** Properties that stand for a name, so that none is made (`bucketPrefix`). */
  readonly unless?: readonly string[];
  /** @default "-" */
  readonly separator?: string;
  /** Number of hexadecimal digits. @default 7 */
  readonly digits?: number;
}

/**
 * What the real service does with one resource type beyond its declared input types.
 * All functions are pure; every part is optional but `type` and `source`.
 */
export interface ResourceRule {
  /** Type token: `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Page that says so. A clause with another source cites it in a comment. */
  readonly source: string;
  /** Values the provider fills in at Check where the program gives none; known in a preview. */
  readonly defaults?: Plain;
  readonly autoname?: Autoname;
  /** Refusals the provider makes in a preview already, without a call to the service. */
  readonly check?: (props: Properties, context: Context) => readonly Problem[];
  /** Refusals of the service at create and update. Unknown values do not occur here. */
  readonly refuse?: (props: Properties, context: Context) => string | undefined;
  /** Objects that must exist at create and update. */
  readonly references?: (props: Properties, context: Context) => readonly Reference[];
  readonly identity?: (props: Properties, context: Context) => Identity | undefined;
  /** Id as the real provider forms it. @default - 20 hexadecimal digits */
  readonly id?: (props: Properties, context: Context) => string;
  /**
   * Computed outputs, merged deeply over the inputs. Called at create and update; in a preview only
   * its keys count: what the inputs do not give becomes unknown.
   */
  readonly outputs?: (props: Properties, context: Context) => Plain;
  /** Outputs that are secret beyond those echoed from secret inputs. */
  readonly secretOutputs?: readonly string[];
  /**
   * Property paths whose change replaces the object (a change below a path counts; `[*]` is any
   * item), or a function that tells them.
   */
  readonly replaceOn?:
    | readonly string[]
    | ((olds: Properties, news: Properties, context: Context) => readonly string[]);
  /**
   * Whether a replacement deletes first.
   * @default - where old and new object would hold the same {@link Identity}
   */
  readonly deleteBeforeReplace?: boolean;
  /**
   * What the service does with other objects when it makes this one: an entry's labels move from
   * version to version.
   */
  readonly effects?: (self: CloudObject, context: Context) => Effects;
  /**
   * Why the object, though it exists, does not become ready, most general reason first; the provider
   * waits for it. Asked again for as long as other calls may still bring what is missing.
   */
  readonly unready?: (self: CloudObject, context: Context) => readonly string[];
  /** What the object shows once it has not become ready, until another takes its place. */
  readonly failed?: Plain;
  /** Properties that count as changed, and replace, for what the cloud holds: a job that failed. */
  readonly stale?: (news: Properties, context: Context) => readonly string[];
  /** Why the service refuses to delete: not empty, protected, still in use. */
  readonly refuseDelete?: (self: CloudObject, context: Context) => string | undefined;
  /** What the service deletes along: an environment's secrets, a project's keys. */
  readonly deletesAlso?: (self: CloudObject, context: Context) => readonly CloudObject[];
  /** What a delete leaves behind: the name of a secret until its recovery window has passed. */
  readonly leaves?: (self: CloudObject, context: Context) => readonly Given[];
}

/** What making an object does to others. */
export interface Effects {
  /** Objects that change, with the top-level properties that do. */
  readonly sets?: readonly { readonly object: CloudObject; readonly properties: Plain }[];
  /** Objects that go. */
  readonly removes?: readonly CloudObject[];
  /** Objects that come; they have no effects of their own. */
  readonly adds?: readonly Given[];
}

/** What the real provider answers to a function (`aws:index/getCallerIdentity:getCallerIdentity`). */
export interface InvokeRule {
  readonly token: string;
  readonly source: string;
  /** The result, or a string: the error of the real service. */
  readonly call: (args: Properties, context: Context) => Plain | string;
}

/** An object that is there before anybody declares it: the cluster's `default` namespace. */
export interface Given {
  readonly type: string;
  readonly id: string;
  readonly properties: Plain;
}

/** The rules of one package; each `sandbox/rules/<package>.ts` exports one as `rules`. */
export interface PackageRules {
  readonly resources: readonly ResourceRule[];
  readonly invokes: readonly InvokeRule[];
  /** Objects that exist in a scope from the start; given once, when the scope is first used. */
  readonly given?: (
    context: Pick<Context, "scope" | "account" | "region" | "owner">,
  ) => readonly Given[];
}
