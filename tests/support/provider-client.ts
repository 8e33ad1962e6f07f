import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Plain } from "../../sandbox/properties";
import { decode, encode, type Payload } from "../../sandbox/wire";

/** Speaks to a sandbox as the engine does: one connection for each provider instance. */
export class ProviderClient {
  readonly #client: ResourceProviderClient;

  private constructor(port: number) {
    // Without its own pool a second client would share the first one's connection.
    this.#client = new ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      {
        "grpc.use_local_subchannel_pool": 1,
      },
    );
  }

  /** Connects and configures a provider instance. */
  static async connect(port: number, name: string, config: Plain): Promise<ProviderClient> {
    const client = new ProviderClient(port);
    await call((done) => client.#client.handshake(new pb.ProviderHandshakeRequest(), done));
    const request = new pb.ConfigureRequest();
    request.setType(`pulumi:providers:${name}`);
    request.setArgs(encode({ plain: config, secrets: [] }));
    await call((done) => client.#client.configure(request, done));
    return client;
  }

  async create(
    type: string,
    name: string,
    plain: Plain,
  ): Promise<Payload & { readonly id: string }> {
    const request = new pb.CreateRequest();
    request.setUrn(`urn:pulumi:dev::plinth::${type}::${name}`);
    request.setType(type);
    request.setName(name);
    request.setProperties(encode({ plain, secrets: [] }));
    const response = await call<pb.CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), ...decode(response.getProperties()) };
  }

  async cancel(): Promise<void> {
    await call((done) => this.#client.cancel(new Empty(), done));
  }

  close(): void {
    this.#client.close();
  }
}

type Done<Response> = (error: grpc.ServiceError | null, response: Response) => void;

async function call<Response>(start: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}
