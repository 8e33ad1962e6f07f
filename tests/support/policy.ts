import * as server from "@pulumi/policy/server";
import type { Policies } from "@pulumi/policy";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { isIndexed, toPolicies } from "../../policies/lib/pack";
import type { Rule, Tier } from "../../policies/lib/rule";
import { decodeOnce, giveOnce } from "../../policies/lib/wire";

decodeOnce();
giveOnce(isIndexed);

/** Stands where a real stack holds a secret; no diagnostic may show it. */
export const canary = "canary-5up3r-53cr3t";

/** What the engine sends in place of a text that is not known yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret as the engine sends it. */
export function secret(value: unknown): Bag {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** Properties of a resource, as on the wire. */
export type Bag = Readonly<Record<string, unknown>>;

/** A resource as a test writes it. */
export interface Drafted {
  readonly type: string;
  readonly name: string;
  readonly props: Bag;
  readonly protect?: boolean;
  /** Names of the resources that a property was computed from. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

/** What the pack said. */
export interface Diagnostic {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  readonly message: string;
  /** Logical name of the resource that it is about; empty for the stack. */
  readonly about: string;
}

type Answer = (error: unknown, response: proto.AnalyzeResponse) => void;
type Rpc<Request> = (call: { request: Request }, answer: Answer) => void;
type MakeRpc<Request> = (
  name: string,
  version: string,
  level: string,
  list: Policies,
) => Rpc<Request>;

// The SDK does not declare the functions that its own server is made of; the engine calls the same.
const rpc = server as unknown as {
  makeAnalyzeRpcFun: MakeRpc<proto.AnalyzeRequest>;
  makeAnalyzeStackRpcFun: MakeRpc<proto.AnalyzeStackRequest>;
};

/** Runs rules over a stack as the engine runs the pack in a preview: every resource, then the stack. */
export async function judge(
  rules: readonly Rule[],
  stack: readonly Drafted[],
  tier: Tier = "production",
): Promise<Diagnostic[]> {
  return run(toPolicies(rules, { tier }), stack, stack);
}

/** Runs rules over a stack of which all resources but one have been judged. */
export async function judgeChanged(
  rules: readonly Rule[],
  stack: readonly Drafted[],
  changed: string,
): Promise<Diagnostic[]> {
  const resources = stack.filter(({ name }) => name === changed);
  return run(toPolicies(rules, { tier: "production" }), resources, stack);
}

async function run(
  policies: Policies,
  resources: readonly Drafted[],
  stack: readonly Drafted[],
): Promise<Diagnostic[]> {
  const one = rpc.makeAnalyzeRpcFun("plinth", "1.0.0", "advisory", policies);
  const all = rpc.makeAnalyzeStackRpcFun("plinth", "1.0.0", "advisory", policies);
  const urns = new Map(stack.map((drafted) => [drafted.name, urnOf(drafted)]));
  const found: Diagnostic[] = [];
  for (const drafted of resources) {
    const diagnostics = await call(one, resourceRequest(drafted));
    found.push(...diagnostics.map((diagnostic) => ({ ...diagnostic, about: drafted.name })));
  }
  return [...found, ...(await call(all, stackRequest(stack, urns)))];
}

function urnOf({ type, name }: Drafted): string {
  return `urn:pulumi:test::shop::${type}::${name}`;
}

function resourceRequest(drafted: Drafted): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  request.setUrn(urnOf(drafted));
  request.setType(drafted.type);
  request.setName(drafted.name);
  request.setProperties(structOf(drafted.props));
  request.setOptions(optionsOf(drafted));
  return request;
}

function stackRequest(
  stack: readonly Drafted[],
  urns: ReadonlyMap<string, string>,
): proto.AnalyzeStackRequest {
  const request = new proto.AnalyzeStackRequest();
  const resources = stack.map((drafted) => {
    const resource = new proto.AnalyzerResource();
    resource.setUrn(urnOf(drafted));
    resource.setType(drafted.type);
    resource.setName(drafted.name);
    resource.setProperties(structOf(drafted.props));
    resource.setOptions(optionsOf(drafted));
    for (const [property, names] of Object.entries(drafted.from ?? {})) {
      const dependencies = new proto.AnalyzerPropertyDependencies();
      dependencies.setUrnsList(names.flatMap((name) => urns.get(name) ?? []));
      resource.getPropertydependenciesMap().set(property, dependencies);
    }
    return resource;
  });
  request.setResourcesList(resources);
  return request;
}

const structs = new WeakMap<Bag, Struct>();

/** Properties as they arrive, which is over the wire; the same for the same object. */
function structOf(props: Bag): Struct {
  const known = structs.get(props);
  if (known !== undefined) return known;
  // Only what JSON has can be in it, `undefined` left out.
  const plain = JSON.parse(JSON.stringify(props)) as Record<string, JavaScriptValue>;
  const struct = Struct.deserializeBinary(Struct.fromJavaScript(plain).serializeBinary());
  structs.set(props, struct);
  return struct;
}

function optionsOf({ protect = false }: Drafted): proto.AnalyzerResourceOptions {
  const options = new proto.AnalyzerResourceOptions();
  options.setProtect(protect);
  return options;
}

async function call<Request>(rpcFunction: Rpc<Request>, request: Request): Promise<Diagnostic[]> {
  const response = await new Promise<proto.AnalyzeResponse>((resolve, reject) => {
    rpcFunction({ request }, (error, answer) => {
      if (error === null || error === undefined) resolve(answer);
      else reject(error instanceof Error ? error : new Error("the pack failed"));
    });
  });
  return response.getDiagnosticsList().map((diagnostic) => ({
    rule: diagnostic.getPolicyname(),
    level:
      diagnostic.getEnforcementlevel() === proto.EnforcementLevel.MANDATORY
        ? "mandatory"
        : "advisory",
    message: diagnostic.getMessage(),
    about: diagnostic.getUrn().split("::").at(-1) ?? "",
  }));
}
