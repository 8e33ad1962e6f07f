import jest from "eslint-plugin-jest";
import { defineConfig, globalIgnores } from "eslint/config";
import pulumi from "@pulumi/eslint-plugin";
import typescript from "typescript-eslint";
import * as plinth from "./toolchain/lint.mjs";

/** @type {(max: number) => import("eslint").Linter.RuleEntry} */
const lines = (max) => ["error", { max, skipBlankLines: true, skipComments: true }];

export default defineConfig(
  globalIgnores(["node_modules/", ".plinth/", "coverage/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    plugins: { plinth: { rules: plinth.rules } },
    rules: {
      "plinth/explained-disable": "error",
      complexity: ["error", 10],
      eqeqeq: "error",
      "max-depth": ["error", 3],
      "max-lines-per-function": lines(50),
      "max-params": ["error", 3],
      "no-console": "error",
    },
  },
  {
    files: ["**/*.ts"],
    extends: [typescript.configs.strictTypeChecked],
    plugins: { "@pulumi": pulumi },
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json"], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "plinth/explained-assertion": "error",
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-check": true, "ts-expect-error": true, "ts-ignore": true, "ts-nocheck": true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/prefer-nullish-coalescing": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A resource is made for its effect on the stack.
      "no-new": "off",
      "no-restricted-syntax": ["error", ...plinth.programSyntax, plinth.environmentSyntax],
    },
  },
  {
    files: ["index.ts", "settings/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...plinth.programSyntax] },
  },
  { files: ["index.ts"], rules: { "max-lines": lines(80) } },
  { files: ["components/**/*.ts"], rules: { "max-lines": lines(200) } },
  {
    files: ["policies/{across,aws,datadog,github,kubernetes,pagerduty,sentry}/*.ts"],
    rules: { "max-lines": lines(60) },
  },
  {
    files: ["tests/**/*.ts"],
    extends: [jest.configs["flat/recommended"]],
    rules: {
      "jest/expect-expect": [
        "error",
        { assertFunctionNames: ["expect", "fc.assert", "expect*", "assert*"] },
      ],
      // A row of a table of tests has as many columns as the rule it proves.
      "max-params": "off",
      // The body of a describe is a list of tests, not a function.
      "max-lines-per-function": "off",
      "max-lines": lines(300),
    },
  },
  // A list of resources is as long as the stack.
  { files: ["tests/support/stack-tree.ts"], rules: { "max-lines": "off" } },
  {
    files: ["cli/**", "bin/**", "toolchain/**", "tests/*.mjs", "sandbox/main.ts"],
    rules: { "no-console": "off" },
  },
);
