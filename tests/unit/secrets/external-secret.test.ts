import { externalSecretSpec, secretStoreSpec } from "../../../components/secrets/external-secret";
import { checkInputs } from "../../../sandbox/schema";

const spec = externalSecretSpec("secrets-manager", [
  { variable: "SESSION_KEY", entryName: "plinth/test/api/session-key" },
]);

describe("the spec of an ExternalSecret", () => {
  test("is what the operator's published schema takes", () => {
    const apiVersion = "external-secrets.io/v1";
    const object = { apiVersion, kind: "ExternalSecret", metadata: { name: "api" }, spec };
    expect(checkInputs(`kubernetes:${apiVersion}:ExternalSecret`, object)).toEqual([]);
  });

  test("CB-W6: brings a changed value within five minutes", () => {
    expect(spec.refreshInterval).toBe("5m");
  });

  test("keeps the Kubernetes Secret while the ExternalSecret stands, even when an entry is gone", () => {
    expect(spec.target).toEqual({ creationPolicy: "Owner", deletionPolicy: "Retain" });
  });
});

test("the spec of a SecretStore is what the operator's published schema takes", () => {
  const apiVersion = "external-secrets.io/v1";
  const metadata = { name: "api" };
  const store = { kind: "SecretStore", metadata, spec: secretStoreSpec("eu-central-1", "api") };
  const object = { apiVersion, ...store };
  expect(checkInputs(`kubernetes:${apiVersion}:SecretStore`, object)).toEqual([]);
});
