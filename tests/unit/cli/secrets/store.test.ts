import { SecretStore } from "../../../../cli/secrets/store";
import type { DeclaredEntry } from "../../../../cli/secrets/catalogue";

const environment = { ...process.env };

afterEach(() => {
  process.env = { ...environment };
});

test("that Secrets Manager can't be asked says of which account and region, and how to sign in", async () => {
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nowhere",
    AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
  });
  for (const name of ["AWS_PROFILE", "AWS_ACCESS_KEY_ID"])
    Reflect.deleteProperty(process.env, name);
  const store = await SecretStore.open({ accountId: "111122223333", region: "eu-central-1" });
  const entry = { name: "shop/staging/api/jwt" } as DeclaredEntry; // all that is read of it
  await expect(store.facts(entry)).rejects.toThrow(
    /^Secrets Manager of 111122223333 in eu-central-1 can't be asked: .+ \(sign in as for AWS's command line, such as by AWS_PROFILE\)$/,
  );
});
