import { Agent, request, type RequestOptions } from "node:https";
import { isRecord } from "../../sandbox/properties";

/** An object of Kubernetes, as it is applied. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

/** What the server answered. */
export interface Answer {
  /** Why it refused, absent where it accepted. */
  readonly refusal?: string;
  /** What it accepted only under protest. */
  readonly warnings: readonly string[];
  /** What it sent. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** How to reach a server. */
export interface Connection {
  readonly port: number;
  readonly token: string;
  /** The server's certificate, which it has signed itself. */
  readonly certificate: Buffer;
}

/** Where a kind is served. */
interface Served {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Whether the object stays; a dry run goes through the same checks. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /**
   * Who writes, and so owns the fields that are written.
   * @default "plinth"
   */
  readonly manager?: string;
}

/** Writes objects as `kubectl apply --server-side --validate=strict` does. */
export class ApiClient {
  readonly #agent: Agent;
  readonly #options: RequestOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #kinds = new Map<string, ReadonlyMap<string, Served>>();

  constructor({ port, token, certificate }: Connection) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: 8, ca: certificate });
    this.#options = { host: "127.0.0.1", port, agent: this.#agent };
    this.#headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
  }

  /** Creates the object or takes its fields over, in strict validation. */
  apply(object: KubernetesObject, options: WriteOptions = { dryRun: false }): Promise<Answer> {
    const { dryRun, manager = "plinth" } = options;
    return this.write(
      "PATCH",
      object,
      `?fieldManager=${manager}&force=true&${queryOf({ dryRun })}`,
    );
  }

  /** Creates the object, in strict validation. */
  create(object: KubernetesObject, options: WriteOptions = { dryRun: false }): Promise<Answer> {
    return this.write("POST", object, `?${queryOf(options)}`);
  }

  /** Writes what a controller would report. */
  applyStatus(object: KubernetesObject): Promise<Answer> {
    const query = `fieldManager=controller&force=true&${queryOf({ dryRun: false })}`;
    return this.write("PATCH", object, `/status?${query}`);
  }

  /** Whether the server has started. */
  async isReady(): Promise<boolean> {
    const answer = await this.send("GET", "/readyz").catch(() => undefined);
    return answer !== undefined && answer.refusal === undefined;
  }

  /** Whether the kind that a CustomResourceDefinition declares can be used. */
  async isEstablished(definition: KubernetesObject): Promise<boolean> {
    const path = (await this.listOf(definition)) ?? "";
    const { body } = await this.send("GET", `${path}/${definition.metadata.name}`);
    const status = isRecord(body["status"]) ? body["status"] : {};
    const conditions: unknown[] = Array.isArray(status["conditions"]) ? status["conditions"] : [];
    return conditions.some(
      (condition) =>
        isRecord(condition) &&
        condition["type"] === "Established" &&
        condition["status"] === "True",
    );
  }

  /** Ends its connections. */
  close(): void {
    this.#agent.destroy();
  }

  private async write(method: string, object: KubernetesObject, rest: string): Promise<Answer> {
    const list = await this.listOf(object);
    if (list === undefined) return notServed(object);
    const name = method === "POST" ? "" : `/${encodeURIComponent(object.metadata.name)}`;
    return this.send(method, `${list}${name}${rest}`, object);
  }

  /** Where objects of a kind stand; undefined for a kind that the server does not have. */
  private async listOf({ apiVersion, kind, metadata }: KubernetesObject) {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const kinds = this.#kinds.get(root) ?? (await this.discover(root));
    // What is not served yet may be a moment later.
    if (kinds.has(kind)) this.#kinds.set(root, kinds);
    const served = kinds.get(kind);
    if (served === undefined) return undefined;
    const namespace = `namespaces/${encodeURIComponent(metadata.namespace ?? "default")}/`;
    return `${root}/${served.namespaced ? namespace : ""}${served.plural}`;
  }

  private async discover(root: string): Promise<ReadonlyMap<string, Served>> {
    const { body } = await this.send("GET", root);
    const resources: unknown[] = Array.isArray(body["resources"]) ? body["resources"] : [];
    const kinds = new Map<string, Served>();
    for (const resource of resources) {
      if (!isRecord(resource)) continue;
      const { kind, name, namespaced } = resource;
      // `deployments/scale` and the like are parts of an object.
      if (typeof kind !== "string" || typeof name !== "string" || name.includes("/")) continue;
      kinds.set(kind, { plural: name, namespaced: namespaced === true });
    }
    return kinds;
  }

  private async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const type =
      method === "PATCH" ? "application/apply-patch+yaml" : "application/json; charset=utf-8";
    const headers = { ...this.#headers, "Content-Type": type };
    return new Promise((resolve, reject) => {
      const sent = request({ ...this.#options, headers, method, path }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const refused = (response.statusCode ?? 500) >= 400;
          resolve(answerOf(text, refused, response.rawHeaders));
        });
      });
      sent.on("error", reject);
      // JSON is YAML too.
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function queryOf({ dryRun }: WriteOptions): string {
  return `fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
}

function answerOf(text: string, refused: boolean, rawHeaders: readonly string[]): Answer {
  const body = text.startsWith("{") ? (JSON.parse(text) as unknown) : undefined;
  const content = isRecord(body) ? body : {};
  const warnings = rawHeaders.flatMap((name, place) =>
    place % 2 === 0 && name.toLowerCase() === "warning" ? warningText(rawHeaders[place + 1]) : [],
  );
  const { message } = content;
  const refusal = typeof message === "string" ? message : text;
  return { ...(refused ? { refusal } : {}), warnings, body: content };
}

/** The text in `299 - "text"`. */
function warningText(header = ""): string {
  return header.replace(/^\d{3} \S+ "(.*)"$/, "$1").replaceAll('\\"', '"');
}

function notServed({ apiVersion, kind }: KubernetesObject): Answer {
  return {
    refusal: `no matches for kind "${kind}" in version "${apiVersion}"`,
    warnings: [],
    body: {},
  };
}
