import { parse } from "yaml";
import { declaredResources, previewErrors } from "../../../cli/render/declared";
import { renderedFiles } from "../../../cli/render/files";

const sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urn = (type: string, name: string) => `urn:pulumi:staging::shop::${type}::${name}`;

function previewOf(
  ...steps: { op?: string; type: string; name: string; inputs?: object }[]
): string {
  return JSON.stringify({
    steps: steps.map(({ op = "create", type, name, inputs = {} }) => ({
      op,
      urn: urn(type, name),
      newState: { urn: urn(type, name), type, inputs },
    })),
  });
}

const deployment = (inputs: object) => ({
  type: "kubernetes:apps/v1:Deployment",
  name: "api",
  inputs: { apiVersion: "apps/v1", kind: "Deployment", ...inputs },
});

describe("declared resources", () => {
  it("carry what the engine recorded of them", () => {
    const state = {
      urn: urn("aws:s3/bucket:Bucket", "backups"),
      type: "aws:s3/bucket:Bucket",
      parent: urn("shop:Vault", "vault"),
      provider: `${urn("pulumi:providers:aws", "aws")}::${sentinel}`,
      inputs: { tags: { b: "2", a: "1" }, bucket: "shop-backups", __defaults: [] },
      dependencies: ["urn:b", "urn:a"],
      protect: true,
    };
    const preview = JSON.stringify({ steps: [{ op: "same", urn: state.urn, newState: state }] });
    expect(declaredResources(preview)).toEqual([
      {
        urn: state.urn,
        type: state.type,
        name: "backups",
        parent: state.parent,
        provider: urn("pulumi:providers:aws", "aws"),
        inputs: { bucket: "shop-backups", tags: { a: "1", b: "2" } },
        dependencies: ["urn:a", "urn:b"],
        protect: true,
      },
    ]);
  });

  it("read unknown where the preview does not know, wherever that stands", () => {
    const inputs = { name: sentinel, list: [`arn:${sentinel}`, { deep: sentinel }], port: 1 };
    const [resource] = declaredResources(previewOf({ type: "t", name: "n", inputs }));
    expect(resource?.inputs).toEqual({
      list: ["[unknown]", { deep: "[unknown]" }],
      name: "[unknown]",
      port: 1,
    });
  });

  it("read unknown for a name that the provider only guesses, and wherever that is used", () => {
    const config = { metadata: { name: "api-config-247fb9f2" } };
    const resources = declaredResources(
      previewOf(
        { type: "kubernetes:core/v1:ConfigMap", name: "api-config", inputs: config },
        deployment({ spec: { configMap: "api-config-247fb9f2" } }),
      ),
    );
    expect(JSON.stringify(resources)).not.toContain("247fb9f2");
  });

  it("read unknown for a guessed name under whatever key the provider keeps it", () => {
    const inputs = { replicationGroupId: "cache-94e149d", kept: "cache-main" };
    const step = {
      type: "aws:elasticache/replicationGroup:ReplicationGroup",
      name: "cache",
      inputs,
    };
    const [server] = declaredResources(previewOf(step));
    expect(server?.inputs).toEqual({ replicationGroupId: "[unknown]", kept: "cache-main" });
  });

  it("keep the name of what exists", () => {
    const inputs = { metadata: { name: "api-config-247fb9f2" } };
    const step = { op: "same", type: "t", name: "api-config", inputs };
    expect(declaredResources(previewOf(step))[0]?.inputs).toEqual(inputs);
  });

  it("leave out what is only deleted", () => {
    const preview = JSON.stringify({ steps: [{ op: "delete", urn: "urn:x", oldState: {} }] });
    expect(declaredResources(preview)).toEqual([]);
  });
});

describe("a rendered stack", () => {
  it("has the list of resources, a manifest per object and a file per policy document", () => {
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    const resources = declaredResources(
      previewOf(
        deployment({ metadata: { name: "api", annotations: { "pulumi.com/autonamed": "true" } } }),
        { type: "aws:iam/rolePolicy:RolePolicy", name: "deploy", inputs: { policy } },
        { type: "plinth:workload:Workload", name: "api" },
      ),
    );
    const files = new Map(renderedFiles(resources).map(({ path, text }) => [path, text]));
    expect([...files.keys()].sort()).toEqual([
      "iam/deploy.rolepolicy.json",
      "manifests/deployment-api.yaml",
      "resources.json",
    ]);
    expect(files.get("manifests/deployment-api.yaml")).toBe(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations: {}\n  name: api\n",
    );
    expect(files.get("iam/deploy.rolepolicy.json")).toBe(
      `${JSON.stringify({ Version: "2012-10-17", Statement: [] }, null, 2)}\n`,
    );
  });

  it("keep text text for readers of YAML 1.1, as those of Kubernetes are", () => {
    const spec = { header: "off", mode: "0444", answer: "yes", count: 2, isOn: true };
    const [, manifest] = renderedFiles(declaredResources(previewOf(deployment({ spec }))));
    const read: unknown = parse(manifest?.text ?? "", { version: "1.1" });
    expect(read).toMatchObject({ spec });
  });

  it("has both files of two objects with one name", () => {
    const [one, two] = [deployment({ spec: 1 }), deployment({ spec: 2 })];
    const resources = [one, two].flatMap((step) => declaredResources(previewOf(step)));
    expect(renderedFiles(resources).map(({ path }) => path)).toEqual([
      "resources.json",
      "manifests/deployment-api.yaml",
      "manifests/deployment-api-2.yaml",
    ]);
  });

  it("keeps its files below the folder whatever a resource is called", () => {
    const step = { ...deployment({}), name: "../../x y" };
    const paths = renderedFiles(declaredResources(previewOf(step))).map(({ path }) => path);
    expect(paths).toEqual(["resources.json", "manifests/deployment-.._.._x_y.yaml"]);
  });
});

describe("a preview that failed", () => {
  it("tells its errors", () => {
    const diagnostics = [
      { severity: "info", message: "loading" },
      { severity: "error", message: "error: it broke\n" },
    ];
    expect(previewErrors(JSON.stringify({ diagnostics }))).toBe("error: it broke\n");
  });

  it("shows what it printed, where that is no JSON", () => {
    expect(previewErrors("panic")).toBe("panic");
  });
});
