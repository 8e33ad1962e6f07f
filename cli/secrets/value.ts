import { randomInt } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { WrongUse } from "../wrong-use";
import type { DeclaredEntry } from "./catalogue";

/** Characters of a generated value where the entry asks for fewer: 285 bits of the alphabet below. */
export const generatedLength = 48;

/** Letters and digits: they need no quoting in a URL, a shell or a connection string. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Most bytes of a value. @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const mostBytes = 65_536;

/** What people write where a value is still to come; a random value of 32 characters does not hold these. */
const placeholders = [
  /^(?:unset|none|null|undefined|todo|tbd|dummy|test|secret|password|example)[^a-z]*$/i,
  /change[-_ ]?me|replace[-_ ]?me|place[-_ ]?holder|your[-_ ](?:own[-_ ])?(?:api|secret|key|token|password)/i,
  /^<.*>$|^\[.*\]$|\$\{|\{\{/s,
];

/** A random value of the length that an entry asks for. */
export function generatedValue({ minimumLength }: Pick<DeclaredEntry, "minimumLength">): string {
  const length = Math.max(minimumLength, generatedLength);
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** Why a value is refused; says nothing of the value but its length. */
export function refusal(
  value: string,
  { minimumLength }: Pick<DeclaredEntry, "minimumLength">,
): string | undefined {
  const characters = Array.from(value);
  const bytes = Buffer.byteLength(value);
  if (value === "") return "is empty";
  if (value !== value.trim()) return "begins or ends with white space";
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)) return "has control characters";
  if (bytes > mostBytes) return `has ${bytes} bytes; Secrets Manager takes ${mostBytes}`;
  const isPlaceholder = placeholders.some((pattern) => pattern.test(value));
  if (isPlaceholder || new Set(characters).size < 4) return "is a placeholder, not a secret";
  return characters.length < minimumLength
    ? `has ${characters.length} characters; the entry asks for at least ${minimumLength}`
    : undefined;
}

/** The value that a person types unseen, or that comes on standard input up to its end. */
export async function readValue(name: string): Promise<string> {
  const bytes = process.stdin.isTTY ? await typed(name) : await buffer(process.stdin);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r?\n$/, "");
  } catch {
    throw new WrongUse("the value is not text in UTF-8");
  }
}

/** The terminal's own echo is off while the line is edited, and what would be echoed goes nowhere. */
async function typed(name: string): Promise<Uint8Array> {
  const nowhere = new Writable({
    write: (_, __, done) => {
      done();
    },
  });
  // The echo is off before anybody is asked to type.
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(`Value of ${name}, not shown: `);
  lines.on("SIGINT", () => {
    lines.close();
  });
  try {
    const ended = new Promise<never>((_, reject) => {
      lines.once("close", () => {
        reject(new WrongUse("no value was given"));
      });
    });
    return Buffer.from(await Promise.race([lines.question(""), ended]));
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
