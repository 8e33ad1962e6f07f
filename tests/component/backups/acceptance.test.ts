import { cronGaps } from "../../../settings/cron";
import { readGiven } from "../../../settings/read";
import { resolveSettings } from "../../../settings/resolve";
import { repositoryDirectory } from "../../../toolchain/engine.mjs";
import { declare } from "../../support/program";
import { only, type Registration } from "../../support/record";

/** What is asked of backups, read from what the engine is given for the project's own production. */
const resolution = resolveSettings(readGiven(repositoryDirectory, "production"));
if (!resolution.ok) throw new Error("the settings of production are not valid");
const { settings } = resolution;
const databases = Object.entries(settings.services).flatMap(([service, given]) =>
  given.kind === "browser" || given.database === undefined
    ? []
    : [{ service, database: given.database }],
);

/** The part of a dump's CronJob that its times are in. */
interface DumpSpec {
  readonly schedule: string;
  readonly jobTemplate: { readonly spec: { readonly activeDeadlineSeconds: number } };
}

let recorded: Registration[];
beforeAll(async () => {
  recorded = await declare({ settings, environment: "production", project: "plinth" });
});

const cronJob = (name: string) =>
  only(recorded, "kubernetes:batch/v1:CronJob", name).inputs["spec"];
const monitor = (name: string) => only(recorded, "datadog:index/monitor:Monitor", name).inputs;
const inVault = (type: string, name: string) => only(recorded, `aws:s3/${type}`, name).inputs;

/** Spec of a CronJob that runs a script with these variables among its own. */
function running(script: string, variables: Readonly<Record<string, string>> = {}) {
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const container = {
    command: ["bash", `/script/${script}`],
    env: expect.arrayContaining(env) as unknown,
  };
  return { jobTemplate: { spec: { template: { spec: { containers: [container] } } } } };
}

test("production has databases, files and another region", () => {
  expect(databases.map(({ service }) => service)).toEqual(["api", "jobs"]);
  expect(settings.data.replica).toEqual({ region: "eu-west-1" });
});

