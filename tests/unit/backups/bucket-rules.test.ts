import * as fc from "fast-check";
import { bucketPolicy, dumpPrefix, lifecycleRules } from "../../../components/backups/bucket-rules";
import { valueOf } from "../../support/value-of";

const slug = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);
const database = fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/);

test("a database's prefix covers no other database's dumps", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(slug, database), { minLength: 2, maxLength: 2 }),
      (pair) => {
        const [one = "", other = ""] = [...new Set(pair.map((names) => dumpPrefix(...names)))];
        return other === "" || !(one.startsWith(other) || other.startsWith(one));
      },
    ),
  );
});

describe("the lifecycle of the vault", () => {
  test("SA-B2: removes each database's dumps after its own days, and what they leave a day later", () => {
    const dumps = { "postgresql/api/app/": 30, "postgresql/jobs/queue/": 7 };
    const kept = ([prefix, days]: [string, number]) => ({
      id: `keep ${prefix}`,
      status: "Enabled",
      filter: { prefix },
      expiration: { days },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    });
    expect(lifecycleRules({ dumps, files: {} })).toEqual([
      ...Object.entries(dumps).map(kept),
      {
        id: "remove remains",
        status: "Enabled",
        filter: {},
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
  });

  test("E9-B2: keeps files, and what was deleted or changed for its days", () => {
    const rules = lifecycleRules({ dumps: {}, files: { "files/cvs/": 30 } });
    expect(rules.slice(0, 2)).toEqual([
      {
        id: "keep files/cvs/summaries/",
        status: "Enabled",
        filter: { prefix: "files/cvs/summaries/" },
        expiration: { days: 30 },
        noncurrentVersionExpiration: { noncurrentDays: 1 },
      },
      {
        id: "keep what was in files/cvs/",
        status: "Enabled",
        filter: { prefix: "files/cvs/current/" },
        expiration: { expiredObjectDeleteMarker: true },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
      },
    ]);
  });

  test("E9-B2: no other rule takes a file's versions sooner: of two S3 follows the shorter one", () => {
    const rules = lifecycleRules({ dumps: { "postgresql/a/b/": 1 }, files: { "files/cvs/": 30 } });
    const touching = rules.filter(
      ({ filter, noncurrentVersionExpiration }) =>
        noncurrentVersionExpiration !== undefined &&
        "files/cvs/current/a".startsWith(prefixOf(filter)),
    );
    expect(touching.map(({ id }) => id)).toEqual(["keep what was in files/cvs/"]);
  });
});

/** The prefix of a rule's filter; a filter without one covers everything. */
function prefixOf(filter: unknown): string {
  const { prefix } = filter as { prefix?: string }; // as the builder writes it
  return prefix ?? "";
}

describe("the policy of the vault's bucket", () => {
  test("refuses without granting, so that it locks nobody out and lets nobody in", () => {
    expect(bucketPolicy("vault").map(({ Effect, Principal }) => [Effect, Principal])).toEqual([
      ["Deny", "*"],
      ["Deny", "*"],
      ["Deny", "*"],
    ]);
  });

  test.each([
    { rule: "plain transport", condition: { Bool: { "aws:SecureTransport": "false" } } },
    { rule: "TLS before 1.2", condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    {
      rule: "an upload that chooses its own encryption",
      condition: { Null: { "s3:x-amz-server-side-encryption": "false" } },
    },
  ])("refuses $rule", ({ condition }) => {
    expect(bucketPolicy("vault").map(({ Condition }) => Condition)).toContainEqual(condition);
  });

  test("covers the bucket and its objects, and no other bucket", async () => {
    const resources = bucketPolicy("vault").map(({ Resource }) => Resource);
    expect(await valueOf(resources)).toEqual([
      ["arn:aws:s3:::vault", "arn:aws:s3:::vault/*"],
      ["arn:aws:s3:::vault", "arn:aws:s3:::vault/*"],
      "arn:aws:s3:::vault/*",
    ]);
  });
});
