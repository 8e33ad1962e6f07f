import type * as kubernetes from "@pulumi/kubernetes";
import type { WorkloadSettings } from "../../settings/service";

/** Claim of one volume (CB-W5); its size can grow, every other change makes another volume. */
export function claimSpec({
  accessMode,
  size,
  storageClass,
}: WorkloadSettings["volumes"][string]): kubernetes.types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: [accessMode],
    resources: { requests: { storage: size } },
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
  };
}
