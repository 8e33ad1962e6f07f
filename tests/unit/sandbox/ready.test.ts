import { status } from "@grpc/grpc-js";
import { type Sandbox, startSandbox, withCloud } from "../../../sandbox/client";
import { temporaryDirectory, tidy } from "../../support/cloud";
import { changed, deployment } from "../../support/kubernetes-rules";
import { ProviderClient } from "../../support/provider-client";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const config = { metadata: { name: "config", namespace: "default" }, data: {} };
const waiting = changed(deployment, {
  "metadata.namespace": "default",
  "spec.template.spec.containers[0].envFrom": [{ configMapRef: { name: "config" } }],
});

let sandbox: Sandbox;
let client: ProviderClient;

beforeEach(async () => {
  sandbox = await startSandbox({ directory: temporaryDirectory() });
  client = await ProviderClient.connect(sandbox.port, "kubernetes", {});
});

afterEach(async () => {
  client.close();
  await sandbox.stop();
  tidy();
});

test("an object that waits for another becomes ready as soon as that is there", async () => {
  const create = client.create(DEPLOYMENT, "api", waiting);
  await client.create("kubernetes:core/v1:ConfigMap", "config", config);
  await expect(create).resolves.toMatchObject({ id: "default/api" });
});

test("an object that waits for nothing that comes fails, and is there all the same", async () => {
  await expect(client.create(DEPLOYMENT, "api", waiting)).rejects.toThrow(
    "failed to fully initialize or become live: 'api' timed out waiting to be Ready",
  );
  const ids = await withCloud(sandbox.directory, ({ cloud }) =>
    cloud.list(DEPLOYMENT).map(({ id }) => id),
  );
  expect(ids).toEqual(["default/api"]);
});

test("an object that waits is given up when the engine cancels", async () => {
  const [create] = await Promise.allSettled([
    client.create(DEPLOYMENT, "api", waiting),
    client.cancel(),
  ]);
  expect(create).toMatchObject({ status: "rejected", reason: { code: status.CANCELLED } });
});
