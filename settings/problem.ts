import { distance } from "fastest-levenshtein";

/** Where a value stands among nested keys and list positions. */
export type Path = readonly (string | number)[];

/** Something that the settings may not say. */
export interface Problem {
  /** File that the user has to open. */
  readonly file: string;
  /** Path as it is written in that file. */
  readonly path: string;
  /** What is wrong there, without the value where that could be a secret. */
  readonly given: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** The nearest right key or value. */
  readonly suggestion?: string;
}

/** A path as a person writes it: keys by dots, list positions and unusual keys in brackets. */
export function writtenPath(start: string, rest: Path): string {
  return rest.reduce<string>((written, step) => {
    if (typeof step === "number") return `${written}[${step}]`;
    if (!/^[A-Za-z0-9_-]+$/.test(step)) return `${written}[${JSON.stringify(step)}]`;
    return written === "" ? step : `${written}.${step}`;
  }, start);
}

/** The candidate that a misspelt word most likely means; nothing where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const far = Math.max(2, Math.floor(word.length / 3)) + 1;
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      steps: distance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.steps - b.steps);
  const [best] = ranked;
  return best !== undefined && best.steps < far ? best.candidate : undefined;
}

/** One line of text for a problem. */
export function problemText(problem: Problem): string {
  const { file, path, given, allowed, suggestion } = problem;
  const parts = [
    `${file}: ${path}: ${given}`,
    ...(allowed === undefined ? [] : [allowed]),
    ...(suggestion === undefined ? [] : [`did you mean "${suggestion}"?`]),
  ];
  return parts.join("; ");
}

/** All problems of a run as one text. */
export function problemsText(environment: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((problem) => `  ${problemText(problem)}`);
  return [`The settings of ${environment} have ${count}:`, ...lines].join("\n");
}

const secretKey = /secret|password|passwd|token|credential|private|api_?key|^environment$|^value$/i;

/** What was given, in words; the value itself only where it is short and cannot be a secret. */
export function givenText(value: unknown, path: Path): string {
  if (value === undefined) return "missing";
  if (value === null) return "empty";
  if (Array.isArray(value)) return `is a list of ${value.length}`;
  if (typeof value === "object") return "is a section of keys";
  const kind = typeof value === "string" ? "text" : typeof value;
  const text = JSON.stringify(value);
  const hidden = text.length > 60 || path.some((step) => secretKey.test(String(step)));
  if (hidden || looksSecret(text)) return `is a ${kind} that is not shown here`;
  return typeof value === "string" ? `is ${text}` : `is the ${kind} ${text}`;
}

/** Whether a text has the shape of a key or token rather than of a setting. */
function looksSecret(text: string): boolean {
  return (
    /^"(AKIA|ASIA|gh[pousr]_|sk_|xox|eyJ|-----BEGIN)/.test(text) ||
    /[A-Za-z0-9+/_=]{24,}/.test(text)
  );
}
