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
  #whole: Whole | undefined;

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

  /**
   * Answers for a part of an object from the whole of it. moto reads the whole for every part: for a dump of
   * 224 MB that is 8 s of CPU, which S3 would spend on a machine of its own.
   */
  private async answerPart({ incoming, outgoing, target }: Exchange): Promise<boolean> {
    const { url = "", headers } = incoming;
    const asked = partOf(incoming);
    if (asked === undefined) return false;
    const { state, from, to } = asked;
    if (this.#whole?.of !== `${url} ${state}`) {
      const { authorization = "" } = headers;
      const answer = wholeObject(`${target}${url}`, { authorization, "if-match": state });
      this.#whole = { of: `${url} ${state}`, answer };
    }
    const whole = await this.#whole.answer;
    if (whole === undefined) return false;
    const part = whole.body.subarray(from, to + 1);
    outgoing.writeHead(206, {
      ...whole.headers,
      "content-length": part.length,
      "content-range": `bytes ${from}-${from + part.length - 1}/${whole.body.length}`,
      ...this.headers(`GET ${url}`),
    });
    outgoing.end(part);
    return true;
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
    if (await this.answerPart({ incoming, outgoing, target })) return;
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

/** An object that is asked for in parts. */
interface Whole {
  /** Which one, and in which state. */
  readonly of: string;
  /** What it holds; nothing where it was refused. */
  readonly answer: Promise<Stored | undefined>;
}

interface Stored {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** First and last byte that a request asks for, of an object in a certain state. */
function partOf({ method, headers }: IncomingMessage) {
  const { "if-match": state, range = "" } = headers;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  if (method !== "GET" || state === undefined || from === undefined) return undefined;
  return { state, from: Number(from), to: to === "" ? Infinity : Number(to) };
}

async function wholeObject(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Stored | undefined> {
  try {
    const answer = await fetch(url, { headers });
    if (!answer.ok) return undefined;
    const body = Buffer.from(await answer.arrayBuffer());
    return { headers: Object.fromEntries(answer.headers), body };
  } catch {
    return undefined;
  }
}
