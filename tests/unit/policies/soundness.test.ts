import { catalogue } from "../../../policies/catalogue";
import { canary, judgeChanged, secret, unknown, type Diagnostic } from "../../support/policy";
import { both, from, set } from "../../support/policy-cases";
import { goodStack } from "../../support/policy-stack";

interface Property {
  readonly path: string;
  readonly value: unknown;
}

/** Every property at any depth. */
function propertiesOf(node: unknown, prefix: readonly string[] = []): Property[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    const path = [...prefix, key.replaceAll(".", "\\.")];
    return [{ path: path.join("."), value }, ...propertiesOf(value, path)];
  });
}

const stack = goodStack();

async function judgeWith(name: string, path: string, value: unknown): Promise<Diagnostic[]> {
  return judgeChanged(catalogue, set(name, path, value)(stack), name);
}

const isOpen = ({ message }: Diagnostic) =>
  message.includes("It is not known yet whether") || message.includes("judges at up");

function violated(found: readonly Diagnostic[]): string[] {
  return found.filter((diagnostic) => !isOpen(diagnostic)).map(({ rule }) => rule);
}

/** Rules that could not judge; those over one resource are named in what the pack says itself. */
function undecided(found: readonly Diagnostic[]): string[] {
  return found.filter(isOpen).map(({ rule, message }) => {
    const named = /([\w-]+) judges at up/.exec(message)?.[1];
    return named ?? rule;
  });
}

/** What a mistake would write in place of a value. */
function mistakes(value: unknown): unknown[] {
  if (typeof value === "boolean") return [undefined, !value];
  if (typeof value === "number") return [undefined, 0];
  return typeof value === "string" ? [undefined, "x"] : [undefined];
}

describe.each(stack.map(({ name, props }) => [name, propertiesOf(props)] as const))(
  "of %s",
  (name, properties) => {
    test("no property that is not known yet is a violation, and none that is secret is shown", async () => {
      for (const { path } of properties) {
        expect(violated(await judgeWith(name, path, unknown))).toEqual([]);
        const shown = (await judgeWith(name, path, secret(canary))).map(({ message }) => message);
        expect(shown.filter((message) => message.includes(canary))).toEqual([]);
      }
    });

    test("no property passes unseen that would be a violation if it were wrong", async () => {
      for (const { path, value } of properties) {
        const [top = ""] = path.split(".");
        // Nor does any dependency tell what it will be.
        const change = both(set(name, path, unknown), from(name, top));
        const seen = undecided(await judgeChanged(catalogue, change(stack), name));
        for (const mistake of mistakes(value)) {
          const rules = violated(await judgeWith(name, path, mistake));
          expect(
            rules.filter((rule) => !seen.includes(rule)).map((rule) => `${rule} ${path}`),
          ).toEqual([]);
        }
      }
    });
  },
);
