import type { Plain } from "../../sandbox/properties";
import { complaints } from "./admission";
import type { KubernetesObject } from "./api-client";
import { ApiServer } from "./api-server";
import { SandboxCluster } from "./sandbox-verdict";

/** What two clusters say of one object; nothing where they accept it. */
export interface Verdicts {
  readonly sandbox: string | undefined;
  readonly server: string | undefined;
}

/** The namespace of every object, in which pods are restricted. */
const namespace = {
  metadata: { name: "shop", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
};

/** The account of a pod that names none, which a controller would make. */
const account = { metadata: { name: "default", namespace: "shop" } };

/** The sandbox and a real API server, asked the same. */
export class TwoClusters {
  readonly #sandbox: SandboxCluster;
  readonly #server: ApiServer;

  private constructor(sandbox: SandboxCluster, server: ApiServer) {
    this.#sandbox = sandbox;
    this.#server = server;
  }

  static async start(): Promise<TwoClusters> {
    const server = await ApiServer.start();
    const sandbox = await SandboxCluster.open();
    sandbox.add("kubernetes:core/v1:Namespace", namespace);
    for (const [kind, object] of Object.entries({
      Namespace: namespace,
      ServiceAccount: account,
    })) {
      const { refusal } = await server.client.apply({ apiVersion: "v1", kind, ...object });
      if (refusal !== undefined) throw new Error(refusal);
    }
    return new TwoClusters(sandbox, server);
  }

  /** Adds an object to both, to which others may refer. */
  async add(kind: string, plain: Plain): Promise<void> {
    const object = typed(kind, plain);
    this.#sandbox.add(`kubernetes:${kind}`, object);
    const refused = await complaints(this.#server.client, [object]);
    if (refused.length > 0) throw new Error(refused.join("\n"));
  }

  /** Asks both for an object of a kind such as `apps/v1:Deployment`; it stays in neither. */
  async judge(kind: string, plain: Plain): Promise<Verdicts> {
    const object = typed(kind, plain);
    const { refusal } = await this.#server.client.apply(object, { dryRun: true });
    const [first] = this.#sandbox.refusals(`kubernetes:${kind}`, object);
    return { sandbox: first, server: refusal };
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

/** The object with what the SDK adds to it. */
function typed(kind: string, object: Plain): KubernetesObject {
  const [version = "", name = ""] = kind.split(":");
  // Both clusters judge whether it is one.
  return { apiVersion: version.replace("core/", ""), kind: name, ...object } as KubernetesObject;
}
