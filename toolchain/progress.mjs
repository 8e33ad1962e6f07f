/** How often a step that takes long says that it is alive, on a terminal and in a log. */
const period = process.stderr.isTTY ? 1000 : 20_000;

/**
 * Runs one step of set-up and says, on standard error, what it does, how long it has taken and how it ended.
 * @template T
 * @param {string} title
 * @param {(say: (detail: string) => void) => Promise<T>} work `say` changes the detail shown beside the time.
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const start = Date.now();
  let detail = "";
  const show = (/** @type {string} */ mark) => {
    const line = `${mark} ${title} (${[elapsed(Date.now() - start), detail].filter(Boolean).join(", ")})`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
  if (!process.stderr.isTTY) process.stderr.write(`… ${title}\n`);
  const timer = setInterval(() => show("…"), period);
  try {
    const result = await work((text) => (detail = text));
    show("✔");
    return result;
  } catch (error) {
    show("✘");
    throw error;
  } finally {
    clearInterval(timer);
    if (process.stderr.isTTY) process.stderr.write("\n");
  }
}

/**
 * A duration as people say it: "0.4 s", "12 s", "5 min 03 s".
 * @param {number} milliseconds
 * @returns {string}
 */
export function elapsed(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const rest = String(Math.floor(seconds % 60)).padStart(2, "0");
  return `${Math.floor(seconds / 60)} min ${rest} s`;
}
