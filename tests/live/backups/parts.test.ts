import { Moto } from "../../support/moto";
import { Postgres } from "../../support/postgres";

describe("the parts that backups are proved on", () => {
  test("are a PostgreSQL that keeps what it has over a crash", async () => {
    const server = await Postgres.start();
    server.sql("CREATE TABLE kept AS SELECT 1 AS one");
    await server.crash();
    await server.resume();
    expect(server.sql("SELECT one FROM kept")).toBe("1");
    expect(Number(server.sql("SHOW server_version_num"))).toBeGreaterThanOrEqual(150_000);
    await server.stop();
  });

  test("are an S3 that locks objects", async () => {
    const moto = await Moto.start();
    const bucket = ["--bucket", "vault"];
    const place = "LocationConstraint=eu-central-1";
    const locked = ["--object-lock-enabled-for-bucket", "--create-bucket-configuration", place];
    moto.aws("s3api", "create-bucket", ...bucket, ...locked);
    const rule = "ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=GOVERNANCE,Days=7}}";
    moto.aws(
      "s3api",
      "put-object-lock-configuration",
      ...bucket,
      "--object-lock-configuration",
      rule,
    );
    const put = moto.aws("s3api", "put-object", ...bucket, "--key", "a", "--query", "VersionId");
    const version = ["--key", "a", "--version-id", String(JSON.parse(put))];
    expect(() => moto.aws("s3api", "delete-object", ...bucket, ...version)).toThrow("AccessDenied");
    await moto.stop();
  });
});
