import { once } from "node:events";
import { createConnection, createServer, type Server } from "node:net";

/** Stands between a client and PostgreSQL and makes the server say that it is of another major version. */
export class PostgresGate {
  /** Port that it listens on. */
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Starts one in front of a port; the two versions have as many digits. */
  static async start(
    target: number,
    versions: { real: number; said: number },
  ): Promise<PostgresGate> {
    const name = "server_version\0";
    const [real, said] = [`${name}${versions.real}`, `${name}${versions.said}`];
    const server = createServer((client) => {
      const upstream = createConnection(target, "127.0.0.1");
      client.pipe(upstream);
      upstream.on("data", (data) => {
        // The server names its version in one packet, when the login has succeeded.
        client.write(Buffer.from(data.toString("latin1").replace(real, said), "latin1"));
      });
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        one.on("close", () => other.destroy()).on("error", () => other.destroy());
      }
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("there is no port");
    return new PostgresGate(server, address.port);
  }

  /** Ends it. */
  stop(): void {
    this.#server.close();
  }
}
