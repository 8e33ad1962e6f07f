import { containersOf, podOf, podTypes } from "../lib/pods";
import { everyTier, resourceRule } from "../lib/rule";

const pinned = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

/** What runs is what was built, scanned and approved. */
export const imagesArePinned = resourceRule(
  {
    id: "K30",
    name: "images-are-pinned",
    severity: "high",
    protects: "A tag can be moved to another image, so that two pods of one version differ.",
    remediation: "Write the image as name@sha256:digest.",
    references: ["SLSA", "CKV_K8S_43"],
    enforcement: everyTier("mandatory"),
  },
  podTypes,
  (resource) =>
    containersOf(podOf(resource)).flatMap((container) =>
      container
        .get("image")
        .must((image) => image !== undefined && pinned.test(image), "is not pinned by its digest"),
    ),
);
