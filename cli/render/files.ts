import { stringify } from "yaml";
import { unknownText, type DeclaredResource } from "./declared";

/** A file of a rendered stack. */
export interface RenderedFile {
  /** Path below the folder that is rendered into. */
  readonly path: string;
  /** What it holds. */
  readonly text: string;
}

/** Every file of a rendered stack: the resources, the objects of Kubernetes, the policy documents of IAM. */
export function renderedFiles(resources: readonly DeclaredResource[]): RenderedFile[] {
  const files = [...resources.flatMap(manifest), ...resources.flatMap(policyDocuments)];
  const list = { path: "resources.json", text: `${JSON.stringify(resources, null, 2)}\n` };
  return [list, ...files.map((file, index) => ({ ...file, path: freePath(files, index) }))];
}

/** The path of a file, numbered where an earlier one has the same: two components may use one name. */
function freePath(files: readonly RenderedFile[], index: number): string {
  const path = files[index]?.path ?? "";
  const earlier = files.slice(0, index).filter((file) => file.path === files[index]?.path).length;
  return earlier === 0 ? path : path.replace(/(\.[a-z]+)$/, `-${earlier + 1}$1`);
}

/** A resource's name as part of a file's; nothing in it leads out of the folder. */
function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "_");
}

/** The object of Kubernetes that a resource stands for, as it would be applied. */
function manifest({ type, name, inputs }: DeclaredResource): RenderedFile[] {
  const { kind } = inputs;
  if (!type.startsWith("kubernetes:") || typeof kind !== "string") return [];
  // Readers of Kubernetes' YAML know version 1.1, to which a plain `off` is no text.
  const text = stringify(withoutMark(inputs), { lineWidth: 0, compat: "yaml-1.1" });
  return [{ path: `manifests/${kind.toLowerCase()}-${fileName(name)}.yaml`, text }];
}

/** The provider's own mark of a name that it drew; the object is applied without. */
const autonamed = "pulumi.com/autonamed";

function withoutMark(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === autonamed ? undefined : inner)),
  );
}

/** Properties that hold a policy document, by type. */
const documents: Readonly<Record<string, string>> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/role:Role": "assumeRolePolicy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:kms/key:Key": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
};

function policyDocuments({ type, name, inputs }: DeclaredResource): RenderedFile[] {
  const property = documents[type];
  const text = property === undefined ? undefined : inputs[property];
  if (typeof text !== "string") return [];
  const kind = type.split(":").at(-1) ?? "";
  const path = `iam/${fileName(name)}.${kind.toLowerCase()}.json`;
  return [{ path, text: `${JSON.stringify(documentOf(text), null, 2)}\n` }];
}

function documentOf(text: string): unknown {
  return text === unknownText ? text : (JSON.parse(text) as unknown);
}
