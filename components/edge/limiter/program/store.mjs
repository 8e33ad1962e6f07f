// @ts-check
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

/** @typedef {{ host: string, port: number, tls: boolean, password: string | undefined, timeoutMs: number }} Address */
/** @typedef {{ resolve: (value: unknown) => void, reject: (error: Error) => void }} Waiting */

/** Milliseconds after a failure in which nobody waits for the store. */
const pauseMs = 500;

/** One connection to Redis or Valkey: commands are sent at once and answered in order. */
export class Store {
  /** @type {import("node:net").Socket | undefined} */
  #socket;
  /** @type {Waiting[]} */
  #waiting = [];
  #received = Buffer.alloc(0);
  #closedUntil = 0;
  #address;

  constructor(/** @type {Address} */ address) {
    this.#address = address;
  }

  /** @type {(words: readonly (string | number)[]) => Promise<unknown>} */
  command(words) {
    if (Date.now() < this.#closedUntil) return Promise.reject(new Error("the store is away"));
    const socket = this.#socket ?? this.#open();
    const answer = this.#send(socket, words);
    const timer = setTimeout(
      () => socket.destroy(new Error("the store does not answer")),
      this.#address.timeoutMs,
    );
    return answer.finally(() => clearTimeout(timer));
  }

  close() {
    this.#socket?.destroy();
  }

  #open() {
    const { host, port, tls, password } = this.#address;
    const socket = tls ? connectTls({ host, port, servername: host }) : connect({ host, port });
    socket.setNoDelay(true);
    socket.on("data", (data) => this.#receive(socket, data));
    socket.on("error", (error) => this.#fail(socket, error));
    socket.on("close", () => this.#fail(socket, new Error("the store closed the connection")));
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    if (password !== undefined) {
      this.#send(socket, ["AUTH", password]).catch((error) => socket.destroy(error));
    }
    return socket;
  }

  /** @type {(socket: import("node:net").Socket, words: readonly (string | number)[]) => Promise<unknown>} */
  #send(socket, words) {
    const parts = words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      socket.write(`*${words.length}\r\n${parts.join("")}`);
    });
  }

  #receive(/** @type {import("node:net").Socket} */ socket, /** @type {Buffer} */ data) {
    if (socket !== this.#socket) return;
    this.#received = Buffer.concat([this.#received, data]);
    for (let reply = parse(this.#received, 0); reply !== undefined;) {
      this.#received = this.#received.subarray(reply.end);
      const waiting = this.#waiting.shift();
      if (reply.value instanceof Error) waiting?.reject(reply.value);
      else waiting?.resolve(reply.value);
      reply = parse(this.#received, 0);
    }
  }

  #fail(/** @type {import("node:net").Socket} */ socket, /** @type {Error} */ error) {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#closedUntil = Date.now() + pauseMs;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/**
 * One reply, or undefined while a part of it is missing.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 * @type {(data: Buffer, start: number) => { value: unknown, end: number } | undefined}
 */
export function parse(data, start) {
  const lineEnd = data.indexOf("\r\n", start);
  if (lineEnd < 0) return undefined;
  const line = data.toString("utf8", start + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(data[start] ?? 0)) {
    case "+":
      return { value: line, end };
    case "-":
      return { value: new Error(line), end };
    case ":":
      return { value: Number(line), end };
    case "*":
      return list(data, end, Number(line));
    default:
      return { value: new Error("the store answered what the limiter does not know"), end };
  }
}

/** @type {(data: Buffer, start: number, count: number) => ReturnType<typeof parse>} */
function list(data, start, count) {
  const value = [];
  let end = start;
  while (value.length < count) {
    const item = parse(data, end);
    if (item === undefined) return undefined;
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
}
