import type * as aws from "@pulumi/aws";
import type * as datadog from "@pulumi/datadog";
import type * as github from "@pulumi/github";
import type * as kubernetes from "@pulumi/kubernetes";
import type * as pagerduty from "@pulumi/pagerduty";
import type * as pulumi from "@pulumi/pulumi";
import type * as sentry from "@pulumiverse/sentry";
import type { CustomObjects } from "./custom-objects";

// Types alone: loading the SDKs would add seconds to every preview.
interface Sdks {
  aws: typeof aws;
  datadog: typeof datadog;
  github: typeof github;
  kubernetes: typeof kubernetes;
  pagerduty: typeof pagerduty;
  sentry: typeof sentry;
}

type Member<Of, Key> = Key extends keyof Of ? Of[Key] : never;
type Head<Name extends string> = Name extends `${infer First}.${string}` ? First : Name;
type Named<Module, Local extends string, Class extends string> =
  Local extends Uncapitalize<Class> ? Member<Module, Class> : never;

type ClassOf<Token extends string> = Found<Lookup<Token>>;
// `never` would extend any constructor.
type Found<Class> = [Class] extends [never] ? undefined : Class;
type Lookup<Token extends string> =
  Token extends `kubernetes:${infer Group}/${infer Version}:${infer Kind}`
    ? Member<Member<Member<Sdks["kubernetes"], Head<Group>>, Version>, Kind>
    : Token extends `pulumi:providers:${infer Sdk}`
      ? Member<Member<Sdks, Sdk>, "Provider">
      : Token extends `${infer Sdk}:index/${infer Local}:${infer Class}`
        ? Named<Member<Sdks, Sdk>, Local, Class>
        : Token extends `${infer Sdk}:${infer Module}/${infer Local}:${infer Class}`
          ? Named<Member<Member<Sdks, Sdk>, Module>, Local, Class>
          : never;

/** What a property holds once its inputs and outputs are resolved; nested ones stay wrapped. */
export type Plain<T> = T extends Promise<unknown> | undefined | null
  ? never
  : T extends pulumi.OutputInstance<infer Inner>
    ? Plain<Inner>
    : T;

/** Arguments of the resource type with this token, as its SDK declares them; `never` for a misspelt token. */
export type ArgsOf<Token extends string> = Token extends keyof CustomObjects
  ? CustomObjects[Token]
  : ClassOf<Token> extends abstract new (
        name: string,
        args: infer Args,
        ...rest: never[]
      ) => unknown
    ? NonNullable<Args>
    : never;

/** Outputs of the resource type with this token, as its SDK declares them. */
export type OutputsOf<Token extends string> =
  ClassOf<Token> extends abstract new (...args: never[]) => infer Instance ? Instance : never;

/** The token itself where an SDK has it, else `never`: a misspelt token does not compile. */
export type Known<Token extends string> = Token extends string
  ? [ArgsOf<Token>] extends [never]
    ? never
    : Token
  : never;
