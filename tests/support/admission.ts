import { isRecord } from "../../sandbox/properties";
import type { ApiClient, KubernetesObject } from "./api-client";

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
  if (object.kind === "ResourceQuota" && refusal === undefined) await countNothing(client, object);
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

/** Does what a controller would: until it has counted, a quota lets no pod in. */
async function countNothing(client: ApiClient, quota: KubernetesObject): Promise<void> {
  const spec = isRecord(quota["spec"]) ? quota["spec"] : {};
  const hard = isRecord(spec["hard"]) ? spec["hard"] : {};
  const used = Object.fromEntries(Object.keys(hard).map((name) => [name, "0"]));
  const { apiVersion, kind, metadata } = quota;
  const { name, namespace } = metadata;
  const status = { apiVersion, kind, metadata: { name, namespace }, status: { hard, used } };
  const { refusal } = await client.applyStatus(status);
  if (refusal !== undefined) throw new Error(`the quota ${name} was not counted: ${refusal}`);
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
