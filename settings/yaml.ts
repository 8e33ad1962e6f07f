import { LineCounter, parseDocument, visit, type YAMLParseError } from "yaml";
import type { Problem } from "./problem";

/** What a text in YAML holds, or the first thing that is wrong with it: what follows is mostly its echo. */
export function parseYaml(text: string): { value?: unknown; problem?: Omit<Problem, "file"> } {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    return { problem: { path: `line ${error.linePos?.[0].line ?? 1}`, given: wrong(error, text) } };
  }
  let problem: Omit<Problem, "file"> | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      const path = `line ${lines.linePos(alias.range?.[0] ?? 0).line}`;
      const given = `refers to &${alias.source}, which does not stand before it`;
      problem = { path, given, allowed: "a text that begins with * is quoted" };
      return visit.BREAK;
    },
  });
  return problem === undefined ? { value: document.toJS() as unknown } : { problem };
}

type Mistake = Pick<YAMLParseError, "code" | "message" | "pos">;

/** What a mistake is, in words of who writes YAML where those of the parser are not. */
const words: Partial<Record<YAMLParseError["code"], string>> = {
  TAB_AS_INDENT: "is indented by a tab; YAML takes spaces",
  MULTIPLE_DOCS: "begins a second document; a file holds one",
  BLOCK_AS_IMPLICIT_KEY:
    "has a key where a value was begun; mind the indentation, and quote a text with a colon",
  MULTILINE_IMPLICIT_KEY: "is no key: a colon and a space follow one on its line",
};

function wrong({ code, message, pos: [start] }: Mistake, text: string): string {
  const line = text.slice(text.lastIndexOf("\n", start) + 1);
  if (/^(<{7}|={7}|>{7})/.test(line)) return "is a mark of a merge conflict";
  if (message.includes("same column")) return "is indented otherwise than what stands beside it";
  if (code !== "DUPLICATE_KEY") {
    return words[code] ?? `is not YAML: ${message.split(/ at line|\n/)[0] ?? ""}`;
  }
  const [, key = ""] = /^(.*?) *:(?=\s|$)/m.exec(text.slice(start)) ?? [];
  return `repeats the key ${key}`;
}
