import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { ServerResponse } from "node:http";

/** What happens to a request: it goes on, is answered with a status, or its connection ends. */
export type Ruling = "pass" | "cut" | number;

/** Stands between a client and S3, and can refuse, cut or hold what goes by. */
export class S3Gate {
  /** URL that it answers on. */
  readonly endpoint: string;
  /** Decides about each request, given as `METHOD /path?query`; its headers are not its affair. */
  rule: (call: string) => Ruling | Promise<Ruling> = () => "pass";
  /** Headers that answers have besides: what S3 says and its stand-in does not know. */
  headers: (call: string) => Readonly<Record<string, string>> = () => ({});
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  /** Starts one in front of an endpoint. */
  static async start(target: string): Promise<S3Gate> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("there is no port");
    const gate = new S3Gate(server, address.port);
    server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
      void gate.handle({ incoming, outgoing, target });
    });
    return gate;
  }

  /** Lets everything pass again. */
  open(): void {
    this.rule = () => "pass";
    this.headers = () => ({});
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), "close");
  }

  private async handle({ incoming, outgoing, target }: Exchange): Promise<void> {
    const call = `${incoming.method ?? ""} ${incoming.url ?? ""}`;
    const ruling = await this.rule(call);
    if (ruling === "cut") {
      incoming.socket.destroy();
      return;
    }
    if (ruling !== "pass") {
      incoming.resume();
      const code = ruling === 403 ? "AccessDenied" : "InternalError";
      outgoing.writeHead(ruling, { "content-type": "application/xml", connection: "close" });
      outgoing.end(`<Error><Code>${code}</Code><Message>refused by the gate</Message></Error>`);
      return;
    }
    const { method, headers, url = "" } = incoming;
    const asked = request(`${target}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...this.headers(call) });
      answer.pipe(outgoing);
    });
    asked.on("error", () => outgoing.destroy());
    incoming.pipe(asked);
  }
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly target: string;
}
