import { containersOf, podOf, podTypes, type PodMaker } from "./pods";
import { Resource } from "./stack";
import type { Value } from "./value";

/** Types of what holds plain texts by name. */
export const mapTypes = [
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:ConfigMapPatch",
] as const;
/** Types of the variables of GitHub's pipelines. */
export const variableTypes = [
  "github:index/actionsVariable:ActionsVariable",
  "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
  "github:index/actionsOrganizationVariable:ActionsOrganizationVariable",
] as const;
/** Types of all that holds what anybody may look at. */
export const plainTypes = [...podTypes, ...mapTypes, ...variableTypes] as const;
type Holder = Resource<(typeof plainTypes)[number]>;

/** Values that anybody may look at, each with its name: none in a command, `undefined` where it is not known. */
export function plainText({ args, declared }: Holder): [string | undefined, Value<string>][] {
  if (mapTypes.some((type) => type === declared.type)) return args.get("data").entries();
  if (variableTypes.some((type) => type === declared.type))
    return [[args.get("variableName").scalar, args.get("value")]];
  // What is neither makes pods.
  const maker = new Resource<PodMaker["declared"]["type"]>(declared);
  return containersOf(podOf(maker)).flatMap((container) => [
    ...nameless(container.get("command").items()),
    ...nameless(container.get("args").items()),
    ...container
      .get("env")
      .items()
      .map((env): [string | undefined, Value<string>] => [
        env.get("name").scalar,
        env.get("value"),
      ]),
  ]);
}

function nameless(words: Value<string>[]): [string, Value<string>][] {
  return words.map((word) => ["", word]);
}
