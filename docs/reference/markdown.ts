/** A text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** Texts as code, in a row. */
export function codes(texts: readonly string[]): string {
  return texts.map(code).join(", ");
}

/** A table; a bar within a cell does not end it. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
