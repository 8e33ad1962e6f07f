/**
 * What a value must look like. `ref` names a type that is looked up when a value of it is checked,
 * `asset` is a file or archive, a union is satisfied by any of its members, and `all` by every one.
 */
export type TypeSchema =
  | "string"
  | "number"
  | "boolean"
  | "any"
  | "asset"
  | ContainerSchema
  | { readonly literals: readonly Literal[] }
  | { readonly union: readonly TypeSchema[] }
  | { readonly all: readonly TypeSchema[] }
  | { readonly ref: string };

/** What a value made of other values must look like. */
export type ContainerSchema =
  | { readonly array: TypeSchema }
  | { readonly map: TypeSchema }
  | { readonly properties: ObjectSchema };

/** One value that a literal type allows. */
export type Literal = string | number | boolean;

/** One property as it is declared. */
export interface PropertySchema {
  /** What its value must look like. */
  readonly type: TypeSchema;
  /** Present where the value may not be left out. */
  readonly required?: true;
  /** Present where its documentation carries `@deprecated`. */
  readonly deprecated?: true;
}

/** Properties by name. */
export type ObjectSchema = Readonly<Record<string, PropertySchema>>;

/** Inputs and outputs of one resource type. */
export interface ResourceSchema {
  /** What the program may set. */
  readonly inputs: ObjectSchema;
  /** What the resource has once it exists; a `ref` names an entry of `types/output.d.ts`. */
  readonly outputs: ObjectSchema;
}
