import { isRecord, type Plain } from "../../sandbox/properties";
import type { KubernetesObject } from "./api-client";

/** A resource with its inputs, as a state or a recorded program has it. */
export interface Declared {
  readonly type: string;
  readonly inputs?: Plain;
}

/** The objects of Kubernetes among declared resources, in their order. */
export function objectsIn(resources: readonly Declared[]): KubernetesObject[] {
  return resources.flatMap(({ type, inputs = {} }) => {
    const { apiVersion, kind, metadata } = inputs;
    if (!type.startsWith("kubernetes:") || typeof kind !== "string") return [];
    if (typeof apiVersion !== "string" || !isRecord(metadata))
      throw new Error(`no object: ${type}`);
    const { name } = metadata;
    // The provider names what the program does not.
    const named = { ...metadata, name: typeof name === "string" ? name : "drawn-1a2b3c4d" };
    return { ...inputs, apiVersion, kind, metadata: named };
  });
}
