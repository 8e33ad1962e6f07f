import { bucketHas, bucketParts, bucketsOf, type Bucket } from "../lib/buckets";
import { everyTier, stackRule } from "../lib/rule";
import type { Stack } from "../lib/stack";
import { all, any, not, truthOf, type Truth } from "../lib/verdict";

/** TS-B1: who takes over the account can't take the backups with it. */
export const backupsStayAsWritten = stackRule(
  {
    id: "A12",
    name: "backups-stay-as-written",
    severity: "critical",
    protects:
      "A mistake, or ransomware with the writer's rights, deletes the backups with the data.",
    remediation:
      "Give the bucket versioning, and an object lock with a default retention in days or years.",
    references: ["SA-B2", "AWS FSBP S3.14, S3.15", "PCI DSS 10.3.4", "SOC 2 A1.2"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    bucketsOf(stack).flatMap((bucket) => {
      const mustHold = (truth: Truth, problem: string) =>
        bucket.mustHold(any([not(holdsBackups(bucket)), truth]), problem);
      return [
        ...mustHold(isVersioned(stack, bucket), "keeps no versions"),
        ...mustHold(isLocked(stack, bucket), "locks no object against deletion"),
      ];
    }),
);

/** By its names: that of the program, its own and what its own starts with. */
function holdsBackups({ args, declared }: Bucket): Truth {
  const names = [args.get("bucket"), args.get("bucketPrefix")];
  const known = names.filter(({ state }) => state === "known");
  const tells = (name: string | undefined) => /backup|dump/i.test(name ?? "");
  return any([
    truthOf(tells(declared.name)),
    // Of a bucket that is yet to be made, what was left out is not known.
    ...(known.length > 0 ? known : names).map((name) => name.is(tells)),
  ]);
}

function isVersioned(stack: Stack, bucket: Bucket): Truth {
  return bucketHas({ stack, bucket }, bucketParts.versioning, ({ args }) =>
    args
      .get("versioningConfiguration")
      .get("status")
      .is((status) => status === "Enabled"),
  );
}

function isLocked(stack: Stack, bucket: Bucket): Truth {
  return bucketHas({ stack, bucket }, bucketParts.lock, ({ args }) => {
    const retention = args.get("rule").get("defaultRetention");
    const spans = [retention.get("days"), retention.get("years")];
    return all([
      retention.get("mode").is((mode) => mode === "GOVERNANCE" || mode === "COMPLIANCE"),
      any(spans.map((span) => span.is((length) => (length ?? 0) > 0))),
    ]);
  });
}
