import { z } from "zod";
import { BucketName, CronSchedule, KeyArn, KeyPrefix } from "./primitives";
import type { TierDefaults } from "./tiers";

/** How files are copied to the vault (E9-B2). */
export const copyKeys = (tier: TierDefaults) => ({
  schedule: CronSchedule.default("0 3 * * *").meta({
    description: "When a copy starts, in UTC; at least daily (E9-B2).",
  }),
  runMinutes: z.int().min(1).max(1440).default(360).meta({
    description: "Longest time that a copy may take; it is ended then, and the next goes on.",
  }),
  retentionDays: z.int().min(1).max(3650).default(tier.backupRetentionDays).meta({
    description: "Days that a file is kept after it was deleted or changed (E9-B2: 30).",
  }),
  maxLossPercent: z.int().min(1).max(100).default(50).meta({
    description:
      "Share of the files that may be gone since the copy before; with more, nothing is changed and the copy fails.",
  }),
});

/** A store of files that is copied to the vault. */
export const FileStore = (tier: TierDefaults) =>
  z
    .strictObject({
      endpoint: z
        .string()
        .regex(
          /^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+(\/[A-Za-z0-9._~-]+)*$/,
          'must be the address of an S3-compatible store, such as "https://files.example.com/storage/v1/s3", on port 443',
        )
        .optional()
        .meta({ description: "S3-compatible store elsewhere. Default: a bucket of AWS." }),
      region: z
        .string()
        .regex(/^[a-z0-9-]{2,30}$/, "must be the name of a region")
        .optional()
        .meta({ description: "Region of the store. Default: that of `aws`." }),
      bucket: BucketName,
      prefix: KeyPrefix.optional().meta({ description: "Default: the whole bucket." }),
      keyArn: KeyArn.optional().meta({
        description: "Key that encrypts a bucket of AWS. Default: one that S3 manages.",
      }),
      ...copyKeys(tier),
    })
    .meta({
      description:
        "A store whose files are copied to the vault (E9-B2); credentials of one elsewhere are entries of Secrets Manager.",
    });

/** Effective settings of a store. */
export type FileStoreSettings = z.output<ReturnType<typeof FileStore>>;
/** How and when files are copied. */
export type CopySettings = Pick<
  FileStoreSettings,
  "maxLossPercent" | "retentionDays" | "runMinutes" | "schedule"
>;

/** Name of the objects of a store's copy in the namespace. */
export function storeObjectName(store: string): string {
  return `files-${store}`;
}

/** Name of the objects of a volume's copy in the namespace. */
export function volumeObjectName(service: string, volume: string): string {
  return `${service}-files-${volume}`;
}
