/** Shows on standard error what set-up is doing: one line that is rewritten on a terminal, a line now and then in a log. */

const isTerminal = process.stderr.isTTY;
const period = isTerminal ? 1000 : 20_000;

/**
 * Runs one step and says what it does, how long it has taken and how it ended.
 * @template T
 * @param {string} title
 * @param {(say: (detail: string) => void) => Promise<T>} work `say` sets what is shown beside the time.
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const start = Date.now();
  let detail = "";
  const state = () => [elapsed(Date.now() - start), detail].filter(Boolean).join(", ");
  show(`… ${title}`, isTerminal ? "" : "\n");
  const timer = setInterval(
    () => (isTerminal ? show(`… ${title} (${state()})`, "") : show(`  … ${state()}`, "\n")),
    period,
  );
  try {
    const result = await work((text) => (detail = text));
    show(`✔ ${title} (${state()})`, "\n");
    return result;
  } catch (error) {
    const [reason = "", next = ""] = String(error instanceof Error ? error.message : error).split(
      "\n",
    );
    show(`✘ ${title} (${state()}): ${reason.endsWith(":") ? `${reason} ${next}` : reason}`, "\n");
    throw error;
  } finally {
    clearInterval(timer);
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

/** @type {(line: string, end: string) => void} */
function show(line, end) {
  // A line that wraps could not be rewritten.
  const text = isTerminal && end === "" ? line.slice(0, process.stderr.columns - 1) : line;
  process.stderr.write(`${isTerminal ? "\r\u001b[K" : ""}${text}${end}`);
}
