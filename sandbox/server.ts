import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { setTimeout as sleep } from "node:timers/promises";
import type { NameRequest } from "./autoname";
import type { Cloud } from "./cloud";
import type { Change } from "./diff";
import { type Call, type Strike, strikes } from "./faults";
import * as lifecycle from "./lifecycle";
import { readConfig } from "./place";
import { checkConfig, checkResponse, diffConfig, packageOf, topOf } from "./provider-config";
import { type Made, PartialError, unary } from "./rpc";
import { type Provider, ServiceError, type Target } from "./records";
import { openRulebook } from "./rulebook";
import { decode, encode } from "./wire";

/** Starts to answer on a free port of this machine and tells which. */
export async function serve(cloud: Cloud): Promise<number> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    "grpc.enable_channelz": 0,
  });
  server.addService(ResourceProviderService, handlers(new Service(cloud)));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

/** The methods of the protocol; those left out answer "unimplemented". */
function handlers(service: Service): grpc.UntypedServiceImplementation {
  return {
    handshake: unary((_, peer) => service.handshake(peer)),
    attach: unary(() => new Empty()),
    getPluginInfo: unary(pluginInfo),
    getSchema: unary(schema),
    checkConfig: unary(checkConfig),
    diffConfig: unary(diffConfig),
    configure: unary((request: pb.ConfigureRequest, peer) => service.configure(request, peer)),
    check: unary((request: pb.CheckRequest, peer) => service.check(request, peer)),
    diff: unary((request: pb.DiffRequest, peer) => service.diff(request, peer)),
    create: unary((request: pb.CreateRequest, peer) => service.create(request, peer)),
    read: unary((request: pb.ReadRequest, peer) => service.read(request, peer)),
    update: unary((request: pb.UpdateRequest, peer) => service.update(request, peer)),
    delete: unary((request: pb.DeleteRequest, peer) => service.delete(request, peer)),
    invoke: unary((request: pb.InvokeRequest, peer) => service.invoke(request, peer)),
    cancel: unary((_, peer) => service.cancel(peer)),
  };
}

/** The engine opens one connection for each provider instance, so a connection is an instance. */
interface Connection {
  readonly provider?: Provider;
  readonly cancelled: AbortController;
}

/** Fields that every request about a resource has. */
interface ResourceRequest {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** Longest pause of a running update: the program or the engine may be at work in between. */
const QUIET_MS = 3000;

/** Translates the protocol to {@link lifecycle} and back. */
class Service {
  readonly #cloud: Cloud;
  readonly #connections = new Map<string, Connection>();
  /** Calls under way. */
  #calls = 0;
  /** When the last call ended. */
  #quietSince = 0;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  handshake(peer: string): pb.ProviderHandshakeResponse {
    this.#connections.set(peer, { cancelled: new AbortController() });
    const response = new pb.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    response.setAcceptResources(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  async configure(request: pb.ConfigureRequest, peer: string): Promise<pb.ConfigureResponse> {
    const name = packageOf(request.getType() ?? "");
    const book = await openRulebook(name);
    const config = readConfig(decode(request.getArgs()).plain);
    const provider = { cloud: this.#cloud, package: name, config, book };
    lifecycle.enter(provider);
    this.#connections.set(peer, { provider, cancelled: new AbortController() });
    const response = new pb.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setAcceptresources(true);
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  async check(request: pb.CheckRequest, peer: string): Promise<pb.CheckResponse> {
    const target = this.#target(request, peer);
    return this.#perform(peer, { ...target, operation: "check" }, () => {
      const { inputs, problems } = lifecycle.check(target, {
        olds: decode(request.getOlds()),
        news: decode(request.getNews()),
        ...nameRequest(request),
      });
      return checkResponse(problems, encode(inputs));
    });
  }

  async diff(request: pb.DiffRequest, peer: string): Promise<pb.DiffResponse> {
    const target = this.#target(request, peer);
    return this.#perform(peer, { ...target, operation: "diff" }, () => {
      const olds = decode(request.getOldInputs()).plain;
      return diffResponse(lifecycle.diff(target, olds, decode(request.getNews()).plain));
    });
  }

