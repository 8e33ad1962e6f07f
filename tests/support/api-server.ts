import { generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { kubernetes } from "../../toolchain/kubernetes.mjs";
import { ApiClient, type KubernetesObject } from "./api-client";
import { freePorts, ServerProcess, until } from "./server-process";

/** A Kubernetes API server with its etcd and nothing else: no controller, no node. */
export class ApiServer {
  readonly #directory = mkdtempSync(join(tmpdir(), "plinth-kubernetes-"));
  readonly #processes: ServerProcess[] = [];
  #client: ApiClient | undefined;

  /** Starts one that serves the custom resources too. */
  static async start(): Promise<ApiServer> {
    const server = new ApiServer();
    try {
      await server.run();
      await server.define();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Speaks to it as an administrator. */
  get client(): ApiClient {
    if (this.#client === undefined) throw new Error("the API server does not run");
    return this.#client;
  }

  /** Ends it and removes all that it knew. */
  async stop(): Promise<void> {
    this.#client?.close();
    for (const process of this.#processes.splice(0).reverse()) await process.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const [etcdPort = 0, peerPort = 0, port = 0] = await freePorts(3);
    const token = randomUUID();
    this.writeCredentials(token);
    const etcd = `http://127.0.0.1:${etcdPort}`;
    this.launch("etcd", etcdFlags(this.path("etcd-data"), etcd, `http://127.0.0.1:${peerPort}`));
    this.launch("kube-apiserver", this.flags(etcd, port));
    const certificate = this.path("apiserver.crt");
    await until("the API server", async () => {
      for (const process of this.#processes) process.assertRunning();
      if (!existsSync(certificate)) return false;
      this.#client ??= new ApiClient({ port, token, certificate: readFileSync(certificate) });
      return this.#client.isReady();
    });
  }

  /** Installs what operators publish. */
  private async define(): Promise<void> {
    const { definitions } = kubernetes();
    for (const file of readdirSync(definitions)) {
      // What is no object is refused by the server.
      const definition = parse(readFileSync(join(definitions, file), "utf8")) as KubernetesObject;
      const { refusal } = await this.client.apply(definition);
      if (refusal !== undefined) throw new Error(`${file}: ${refusal}`);
      await until(`the kind of ${file}`, () => this.client.isEstablished(definition));
    }
  }

  private launch(program: string, flags: readonly string[]): void {
    const binary = join(kubernetes().servers, program);
    this.#processes.push(new ServerProcess([binary, ...flags], this.path(`${program}.log`)));
  }

  private writeCredentials(token: string): void {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = { format: "pem" } as const;
    writeFileSync(this.path("tokens.csv"), `${token},admin,admin,system:masters\n`);
    writeFileSync(this.path("signing.key"), privateKey.export({ ...pem, type: "sec1" }));
    writeFileSync(this.path("signing.pub"), publicKey.export({ ...pem, type: "spki" }));
  }

  /** What a cluster has by default, Pod Security among its admission plugins. */
  private flags(etcd: string, port: number): string[] {
    return [
      `--etcd-servers=${etcd}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${this.#directory}`,
      `--token-auth-file=${this.path("tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-signing-key-file=${this.path("signing.key")}`,
      `--service-account-key-file=${this.path("signing.pub")}`,
      "--service-cluster-ip-range=10.96.0.0/16",
      // Pod Security decides, as in a cluster, and not this server on its own.
      "--allow-privileged=true",
      // The machine may have no other address.
      "--advertise-address=127.0.0.1",
      "--endpoint-reconciler-type=none",
    ];
  }

  private path(name: string): string {
    return join(this.#directory, name);
  }
}

function etcdFlags(directory: string, url: string, peers: string): string[] {
  return [
    `--data-dir=${directory}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    "--log-level=warn",
    // Nothing outlives the test.
    "--unsafe-no-fsync",
  ];
}
