import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { download, fetchText } from "../../../toolchain/download.mjs";

const content = "engine ".repeat(1000);
const sha256 = createHash("sha256").update(content).digest("hex");

let folder: string;
let file: string;
let server: Server;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plinth-download-"));
  file = join(folder, "engine.tar.gz");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Starts a server and gives its address. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/engine.tar.gz`;
}

/** Answers as a file server does, and notes the ranges it was asked for. */
function fileServer(ranges: (string | undefined)[]) {
  return ({ headers }: IncomingMessage, response: ServerResponse) => {
    ranges.push(headers.range);
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    if (start >= content.length) response.writeHead(416).end();
    else response.writeHead(start > 0 ? 206 : 200).end(content.slice(start));
  };
}

describe("a download", () => {
  test("arrives whole and leaves nothing else", async () => {
    const url = await serve(fileServer([]));
    await download({ url, file, sha256 });
    expect(readFileSync(file, "utf8")).toBe(content);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  test.each([
    ["continues where it was interrupted", 500],
    ["needs nothing more when only the last step was missing", content.length],
  ])("%s", async (_, have) => {
    const ranges: (string | undefined)[] = [];
    writeFileSync(`${file}.part`, content.slice(0, have));
    await download({ url: await serve(fileServer(ranges)), file, sha256 });
    expect(readFileSync(file, "utf8")).toBe(content);
    expect(ranges).toEqual([`bytes=${have}-`]);
  });

  test("starts again where the server sends the whole", async () => {
    const url = await serve((_, response) => response.end(content));
    writeFileSync(`${file}.part`, content.slice(0, 500));
    await download({ url, file, sha256 });
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  test("that breaks off has no name yet, and the next one completes it", async () => {
    const whole = fileServer([]);
    let attempts = 0;
    const url = await serve((request, response) => {
      attempts += 1;
      if (attempts > 1) {
        whole(request, response);
        return;
      }
      response.writeHead(200, { "content-length": content.length });
      response.write(content.slice(0, 500), () => response.destroy());
    });
    await expect(download({ url, file, sha256 })).rejects.toThrow();
    expect(existsSync(file)).toBe(false);
    await download({ url, file, sha256 });
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  test("with another checksum is refused and not kept", async () => {
    const url = await serve((_, response) => response.end("something else"));
    await expect(download({ url, file, sha256 })).rejects.toThrow(`expected ${sha256}`);
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  test("that is there already is not asked for", async () => {
    const ranges: (string | undefined)[] = [];
    writeFileSync(file, content);
    await download({ url: await serve(fileServer(ranges)), file, sha256 });
    expect(ranges).toEqual([]);
  });
});

describe("a server", () => {
  test("that refuses the connection fails at once", async () => {
    const url = await serve(() => undefined);
    await new Promise((closed) => server.close(closed));
    await expect(fetchText(url)).rejects.toThrow(/is not reachable: .*ECONNREFUSED/);
  });

  test("that does not answer fails after the patience given", async () => {
    const url = await serve(() => undefined);
    await expect(fetchText(url, 50)).rejects.toThrow(`${url} is not reachable`);
    await expect(download({ url, file, sha256, patience: 50 })).rejects.toThrow(
      "no answer within 0.05 s",
    );
  });

  test("that has no such file is named with its answer", async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    await expect(fetchText(url)).rejects.toThrow(`${url} answers 404.`);
  });
});
