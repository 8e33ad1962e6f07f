import { readFileSync } from "node:fs";
import * as ts from "typescript";
import type { Literal, ObjectSchema, PropertySchema, ResourceSchema, TypeSchema } from "./model";

/** Tells what a type that is referred to by name looks like. */
export type Resolve = (name: string) => TypeSchema;

/** A parsed file, and what its names mean. */
interface Scope {
  readonly source: ts.SourceFile;
  readonly resolve: Resolve;
}

/** Named types of one namespace. */
export type Types = Readonly<Record<string, TypeSchema>>;

/** Reads every interface, class (as `class X`) and type alias of a file by namespace, `""` being the top. */
export function readTypes(file: string, resolve: Resolve): Readonly<Record<string, Types>> {
  return typesOf({ source: parse(file), resolve });
}

/** Reads one declaration at the top of a file of an SDK's types: such files have millions of characters. */
export function readTypesOf(
  declared: { readonly file: string; readonly name: string },
  resolve: Resolve,
): Readonly<Record<string, Types>> {
  const { file, name } = declared;
  const whole = texts.get(file) ?? readFileSync(file, "utf8");
  texts.set(file, whole);
  return typesOf({ source: parse(file, declarationOf(name, whole)), resolve });
}

/** Files of which several declarations are read one after the other. */
const texts = new Map<string, string>();

/** The generator begins a declaration at the beginning of a line, and ends it there too. */
function declarationOf(name: string, text: string): string {
  const starts = ["interface", "declare namespace"].map((kind) =>
    text.indexOf(`\nexport ${kind} ${name} {`),
  );
  const start = Math.max(...starts);
  return start < 0 ? "" : text.slice(start, text.indexOf("\n}", start) + 2);
}

function typesOf(scope: Scope): Readonly<Record<string, Types>> {
  const groups: Record<string, Record<string, TypeSchema>> = {};
  const visit = (statements: readonly ts.Statement[], namespace: string): void => {
    for (const statement of statements) {
      if (ts.isModuleDeclaration(statement)) {
        const inner = namespace ? `${namespace}.${statement.name.text}` : statement.name.text;
        if (statement.body && ts.isModuleBlock(statement.body))
          visit(statement.body.statements, inner);
      }
      Object.assign((groups[namespace] ??= {}), declared(statement, scope));
    }
  };
  visit(scope.source.statements, "");
  return groups;
}

/** The type that a statement declares, by name; nothing for any other statement. */
function declared(statement: ts.Statement, scope: Scope): Types {
  if (ts.isInterfaceDeclaration(statement)) {
    return { [statement.name.text]: { properties: objectSchema(statement.members, scope) } };
  }
  if (ts.isClassDeclaration(statement) && statement.name) {
    const properties = objectSchema(statement.members, scope);
    return { [`class ${statement.name.text}`]: { properties } };
  }
  return ts.isTypeAliasDeclaration(statement)
    ? { [statement.name.text]: typeSchema(statement.type, scope) }
    : {};
}

/** Reads the resource class of a file: the second parameter of its constructor and its fields. */
export function readResource(file: string, resolve: Resolve): ResourceSchema {
  const scope = { source: parse(file), resolve };
  const declared = scope.source.statements.find(ts.isClassDeclaration);
  if (!declared) throw new Error(`${file} declares no class`);
  return {
    inputs: argumentsSchema(declared, scope),
    outputs: objectSchema(declared.members.filter(ts.isPropertyDeclaration), scope),
  };
}

/** Reads the enums of a file: constants whose properties all have literal types. */
export function readEnums(file: string): Readonly<Record<string, readonly Literal[]>> {
  const found: Record<string, Literal[]> = {};
  for (const statement of parse(file).statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, type } of statement.declarationList.declarations) {
      if (!type || !ts.isTypeLiteralNode(type) || !ts.isIdentifier(name)) continue;
      found[name.text] = type.members.filter(ts.isPropertySignature).map(enumValue);
    }
  }
  return found;
}

/** Module that each imported name of a file comes from. */
export function readImports(file: string): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const statement of parse(file).statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    if (!ts.isStringLiteral(statement.moduleSpecifier)) continue;
    for (const { name } of bindings.elements)
      modules.set(name.text, statement.moduleSpecifier.text);
  }
  return modules;
}

function parse(file: string, text = readFileSync(file, "utf8")): ts.SourceFile {
  const languageVersion = ts.ScriptTarget.ES2022;
  const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  return ts.createSourceFile(file, text, { languageVersion, jsDocParsingMode });
}

function argumentsSchema(declared: ts.ClassDeclaration, scope: Scope): ObjectSchema {
  const type = declared.members.find(ts.isConstructorDeclaration)?.parameters[1]?.type;
  const name = type && ts.isTypeReferenceNode(type) ? entityName(type.typeName) : undefined;
  const found = scope.source.statements
    .filter(ts.isInterfaceDeclaration)
    .find((statement) => statement.name.text === name);
  if (!found) throw new Error(`${scope.source.fileName} declares no arguments`);
  return objectSchema(found.members, scope);
}

