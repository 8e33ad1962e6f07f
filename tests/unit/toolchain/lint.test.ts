import { Linter } from "eslint";
import { parser } from "typescript-eslint";
import { environmentSyntax, programSyntax, rules } from "../../../toolchain/lint.mjs";

/** The messages of the house rules for a piece of TypeScript. */
function messages(code: string): string[] {
  const linter = new Linter();
  const config: Linter.Config = {
    files: ["**/*.ts"],
    languageOptions: { parser },
    linterOptions: { reportUnusedDisableDirectives: "off" },
    plugins: { plinth: { rules } },
    rules: {
      "no-restricted-syntax": ["error", ...programSyntax, environmentSyntax],
      "plinth/explained-assertion": "error",
      "plinth/explained-disable": "error",
    },
  };
  return linter.verify(code, config, "example.ts").map(({ message }) => message);
}

function component(body: string): string {
  return `class Vault extends pulumi.ComponentResource { constructor(name, args, opts) { ${body} } }`;
}

const good = component(`
  super("plinth:backups:Vault", name, args, opts);
  new aws.s3.Bucket(name, { tags: {} }, { parent: this });
  if (args.days < 1) throw new pulumi.ResourceError("days", this);
  this.registerOutputs({});
`);

describe("the house rules refuse", () => {
  test.each([
    ["a resource in apply", "id.apply((value) => new aws.s3.Bucket(value));", /made in apply/],
    ["a component in apply", "id.apply((value) => new Vault(value));", /made in apply/],
    ["a child without parent", good.replace("{ parent: this }", "opts"), /names its parent/],
    ["a component without options", good.replace(", opts);", ");"), /Call super/],
    [
      "a component without outputs",
      good.replace("this.registerOutputs({});", ""),
      /registerOutputs/,
    ],
    ["a provider by name", 'import { s3 } from "@pulumi/aws";', /as a namespace/],
    ["the stack's name", "const name = pulumi.getStack();", /Only index.ts and settings/],
    ["configuration", "const config = new pulumi.Config();", /Only index.ts and settings/],
    ["an assertion", "const port = value as number;", /at a boundary/],
    ["a silenced rule", "// eslint-disable-next-line eqeqeq\nf();", /Say why/],
  ])("%s", (_, code, message) => {
    expect(messages(code)).toEqual([expect.stringMatching(message)]);
  });
});

describe("the house rules allow", () => {
  test.each([
    ["a component as the house writes it", good],
    ["an error in apply", 'id.apply((value) => { throw new Error("no id"); });'],
    ["a provider as a namespace", 'import * as aws from "@pulumi/aws";'],
    ["a provider's types by name", 'import type { types } from "@pulumi/aws";'],
    ["the policy SDK by name", 'import { PolicyPack } from "@pulumi/policy";'],
    ["an assertion that says why", "// The engine sends a number.\nconst port = value as number;"],
    ["a constant and a widening", "const one = [1] as const; const two = parsed as unknown;"],
    ["a silenced rule that says why", "// eslint-disable-next-line eqeqeq -- null too\nf();"],
  ])("%s", (_, code) => {
    expect(messages(code)).toEqual([]);
  });
});
