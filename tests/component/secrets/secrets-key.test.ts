import { SecretsKey } from "../../../components/secrets/secrets-key";
import { identities, only, record } from "../../support/record";
import type { Registration } from "../../support/record";

const recorded = (protect = true, isReplica = false): Promise<Registration[]> =>
  record(
    () =>
      new SecretsKey("secrets", {
        alias: "plinth-test/secrets",
        accountId: "111122223333",
        region: "eu-central-1",
        ...{ isReplica, protect },
      }),
    { "aws:kms/key:Key": () => ({ keyId: "key-1" }) },
  );

describe("the key of the secrets", () => {
  test("is one key with an alias", async () => {
    expect(identities(await recorded())).toEqual([
      "aws:kms/alias:Alias secrets-alias",
      "aws:kms/key:Key secrets",
      "plinth:secrets:SecretsKey secrets",
    ]);
  });

  test("rotates, and can be brought back for 30 days", async () => {
    const { inputs } = only(await recorded(), "aws:kms/key:Key", "secrets");
    expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(inputs["policy"]).toContain(
      '"kms:ViaService":"secretsmanager.eu-central-1.amazonaws.com"',
    );
  });

  test.each([
    [false, false],
    [true, true],
  ])("encrypts copies only where there are some: %s", async (isReplica, expected) => {
    const { inputs } = only(await recorded(true, isReplica), "aws:kms/key:Key", "secrets");
    expect(String(inputs["policy"]).includes('"kms:Encrypt"')).toBe(expected);
  });

  test("is found by its environment's alias", async () => {
    const { inputs } = only(await recorded(), "aws:kms/alias:Alias", "secrets-alias");
    expect(inputs).toEqual({ name: "alias/plinth-test/secrets", targetKeyId: "key-1" });
  });

  test.each([true, false])("is kept on removal as told: %s", async (protect) => {
    const key = only(await recorded(protect), "aws:kms/key:Key", "secrets");
    expect([key.protect, key.retainOnDelete]).toEqual([protect, protect]);
  });
});
