import { podReferences, referredTypes, type PodReference } from "../lib/pod-references";
import { podTypes, type PodMaker } from "../lib/pods";
import { everyTier, stackRule } from "../lib/rule";
import type { Stack } from "../lib/stack";
import { any, type Truth } from "../lib/verdict";
import { referredTo } from "../lib/workloads";

/** CB-W6: what a pod names is there when it starts. */
export const podReferencesExist = stackRule(
  {
    id: "K54",
    name: "pod-references-exist",
    severity: "high",
    protects:
      "A pod that names a Secret, ConfigMap, claim or account that is not there never starts.",
    remediation: "Declare it in the same namespace, or mark the reference optional.",
    references: ["CB-W6", "K22", "K53"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    stack.of(...podTypes).flatMap((maker) =>
      podReferences(maker)
        .filter(({ optional }) => !optional)
        .flatMap((reference) =>
          reference.name.mustHold(exists(stack, maker, reference), "names nothing in the stack"),
        ),
    ),
);

function exists(stack: Stack, maker: PodMaker, { kind, name }: PodReference): Truth {
  const reference = { from: maker, name, property: "spec" } as const;
  return any(
    referredTypes[kind].flatMap((type) =>
      referredTo<PodMaker["declared"]["type"], typeof type>(stack, reference, type).map(
        ({ refers }) => refers,
      ),
    ),
  );
}