  async create(request: pb.CreateRequest, peer: string): Promise<pb.CreateResponse> {
    const target = this.#target(request, peer);
    const inputs = decode(request.getProperties());
    const response = new pb.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(encode(lifecycle.previewCreate(target, inputs)));
      return response;
    }
    const { id, state } = await this.#write(peer, { ...target, operation: "create" }, () => ({
      ...lifecycle.create(target, inputs),
      inputs,
    }));
    response.setId(id);
    response.setProperties(encode(state));
    return response;
  }

  async read(request: pb.ReadRequest, peer: string): Promise<pb.ReadResponse> {
    const target = this.#target(request, peer);
    return this.#perform(peer, { ...target, operation: "read" }, () => {
      const response = new pb.ReadResponse();
      const known = decode(request.getInputs() ?? request.getProperties()).plain;
      const found = lifecycle.read(target, request.getId(), known);
      if (found === undefined) return response;
      response.setId(request.getId());
      response.setProperties(encode(found.state));
      response.setInputs(encode(found.inputs));
      return response;
    });
  }

  async update(request: pb.UpdateRequest, peer: string): Promise<pb.UpdateResponse> {
    const target = this.#target(request, peer);
    const id = request.getId();
    const inputs = decode(request.getNews());
    const response = new pb.UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(encode(lifecycle.previewUpdate(target, id, inputs)));
      return response;
    }
    const { state } = await this.#write(peer, { ...target, operation: "update" }, () => ({
      id,
      state: lifecycle.update(target, id, inputs),
      inputs,
    }));
    response.setProperties(encode(state));
    return response;
  }

  async delete(request: pb.DeleteRequest, peer: string): Promise<Empty> {
    const target = this.#target(request, peer);
    return this.#perform(peer, { ...target, operation: "delete" }, () => {
      const known = decode(request.getOldInputs() ?? request.getProperties()).plain;
      lifecycle.remove(target, request.getId(), known);
      return new Empty();
    });
  }

  async invoke(request: pb.InvokeRequest, peer: string): Promise<pb.InvokeResponse> {
    const provider = this.#provider(peer);
    const type = request.getTok();
    return this.#perform(peer, { operation: "invoke", type, urn: "" }, () => {
      const plain = lifecycle.invoke(provider, type, decode(request.getArgs()).plain);
      const response = new pb.InvokeResponse();
      response.setReturn(encode({ plain, secrets: [] }));
      return response;
    });
  }

  cancel(peer: string): Empty {
    this.#connections.get(peer)?.cancelled.abort();
    return new Empty();
  }

  #provider(peer: string): Provider {
    const provider = this.#connections.get(peer)?.provider;
    if (provider === undefined) throw new Error("no provider was configured on this connection");
    return provider;
  }

  #target(request: ResourceRequest, peer: string): Target {
    const [urn, type, name] = [request.getUrn(), request.getType(), request.getName()];
    return { provider: this.#provider(peer), urn, type, name };
  }

  /** Carries a call out under the faults that strike it. */
  async #perform<T>(
    peer: string,
    call: Call,
    ...[body, made]: [() => T, ((result: T) => Made)?]
  ): Promise<T> {
    const struck = strikes(this.#cloud, call);
    const signal = this.#connections.get(peer)?.cancelled.signal;
    this.#calls++;
    try {
      for (const strike of struck) await strikeBefore(strike, signal);
      const result = body();
      for (const strike of struck) strikeAfter(strike, made?.(result));
      return result;
    } finally {
      this.#calls--;
      this.#quietSince = performance.now();
    }
  }

  /** Writes an object and waits for it; one that comes to nothing is left as its kind shows that. */
  async #write(peer: string, call: Target & Call, body: () => Made): Promise<Made> {
    try {
      const made = await this.#perform(peer, call, body, (written) => written);
      await this.#ready(peer, call, made);
      return made;
    } catch (error) {
      if (error instanceof PartialError) lifecycle.fail(call, error.made);
      throw error;
    }
  }

  /**
   * Waits until an object is ready, as the provider does for minutes; given up as soon as nothing
   * happens any more that could bring what is missing.
   */
  async #ready(peer: string, target: Target, made: Made): Promise<void> {
    const signal = this.#connections.get(peer)?.cancelled.signal;
    for (;;) {
      const [first, ...others] = lifecycle.unready(target, made.id, made.inputs.plain);
      if (first === undefined) return;
      const isQuiet = this.#calls === 0 && performance.now() - this.#quietSince > QUIET_MS;
      if (isQuiet) throw new PartialError([first, ...others], made);
      await sleep(20, undefined, signal === undefined ? {} : { signal });
    }
  }
}

async function strikeBefore(
  { kind, message, latencyMs }: Strike,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  if (latencyMs > 0) await sleep(latencyMs, undefined, options);
  if (kind === "hang") await sleep(2 ** 31 - 1, undefined, options);
  if (["error", "throttle", "timeout"].includes(kind)) throw new ServiceError(message);
}

function strikeAfter({ kind, message }: Strike, made: Made | undefined): void {
  if (kind === "crash") process.kill(process.pid, "SIGKILL");
  if (kind === "partial" && made !== undefined) throw new PartialError([message], made);
  if (kind === "lost" || kind === "partial") throw new ServiceError(message);
}

function nameRequest(request: pb.CheckRequest): NameRequest {
  const randomSeed = request.getRandomseed_asU8();
  const options = request.getAutonaming();
  if (options === undefined) return { randomSeed };
  const { PROPOSE, ENFORCE } = pb.CheckRequest.AutonamingOptions.Mode;
  const given = options.getMode();
  const mode = given === PROPOSE ? "propose" : given === ENFORCE ? "enforce" : "disable";
  return { randomSeed, autonaming: { mode, proposedName: options.getProposedName() } };
}

function diffResponse({
  changes,
  deleteBeforeReplace,
}: ReturnType<typeof lifecycle.diff>): pb.DiffResponse {
  const response = new pb.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
  const tops = (some: readonly Change[]): string[] => [
    ...new Set(some.map(({ path }) => topOf(path))),
  ];
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(tops(changes));
  response.setReplacesList(tops(changes.filter(({ replace }) => replace)));
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const change of changes) {
    const detail = new pb.PropertyDiff();
    detail.setKind(diffKind(change));
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, detail);
  }
  return response;
}

function diffKind({ kind, replace }: Change): pb.PropertyDiff.Kind {
  const { ADD, DELETE, UPDATE, ADD_REPLACE, DELETE_REPLACE, UPDATE_REPLACE } = pb.PropertyDiff.Kind;
  const [plain, replacing] = {
    add: [ADD, ADD_REPLACE] as const,
    delete: [DELETE, DELETE_REPLACE] as const,
    update: [UPDATE, UPDATE_REPLACE] as const,
  }[kind];
  return replace ? replacing : plain;
}

/** The engine warns of a provider that is older than its SDK, and asks before it says which one. */
function pluginInfo(): PluginInfo {
  const info = new PluginInfo();
  info.setVersion("999.0.0");
  return info;
}

/** The engine asks for a schema only to write code for imported resources, which needs the real one. */
function schema(): pb.GetSchemaResponse {
  const response = new pb.GetSchemaResponse();
  response.setSchema("{}");
  return response;
}
