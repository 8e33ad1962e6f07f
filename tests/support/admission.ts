import { isRecord } from "../../sandbox/properties";
import type { Answer, ApiClient, KubernetesObject } from "./api-client";

/** What the server looks up when it admits another object; these are written even in a dry run. */
const lookedUp = ["Namespace", "PriorityClass", "LimitRange", "ResourceQuota", "ServiceAccount"];

/**
 * What a server has against objects, as one text each: refusals, warnings, and what it refuses of
 * the pods that the objects would run. With a dry run only what other objects need stays.
 */
export async function complaints(
  client: ApiClient,
  objects: readonly KubernetesObject[],
  { dryRun }: { readonly dryRun: boolean } = { dryRun: false },
): Promise<string[]> {
  const first = lookedUp.flatMap((kind) => objects.filter((object) => object.kind === kind));
  const rest = objects.filter((object) => !first.includes(object));
  const found: string[] = [];
  for (const object of first) found.push(...(await complaintsAbout(client, object, false)));
  const others = rest.map((object) => complaintsAbout(client, object, dryRun));
  return [...found, ...(await Promise.all(others)).flat()];
}

async function complaintsAbout(
  client: ApiClient,
  object: KubernetesObject,
  dryRun: boolean,
): Promise<string[]> {
  const title = `${object.kind} ${object.metadata.name}`;
  const { refusal, warnings } = await client.apply(object, { dryRun });
  if (refusal === undefined) await afterwards[object.kind]?.(client, object);
  const pods = podsOf(object).map((pod) => client.create(pod, { dryRun: true }));
  const answers = await Promise.all(pods);
  return [
    ...(refusal === undefined ? [] : [`${title} is refused: ${refusal}`]),
    ...warnings.map((warning) => `${title} is warned of: ${warning}`),
    ...answers.flatMap((answer) =>
      answer.refusal === undefined ? [] : [`a pod of ${title} is refused: ${answer.refusal}`],
    ),
  ];
}

/** What controllers do once an object is there, and admission waits for. */
const afterwards: Readonly<
  Record<string, (client: ApiClient, object: KubernetesObject) => Promise<void>>
> = {
  Namespace: async (client, { metadata }) => {
    const account = { name: "default", namespace: metadata.name };
    const object = { apiVersion: "v1", kind: "ServiceAccount", metadata: account };
    assertAccepted(await client.apply(object));
  },
  ResourceQuota: async (client, { apiVersion, kind, metadata, spec }) => {
    const hard = isRecord(spec) && isRecord(spec["hard"]) ? spec["hard"] : {};
    const used = Object.fromEntries(Object.keys(hard).map((name) => [name, "0"]));
    const { name, namespace } = metadata;
    const counted = { apiVersion, kind, metadata: { name, namespace }, status: { hard, used } };
    assertAccepted(await client.applyStatus(counted));
  },
};

function assertAccepted({ refusal }: Answer): void {
  if (refusal !== undefined) throw new Error(refusal);
}

/** A pod of every template in an object, wherever its kind has it. */
function podsOf(object: KubernetesObject): KubernetesObject[] {
  const { name, namespace } = object.metadata;
  return templatesIn(object).map((template) => ({
    ...template,
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadataOf(template), name, ...(namespace === undefined ? {} : { namespace }) },
  }));
}

function templatesIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === "template" && isPodTemplate(inner) ? [inner] : templatesIn(inner),
  );
}

function isPodTemplate(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && isRecord(value["spec"]) && Array.isArray(value["spec"]["containers"]);
}

function metadataOf({ metadata }: Record<string, unknown>): Record<string, unknown> {
  return isRecord(metadata) ? metadata : {};
}
