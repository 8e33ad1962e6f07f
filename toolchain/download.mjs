import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { pipeline } from "node:stream/promises";

/** How long a server may take to answer, and then to send the next bytes, before it counts as unreachable. */
const patienceMilliseconds = 10_000;

/**
 * Downloads a file and checks it; what an interrupted download has left is continued, and the file gets its name when it is whole.
 * @param {{ url: string, file: string, sha256: string, onProgress?: (done: number, total: number) => void, patience?: number }} request
 * @returns {Promise<void>}
 */
export async function download({ url, file, sha256, onProgress, patience = patienceMilliseconds }) {
  if (existsSync(file)) return;
  const partial = `${file}.part`;
  await fetchRest({ url, partial, onProgress, patience });
  const actual = await digest(partial);
  if (actual !== sha256) {
    rmSync(partial);
    throw new Error(`${url} has the checksum ${actual}, expected ${sha256}.`);
  }
  renameSync(partial, file);
}

/**
 * The text at an address.
 * @param {string} url
 * @param {number} patience
 * @returns {Promise<string>}
 */
export async function fetchText(url, patience = patienceMilliseconds) {
  const response = await answerOf(url, { signal: AbortSignal.timeout(patience) });
  return response.text();
}

/** @type {(request: { url: string, partial: string, onProgress?: (done: number, total: number) => void, patience: number }) => Promise<void>} */
async function fetchRest({ url, partial, onProgress, patience }) {
  const have = existsSync(partial) ? statSync(partial).size : 0;
  const stalled = new AbortController();
  const timer = setTimeout(
    () => stalled.abort(new Error(`no answer within ${patience / 1000} s`)),
    patience,
  );
  try {
    const headers = have > 0 ? { range: `bytes=${have}-` } : {};
    const response = await answerOf(url, { headers, signal: stalled.signal });
    // 416: there is nothing after what is here. 200: the server sends the whole again.
    if (response.status === 416 || response.body === null) return;
    const continued = response.status === 206;
    let done = continued ? have : 0;
    const total = done + Number(response.headers.get("content-length") ?? NaN);
    await pipeline(
      response.body,
      async function* (/** @type {AsyncIterable<Uint8Array>} */ chunks) {
        for await (const chunk of chunks) {
          timer.refresh();
          onProgress?.((done += chunk.length), total);
          yield chunk;
        }
      },
      createWriteStream(partial, { flags: continued ? "a" : "w" }),
    );
  } finally {
    clearTimeout(timer);
  }
}

/** @type {(url: string, init: RequestInit) => Promise<Response>} */
async function answerOf(url, init) {
  const response = await fetch(url, init).catch(
    (/** @type {Error & { cause?: Error }} */ error) => {
      throw new Error(`${url} is not reachable: ${error.cause?.message || error.message}.`);
    },
  );
  if (!response.ok && response.status !== 416)
    throw new Error(`${url} answers ${response.status}.`);
  return response;
}

/** @type {(file: string) => Promise<string>} */
async function digest(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
