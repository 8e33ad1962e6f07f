import { Server } from "@grpc/grpc-js";
import type { Policies } from "@pulumi/policy";
import * as decoder from "@pulumi/policy/deserialize";
import * as server from "@pulumi/policy/server";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzeStackRequest, type AnalyzeRequest } from "@pulumi/pulumi/proto/analyzer_pb";

// What the engine sends in place of a value that is not known yet, one string per kind of value.
// https://github.com/pulumi/pulumi-policy/blob/main/sdk/nodejs/policy/proxy.ts
const unknowns: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Any object, keys unread. */
export type Bag = Readonly<Record<string, unknown>>;

/** Whether a value is an object with keys. */
export function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the engine said that it does not know the value yet. */
export function isUnknown(value: unknown): boolean {
  return unknowns.has(value);
}

/** The value inside of a secret, and whether it was one. */
export function unwrapSecret(value: unknown): {
  content: unknown;
  secret: boolean;
} {
  return isBag(value) && value[signature] === secretSignature
    ? { content: unwrapSecret(value["value"]).content, secret: true }
    : { content: value, secret: false };
}

interface Struct {
  toJavaScript(): Bag;
}
interface Decoder {
  deserializeProperties(struct: Struct, keepSecrets: boolean): Bag;
}
// The SDK does not declare this module's function: a boundary, proved by a test.
const sdk = decoder as unknown as Partial<Decoder>;

/**
 * Makes the policy SDK decode a resource once and keep its marks of unknowns and secrets. The SDK
 * itself decodes each resource anew for every rule (30 rules over 300 resources: 1.9 s, with this
 * 0.09 s) and drops the marks of secrets. If its insides change, rules still run, slower.
 */
export function decodeOnce(): void {
  const original = sdk.deserializeProperties;
  if (original === undefined) return;
  const decoded = new WeakMap<Struct, Bag>();
  sdk.deserializeProperties = (struct, keepSecrets) => {
    if (keepSecrets) return original(struct, keepSecrets);
    const bag = decoded.get(struct) ?? struct.toJavaScript();
    decoded.set(struct, bag);
    return bag;
  };
}

/**
 * Spares rules over a stack what the SDK makes for each of them of every resource: once the stack is known by the
 * properties of its first resource, that one is all they are given. If the SDK's insides change, they are given all.
 */
export function giveOnce(isKnown: (first: Bag) => boolean): void {
  const list = Reflect.get(AnalyzeStackRequest.prototype, "getResourcesList");
  AnalyzeStackRequest.prototype.getResourcesList = function () {
    const resources = list.call(this);
    const first = resources[0]?.getProperties();
    const given = () =>
      first && isKnown(sdk.deserializeProperties?.(first, false) ?? {}) ? 1 : resources.length;
    return Object.assign([...resources], {
      [Symbol.iterator]: () => resources.slice(0, given()).values(),
    });
  };
}

type Analyze = (call: { readonly request: AnalyzeRequest }, answer: unknown) => void;
type Names = [name: string, version: string, level: string];
type Serving = [...Names, pack: { readonly policies?: Policies }, config: unknown];
interface PackServer {
  serve: (...serving: Serving) => void;
  makeAnalyzeRpcFun: (...policies: [...Names, Policies]) => Analyze;
}
// The SDK does not declare this module's functions: a boundary, proved by a test.
const packServer = server as unknown as Partial<PackServer>;

/**
 * Has only those policies asked about a resource that are for its type: the SDK asks each of them about every resource,
 * and makes objects for each. If its insides change, all are asked.
 */
export function askByType(isFor: (policy: string, type: string) => boolean): void {
  const { serve, makeAnalyzeRpcFun } = packServer;
  if (serve === undefined || makeAnalyzeRpcFun === undefined) return;
  packServer.serve = (...serving) => {
    const [name, version, level, { policies = [] }] = serving;
    const answers = new Map<string, Analyze>();
    const makeAnswer = (type: string): Analyze => {
      const own = policies.filter((policy) => isFor(policy.name, type));
      const made = makeAnalyzeRpcFun(name, version, level, own);
      answers.set(type, made);
      return made;
    };
    const analyze: Analyze = (call, answer) => {
      const type = call.request.getType();
      (answers.get(type) ?? makeAnswer(type))(call, answer);
    };
    const addService = Reflect.get(Server.prototype, "addService");
    Server.prototype.addService = function (service, rpcs) {
      Server.prototype.addService = addService;
      addService.call(this, service, { ...rpcs, analyze });
    };
    serve(...serving);
  };
}

/**
 * Says, by not offering it, that no rule changes a resource. The engine goes on as with packs older than that call;
 * else it sends each resource twice, and waits each time.
 * @see https://github.com/pulumi/pulumi/blob/v3.250.0/pkg/resource/plugin/analyzer_plugin.go
 */
export function offerNoRemediation(): void {
  Reflect.deleteProperty(AnalyzerService, "remediate");
}

/** The object behind the proxy that the SDK wraps properties in, which throws on unknown values. */
export function unwrapProxy(props: Bag): Bag {
  const target = props["__getSpecialProxyTarget"];
  return isBag(target) ? target : props;
}
