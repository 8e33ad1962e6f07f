import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort, until } from "./limiter";

/**
 * ElastiCache's users over a real server of Valkey or Redis: it takes ModifyUser and DescribeUsers, which
 * moto lacks, and sets the user's passwords by `ACL SETUSER`, as the service does.
 */
export class CacheUsers {
  /** Port of the real server. */
  readonly port: number;
  readonly #server: Server;
  readonly #process: ChildProcess;
  readonly #users = new Map<string, { name: string; passwords: number; busy: number }>();
  /** Every change that was asked for. */
  readonly changes: { readonly userId: string; readonly passwords: readonly string[] }[] = [];
  /** Calls that fail before anything is done. */
  refusals = 0;
  /** Changes that another one comes before, just after the user was seen at rest. */
  overtaken = 0;

  private constructor(port: number, process: ChildProcess, server: Server) {
    this.port = port;
    this.#process = process;
    this.#server = server;
  }

  /** Starts a server and the service before it. */
  static async start(): Promise<CacheUsers> {
    const port = await freePort();
    const child = spawn(installed("server"), [
      "--port",
      `${port}`,
      "--save",
      "",
      "--protected-mode",
      "no",
    ]);
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += String(part)));
      request.on("end", () => {
        const { status, text } = users.#answer(new URLSearchParams(body));
        response.writeHead(status, { "content-type": "text/xml" }).end(text);
      });
    });
    const users = new CacheUsers(port, child, server);
    server.listen(0);
    await until(() => Promise.resolve(users.command(["PING"]) === "PONG"));
    return users;
  }

  /** Where the service answers. */
  get endpoint(): string {
    const { port } = this.#server.address() as AddressInfo; // A TCP server has an address, not a path.
    return `http://127.0.0.1:${port}`;
  }

  /** Makes a user with an access string of the program. */
  add(userId: string, name: string, [access, password]: [string, string]): void {
    const rules = ["reset", ...access.split(" "), `>${password}`];
    if (this.command(["ACL", "SETUSER", name, ...rules]) !== "OK") throw new Error(access);
    this.#users.set(userId, { name, passwords: 1, busy: 0 });
  }

  /** What the server answers to a command, as nobody or as a user. */
  command(words: readonly string[], login?: { name: string; password: string }): string {
    const as = login === undefined ? [] : ["--no-auth-warning", "--user", login.name];
    const env = { ...process.env, REDISCLI_AUTH: login?.password };
    const args = ["-p", `${this.port}`, ...as, ...words];
    return spawnSync(installed("cli"), args, { encoding: "utf8", env }).stdout.trim();
  }

  /** Whether the server lets a user in with a password. */
  opens(name: string, password: string): boolean {
    return this.command(["AUTH", name, password]) === "OK";
  }

  /** Ends both. */
  stop(): void {
    this.#server.close();
    this.#process.kill();
  }

  #answer(query: URLSearchParams): { status: number; text: string } {
    const [action, userId] = [query.get("Action"), query.get("UserId") ?? ""];
    const user = this.#users.get(userId);
    if (user === undefined) return refusal("UserNotFound", `User ${userId} not found.`);
    if (action === "DescribeUsers") {
      user.busy = Math.max(0, user.busy - 1);
      return { status: 200, text: described(userId, user) };
    }
    if (this.refusals > 0) {
      this.refusals -= 1;
      return refusal("ServiceUnavailable", "Try again.", 400);
    }
    if (this.overtaken > 0) {
      this.overtaken -= 1;
      user.busy = 2;
    }
    if (user.busy > 0) return refusal("InvalidUserState", `User ${userId} is being modified.`);
    const passwords = [...query]
      .filter(([key]) => key.startsWith("AuthenticationMode.Passwords.member."))
      .map(([, value]) => value);
    this.changes.push({ userId, passwords });
    const given = passwords.map((password) => `>${password}`);
    this.command(["ACL", "SETUSER", user.name, "resetpass", ...given]);
    this.#users.set(userId, { name: user.name, passwords: passwords.length, busy: 2 });
    return { status: 200, text: `<ModifyUserResponse><ModifyUserResult/></ModifyUserResponse>` };
  }
}

function described(id: string, { passwords, busy }: { passwords: number; busy: number }): string {
  const status = busy > 0 ? "modifying" : "active";
  const mode = `<Type>password</Type><PasswordCount>${passwords}</PasswordCount>`;
  const user = `<UserId>${id}</UserId><Status>${status}</Status><Authentication>${mode}</Authentication>`;
  return `<DescribeUsersResponse><DescribeUsersResult><Users><member>${user}</member></Users></DescribeUsersResult></DescribeUsersResponse>`;
}

function refusal(code: string, message: string, status = 400): { status: number; text: string } {
  const error = `<Type>Sender</Type><Code>${code}</Code><Message>${message}</Message>`;
  return { status, text: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
}

/** A program of Valkey, or Redis's of the same kind. */
function installed(part: "cli" | "server"): string {
  const name = ["valkey", "redis"]
    .map((product) => `${product}-${part}`)
    .find((program) => spawnSync(program, ["--version"]).status === 0);
  if (name === undefined) throw new Error(`neither valkey-${part} nor redis-${part} is installed`);
  return name;
}
