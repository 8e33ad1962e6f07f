import { type Properties, Unknown } from "../../properties";
import type { Context, ResourceRule } from "../rule";
import {
  all,
  at,
  fields,
  items,
  needed,
  oneOf,
  record,
  required,
  isAbsent,
  text,
  isGiven,
  type Check,
} from "./field";
import { dnsSubdomain } from "./names";
import { changed, invalidObject, kindRule, liveObject } from "./objects";
import { parseQuantity, claimedQuantity } from "./quantity";
import { labelSelector } from "./selector";

/**
 * What a claim asks for.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/persistent-volume-claim-v1/
 */
export const claimSpec: Check = all(
  fields({
    accessModes: needed(
      items(needed(oneOf("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"))),
      "at least 1 access mode is required",
    ),
    volumeMode: oneOf("Block", "Filesystem"),
    selector: labelSelector,
    storageClassName: text(dnsSubdomain),
    resources: fields({ requests: fields({ storage: claimedQuantity }) }),
  }),
  (value, path) => {
    if (value instanceof Unknown) return [];
    const { accessModes, resources } = record(value);
    const { requests } = record(resources);
    const place = at(at(path, "resources"), "requests");
    const modes: unknown[] = Array.isArray(accessModes) ? accessModes : [];
    if (modes.includes("ReadWriteOncePod") && modes.length > 1) {
      return [
        {
          property: at(path, "accessModes"),
          reason: "Forbidden: may not use ReadWriteOncePod with other access modes",
        },
      ];
    }
    const isKnown =
      isAbsent(resources) || (isGiven(resources) && (isAbsent(requests) || isGiven(requests)));
    return isKnown && isAbsent(record(requests)["storage"]) ? required(at(place, "storage")) : [];
  },
);

const TYPE = "kubernetes:core/v1:PersistentVolumeClaim";

/** Fields that never change after a claim was made, beside those whose change makes another claim. */
const IMMUTABLE = ["spec.volumeMode", "spec.dataSource", "spec.dataSourceRef"];

const claim = kindRule(TYPE, {
  source:
    "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go",
  object: fields({ spec: needed(claimSpec) }),
  refuse: refuseChange,
});

/** A claim grows but does not shrink. */
function refuseChange(props: Properties, context: Context): string | undefined {
  const live = liveObject(TYPE, props, context);
  if (live === undefined) return undefined;
  if (IMMUTABLE.some((path) => changed(path, live, props))) {
    const reason =
      "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    return invalidObject("PersistentVolumeClaim", props, [{ property: "spec", reason }]);
  }
  const path = "spec.resources.requests.storage";
  const [before, after] = [parseQuantity(live.get(path)), parseQuantity(props.get(path))];
  if (before === undefined || after === undefined || after >= before) return undefined;
  const reason = "Forbidden: field can not be less than status.capacity";
  return invalidObject("PersistentVolumeClaim", props, [{ property: path, reason }]);
}

/** Rules of volumes. */
export const storage: readonly ResourceRule[] = [claim];
