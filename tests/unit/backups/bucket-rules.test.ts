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
  test("SA-B2: removes each database's dumps after its own days, and remains soon after", () => {
    expect(lifecycleRules({ "postgresql/api/app/": 30, "postgresql/jobs/queue/": 7 })).toEqual([
      {
        id: "keep postgresql/api/app/",
        status: "Enabled",
        filter: { prefix: "postgresql/api/app/" },
        expiration: { days: 30 },
      },
      {
        id: "keep postgresql/jobs/queue/",
        status: "Enabled",
        filter: { prefix: "postgresql/jobs/queue/" },
        expiration: { days: 7 },
      },
      {
        id: "remove remains",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: 1 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
  });
});

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