function objectSchema(members: readonly ts.Node[], scope: Scope): ObjectSchema {
  const properties: Record<string, PropertySchema> = {};
  for (const member of members) {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
    if (!member.type || isStatic(member) || ts.isComputedPropertyName(member.name)) continue;
    properties[member.name.text] = {
      type: typeSchema(member.type, scope),
      ...(isOptional(member) ? {} : { required: true }),
      ...(isDeprecated(member, scope) ? { deprecated: true } : {}),
    };
  }
  return properties;
}

function isStatic(member: ts.PropertySignature | ts.PropertyDeclaration): boolean {
  return member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

/** Outputs carry no `?`; theirs is an `undefined` inside `Output<…>`. */
function isOptional(member: ts.PropertySignature | ts.PropertyDeclaration): boolean {
  if (member.questionToken) return true;
  const type = member.type && unwrapped(member.type);
  return type !== undefined && ts.isUnionTypeNode(type) && type.types.some(isUndefined);
}

function isDeprecated(member: ts.Node, { source }: Scope): boolean {
  return source.text.slice(member.pos, member.getStart(source)).includes("@deprecated");
}

function typeSchema(node: ts.TypeNode, scope: Scope): TypeSchema {
  const type = unwrapped(node);
  if (ts.isUnionTypeNode(type)) {
    return union(type.types.filter((t) => !isUndefined(t)).map((t) => typeSchema(t, scope)));
  }
  if (ts.isIntersectionTypeNode(type)) return { all: type.types.map((t) => typeSchema(t, scope)) };
  if (ts.isArrayTypeNode(type)) return { array: typeSchema(type.elementType, scope) };
  if (ts.isTypeLiteralNode(type)) return literalObject(type, scope);
  if (ts.isLiteralTypeNode(type)) return { literals: [literal(type)] };
  if (!ts.isTypeReferenceNode(type)) return keyword(type, scope);
  const [element] = type.typeArguments ?? [];
  const name = entityName(type.typeName);
  return name === "Array" && element ? { array: typeSchema(element, scope) } : scope.resolve(name);
}

function keyword(type: ts.TypeNode, { source }: Scope): TypeSchema {
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
      return "string";
    case ts.SyntaxKind.NumberKeyword:
      return "number";
    case ts.SyntaxKind.BooleanKeyword:
      return "boolean";
    case ts.SyntaxKind.AnyKeyword:
    // A member of a model that takes its type from another member: its version, which has no other.
    case ts.SyntaxKind.IndexedAccessType:
      return "any";
    default:
      throw new Error(`${source.fileName}: ${type.getText(source)} is not understood`);
  }
}

function literalObject(type: ts.TypeLiteralNode, scope: Scope): TypeSchema {
  if (type.members.length === 0) return "any";
  const index = type.members.find(ts.isIndexSignatureDeclaration);
  return index
    ? { map: typeSchema(index.type, scope) }
    : { properties: objectSchema(type.members, scope) };
}

/** Members that another one covers are dropped: `string | "a"` is a string. */
function union(members: readonly TypeSchema[]): TypeSchema {
  const unique = [...new Map(members.map((m) => [JSON.stringify(m), m])).values()];
  if (unique.includes("any")) return "any";
  const open = unique.filter((m) => !isLiterals(m));
  const literals = unique
    .flatMap((m) => (isLiterals(m) ? m.literals : []))
    .filter((value) => !open.some((m) => m === typeof value));
  const all = literals.length > 0 ? [...open, { literals }] : open;
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : { union: all };
}

function isLiterals(type: TypeSchema): type is { readonly literals: readonly Literal[] } {
  return typeof type === "object" && "literals" in type;
}

/** `Input<T>` and `Output<T>` say when a value is known, not what it is. */
function unwrapped(node: ts.TypeNode): ts.TypeNode {
  if (ts.isParenthesizedTypeNode(node)) return unwrapped(node.type);
  if (!ts.isTypeReferenceNode(node)) return node;
  const [argument] = node.typeArguments ?? [];
  return argument && /^pulumi\.(Input|Output)$/.test(entityName(node.typeName))
    ? unwrapped(argument)
    : node;
}

function isUndefined(type: ts.TypeNode): boolean {
  return type.kind === ts.SyntaxKind.UndefinedKeyword;
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

function enumValue({ type }: ts.PropertySignature): Literal {
  if (!type || !ts.isLiteralTypeNode(type))
    throw new Error("an enum has a value that is no literal");
  return literal(type);
}

function literal({ literal: node }: ts.LiteralTypeNode): Literal {
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  return node.kind === ts.SyntaxKind.TrueKeyword;
}
