import { tierDefaults, tierNames, type Tier } from "../../../settings/tiers";
import { declare } from "../../support/program";
import { only } from "../../support/record";
import { settingsOf, smallConfiguration } from "../../support/settings";

/** The settings of the small configuration's vault. */
async function vaultOf(tier: Tier) {
  const { project, environment, ...rest } = smallConfiguration();
  const configuration = { ...rest, project, environment, stack: { ...rest.stack, tier } };
  const settings = settingsOf(configuration);
  const recorded = await declare({ settings, environment, project });
  const inputsOf = (type: string, name: string) => only(recorded, `aws:s3/${type}`, name).inputs;
  return {
    lifecycle: inputsOf(
      "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "backups-lifecycle",
    ),
    lock: inputsOf("bucketObjectLockConfiguration:BucketObjectLockConfiguration", "backups-lock"),
  };
}

test.each(tierNames)(
  "SA-B2: in the tier %s dumps expire after their days, their versions a day later, and no lock is longer",
  async (tier) => {
    const { backupRetentionDays, backupLockDays } = tierDefaults[tier];
    const { lifecycle, lock } = await vaultOf(tier);
    expect(lifecycle["rules"]).toEqual([
      expect.objectContaining({
        filter: { prefix: "postgresql/api/api/" },
        expiration: { days: backupRetentionDays },
        noncurrentVersionExpiration: { noncurrentDays: 1 },
      }),
      expect.objectContaining({ id: "remove remains" }),
    ]);
    expect(lock["rule"]).toEqual({
      defaultRetention: { mode: "GOVERNANCE", days: backupLockDays },
    });
    expect(backupLockDays).toBeLessThanOrEqual(backupRetentionDays);
  },
);

test("SA-B2: dumps are kept for 30 days in every tier that keeps data", () => {
  const kept = tierNames.filter((tier) => tierDefaults[tier].protectData);
  expect(kept.map((tier) => tierDefaults[tier].backupRetentionDays)).toEqual([30, 30]);
});
