/** The house rules of this repository for ESLint. */

const component = "ClassDeclaration[superClass.property.name='ComponentResource']";

/** What a Pulumi program must not do; each message says what to do instead. */
export const programSyntax = [
  {
    selector:
      "CallExpression[callee.property.name='apply'] NewExpression:not([callee.name=/^([A-Z][a-z]+Error|Error|Map|Set|Date|URL)$/]):not([callee.property.name=/Error$/])",
    message: "A resource made in apply is missing from previews: pass the Output as an input.",
  },
  {
    selector: `${component} NewExpression[callee.type='MemberExpression'][callee.property.name!=/Error$/]:not(:has(Property[key.name='parent']))`,
    message: "A child of a component names its parent: { parent: this }.",
  },
  {
    selector: `${component} CallExpression[callee.type='Super']:not([arguments.length=4])`,
    message:
      "Call super(type, name, args, opts), so that the component's inputs and options arrive.",
  },
  {
    selector: `${component} MethodDefinition[kind='constructor']:not(:has(CallExpression[callee.property.name='registerOutputs']))`,
    message: "A component ends its constructor with registerOutputs.",
  },
  {
    selector:
      "ImportDeclaration[importKind!='type'][source.value=/^@(pulumi|pulumiverse).(?!policy$)[a-z]+$/]:not(:has(ImportNamespaceSpecifier))",
    message: 'Import a provider as a namespace: import * as aws from "@pulumi/aws".',
  },
];

/** The environment is a value in the settings, not something a component asks for. */
export const environmentSyntax = {
  selector:
    "MemberExpression[object.name='pulumi'][property.name=/^(getStack|getProject|Config|StackReference)$/]",
  message:
    "Only index.ts and settings/ read the stack and its configuration; take a value as argument.",
};

/** @type {import("eslint").Rule.RuleModule} */
const explainedDisable = {
  meta: { type: "suggestion", messages: { unexplained: "Say why after the rule: -- reason." } },
  create: ({ sourceCode, report }) => ({
    Program: () =>
      sourceCode
        .getAllComments()
        .filter(({ value }) => /^\s*eslint-disable/.test(value) && !/ -- \S/.test(value))
        .forEach(({ loc }) => loc && report({ loc, messageId: "unexplained" })),
  }),
};

/**
 * An assertion is allowed at a boundary, with a comment on its line or right above the statement; `as unknown` promises nothing.
 * @type {import("eslint").Rule.RuleModule}
 */
const explainedAssertion = {
  meta: {
    type: "suggestion",
    messages: {
      unexplained: "Narrow the value instead; at a boundary, a comment above says why `as` holds.",
    },
  },
  create: (context) => ({
    "TSAsExpression[typeAnnotation.typeName.name!='const'][typeAnnotation.type!='TSUnknownKeyword']":
      (/** @type {any} */ node) => {
        if (!isCommented(context.sourceCode, node))
          context.report({ node, messageId: "unexplained" });
      },
  }),
};

/** @type {(sourceCode: import("eslint").SourceCode, node: any) => boolean} */
function isCommented(sourceCode, node) {
  const first = statementOf(node).loc.start.line;
  const last = node.loc.end.line;
  return sourceCode
    .getAllComments()
    .some(({ loc }) => loc && loc.end.line >= first - 1 && loc.start.line <= last);
}

/** @type {(node: any) => any} */
function statementOf(node) {
  const isStatement = /(Statement|Declaration|Definition)$/.test(node.type);
  return isStatement || node.parent === null ? node : statementOf(node.parent);
}

/** What silences a check must say why. */
export const rules = {
  "explained-assertion": explainedAssertion,
  "explained-disable": explainedDisable,
};