describe.each(databases)("of the database of $service", ({ service, database }) => {
  const { backup, name } = database;
  const prefix = `postgresql/${service}/${name}/`;

  test("SA-B1, NS-B1: a dump is taken every day at least, by itself", () => {
    const spec = cronJob(`${service}-backup`);
    expect(spec).toMatchObject(running("dump.sh", { PGDATABASE: name, BACKUP_PREFIX: prefix }));
    expect(spec).toMatchObject({
      schedule: expect.stringMatching(/^\S+ \S+ \* \* \*$/) as unknown,
    });
    expect(spec).not.toHaveProperty("suspend");
  });

  test("SA-B2: dumps go after 30 days, and not before", () => {
    const { rules } = inVault(
      "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "backups-lifecycle",
    );
    expect(rules).toContainEqual({
      id: `keep ${prefix}`,
      status: "Enabled",
      filter: { prefix },
      expiration: { days: 30 },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    });
  });

  test("SA-B3, TS-B1: every dump is restored and compared, and a restore is there before it is needed", () => {
    const { schedule } = cronJob(`${service}-backup`) as DumpSpec; // as declared
    expect(cronJob(`${service}-verify`)).toMatchObject({
      schedule,
      ...running("verify.sh", { BACKUP_PREFIX: prefix, BACKUP_CHECKS: backup.checks.join("\n") }),
    });
    expect(cronJob(`${service}-restore`)).toMatchObject({
      suspend: true,
      ...running("restore.sh", { BACKUP_DATABASE: name }),
    });
  });

  test("SA-B4: people are told of no good backup for 25 hours, and of a restore over its time", () => {
    expect(backup.rtoMinutes).toBeLessThanOrEqual(60);
    expect(monitor(`${service}-verify-backup-age`)).toMatchObject({
      query: expect.stringMatching(
        /^sum\(last_(1500|\d{2,3})m\):sum:plinth\.backup\.verified\{.*\}\.as_count\(\) < 1$/,
      ) as unknown,
      onMissingData: "default",
    });
    expect(monitor(`${service}-verify-backup-slow`)["query"]).toContain(
      `:plinth.backup.restore_seconds{env:production,service:${service}} > ${backup.rtoMinutes * 60}`,
    );
  });

  test("E9-B1: from the start of a dump to the end of the next is no longer than what may be lost", () => {
    const { schedule, jobTemplate } = cronJob(`${service}-backup`) as DumpSpec; // as declared
    const longest = cronGaps(schedule)?.longest ?? Infinity;
    const run = jobTemplate.spec.activeDeadlineSeconds / 60;
    expect(longest + run).toBeLessThanOrEqual(backup.rpoMinutes);
    expect(backup.rpoMinutes).toBeLessThanOrEqual(24 * 60);
  });

  test("NS-B1: the size of the database is watched, and told before it has no room", () => {
    const { query } = monitor(`${service}-verify-database-size`);
    const [, limit] =
      /:plinth\.backup\.database_bytes\{env:production,service:\w+\} > (\d+)$/.exec(
        String(query),
      ) ?? [];
    const scratch = Number.parseInt(backup.scratchSize, 10) * 2 ** 30;
    expect(backup.scratchSize).toMatch(/^\d+Gi$/);
    expect(Number(limit)).toBe(Math.floor(scratch * 0.8));
  });

  test("TS-B1: people are told when a dump is not in the other region", () => {
    expect(cronJob(`${service}-verify`)).toMatchObject(
      running("verify.sh", { REPLICA_REGION: "eu-west-1" }),
    );
    expect(monitor(`${service}-verify-backup-unreplicated`)["query"]).toMatch(
      /^max\(last_\d+m\):max:plinth\.backup\.unreplicated\{.*\} > 0$/,
    );
  });
});

test("E9-B2: the files of every volume are copied once a day, and what was deleted is kept for 30 days", () => {
  const { rules } = inVault(
    "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "backups-lifecycle",
  );
  expect(rules).toContainEqual(
    expect.objectContaining({
      filter: { prefix: "files/api/uploads/current/" },
      noncurrentVersionExpiration: { noncurrentDays: 30 },
    }),
  );
  const copies = recorded.filter(
    ({ type, inputs }) =>
      type.endsWith(":CronJob") && JSON.stringify(inputs).includes("copy-files.sh"),
  );
  expect(copies.map(({ inputs }) => inputs["spec"])).toEqual([
    expect.objectContaining({ schedule: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as unknown }),
  ]);
});

test("TS-B1: people are told when copied files are not in the other region", () => {
  const job = JSON.stringify(cronJob("api-files-uploads"));
  expect(job).toContain('{"name":"REPLICA_REGION","value":"eu-west-1"}');
  expect(monitor("api-files-uploads-unreplicated")["query"]).toMatch(
    /^max\(last_1500m\):max:plinth\.files\.unreplicated\{.*,files:api\/uploads\} > 0$/,
  );
});

test("TS-B1: everything in the vault is copied to another region, locked and encrypted there, too", () => {
  const { rules } = inVault(
    "bucketReplicationConfig:BucketReplicationConfig",
    "backups-replication",
  );
  expect(rules).toEqual([expect.objectContaining({ status: "Enabled", filter: { prefix: "" } })]);
  const replica = only(recorded, "aws:s3/bucket:Bucket", "backups-replica");
  expect(replica).toMatchObject({ provider: "aws-replica", protect: true });
  const lock = inVault(
    "bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "backups-replica-lock",
  );
  expect(lock["rule"]).toMatchObject({ defaultRetention: { mode: "GOVERNANCE" } });
  const encryption = inVault(
    "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "backups-replica-encryption",
  );
  expect(encryption["rules"]).toMatchObject([
    { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } },
  ]);
});
