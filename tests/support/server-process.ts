import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Longest time that a server may take for anything, on a busy machine. */
const patienceMilliseconds = 120_000;

/** How often it is asked. */
const intervalMilliseconds = 50;

/**
 * Runs a server until standard input ends, which it does with the process that holds the other end:
 * not even a test that is killed leaves a server behind.
 */
const untilInputEnds = `
  exec 3<&0
  "$@" </dev/null 3<&- & server=$!
  { cat <&3; kill -KILL "$server"; } >/dev/null 2>&1 &
  exec 3<&-
  wait "$server"`;

/** A server that a test runs, and its log. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #log: string;

  constructor(command: readonly string[], log: string) {
    const output = openSync(log, "w");
    this.#child = spawn("sh", ["-c", untilInputEnds, "sh", ...command], {
      stdio: ["pipe", output, output],
    });
    closeSync(output);
    // A server that nobody stops must not keep the tests alive.
    this.#child.unref();
    if (this.#child.stdin instanceof Socket) this.#child.stdin.unref();
    this.#log = log;
  }

  /** Fails with the end of its log if the server has ended. */
  assertRunning(): void {
    if (this.#child.exitCode === null) return;
    const log = readFileSync(this.#log, "utf8").trimEnd().split("\n").slice(-20).join("\n");
    throw new Error(`A server ended with ${this.#child.exitCode}:\n${log}`);
  }

  /** Ends the server at once: what it kept is no longer needed. */
  async stop(): Promise<void> {
    const exit = this.#child.exitCode === null ? once(this.#child, "exit") : undefined;
    this.#child.stdin?.end();
    await exit;
  }
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMilliseconds;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await pause(intervalMilliseconds);
  }
}

/** Ports of this machine that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("there is no port");
    return address.port;
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
