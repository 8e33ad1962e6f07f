import { externalSecretSpec } from "../../../components/secrets/external-secret";
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

  test("brings a changed value within an hour", () => {
    expect(spec.refreshInterval).toBe("1h");
  });

  test("keeps the Kubernetes Secret while the ExternalSecret stands, even when an entry is gone", () => {
    expect(spec.target).toEqual({ creationPolicy: "Owner", deletionPolicy: "Retain" });
  });
});
