import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { Workbench } from "../support/engine";
import { loadBalancerArn } from "../support/captcha-settings";
import { touched } from "../support/outcome";
import { captchaFor } from "../support/web-acl";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
  await workbench.succeed(["up", "--yes", "--skip-preview", "--stack", "staging"]);
});
afterAll(() => workbench.stop());

type Tree = Readonly<Record<string, unknown>>;

/** A value in a file of the project. */
function valueIn(file: string, path: readonly string[]): Tree {
  const root: unknown = parse(readFileSync(join(workbench.directory, file), "utf8"));
  return path.reduce((tree, key) => (tree as Tree)[key], root) as Tree; // as written there
}

/** Gives a service another name everywhere, with what it was called. */
function rename(from: string, to: string): void {
  const service = valueIn("Pulumi.yaml", ["config", "services", "default", from]);
  const overrides = valueIn("Pulumi.staging.yaml", ["config", "plinth:overrides", from]);
  workbench.catalogue([from], undefined);
  workbench.catalogue([to], { ...service, formerName: from });
  workbench.override("staging", [from], undefined);
  workbench.override("staging", [to], overrides);
}

/** What must never be made anew: what people wrote, and what history hangs on. */
const kept =
  /^(aws:(secretsmanager|s3|kms|elasticache|iam)|sentry|datadog)|PersistentVolumeClaim|HTTPRoute|ListenerSet|Certificate/;

/** Ids of such objects in the cloud. */
async function keptIds(): Promise<string[]> {
  const records = await workbench.sandbox.resources();
  return records.filter(({ type }) => kept.test(type)).map(({ type, id }) => `${type} ${id}`);
}

test("CB-W7: a renamed service keeps its data, its route and its history, and new pods stand before the old ones go", async () => {
  const ids = await keptIds();
  const before = (await workbench.sandbox.history()).length;
  rename("api", "shop");
  const outcome = await workbench.up("staging");
  expect(outcome.errors).toEqual([]);
  const anew = touched(outcome).filter((line) => !line.startsWith("update"));
  expect(anew.filter((line) => kept.test(line.split(" ")[1] ?? ""))).toEqual([]);
  expect((await keptIds()).sort()).toEqual(ids.sort());
  expect(anew).toContain("replace kubernetes:apps/v1:Deployment shop");

  const order = await workbench.historySince(before);
  const at = (line: string) => {
    expect(order).toContain(line);
    return order.indexOf(line);
  };
  // An object that is updated goes by its first name in the cloud's history.
  const route = at("update kubernetes:gateway.networking.k8s.io/v1:HTTPRoute api");
  expect(at("create kubernetes:apps/v1:Deployment shop")).toBeLessThan(route);
  expect(at("create kubernetes:core/v1:Service shop-service")).toBeLessThan(route);
  const gone = order.findIndex((line) => /^delete .*(Deployment|core\/v1:Service) /.test(line));
  expect(route).toBeLessThan(gone);
  expect(touched(await workbench.up("staging"))).toEqual([]);
});

test("a worker that comes to take requests is reached, and its pods are updated in place", async () => {
  workbench.catalogue(["jobs", "kind"], "http");
  const lines = touched(await workbench.up("staging"));
  expect(lines).toEqual([
    "create datadog:index/monitor:Monitor jobs-error-rate",
    "create datadog:index/monitor:Monitor jobs-latency",
    "create kubernetes:core/v1:Service jobs-service",
    "update datadog:index/dashboard:Dashboard jobs-dashboard",
    "update datadog:index/monitor:Monitor jobs-no-ready-pod",
    "update kubernetes:networking.k8s.io/v1:NetworkPolicy jobs-network-policy",
  ]);
  workbench.catalogue(["jobs", "kind"], "worker");
  const back = touched(await workbench.up("staging"));
  expect(back).toEqual(lines.map((line) => line.replace("create", "delete")).sort());
});

test.each([
  [
    "a service account that stood beside the pods before it had a role",
    {
      label: "kubernetes:core/v1:ServiceAccount jobs-service-account",
      now: "access:ServiceAccess",
    },
    { parent: "plinth:workload:Workload jobs", then: "workload:Workload" },
  ],
  [
    "a pipeline's role that belonged to its environment",
    { label: "aws:iam/role:Role delivery-role", now: "delivery:PipelineRole" },
    {
      parent: "plinth:delivery:DeliveryEnvironment delivery",
      then: "delivery:DeliveryEnvironment",
    },
  ],
])("%s is found again", async (_, { label, now }, { parent, then }) => {
  const urn = await workbench.urnOf("staging", label);
  const former = urn.replace(`plinth:${now}$`, `plinth:${then}$`);
  expect(former).not.toBe(urn);
  await putUnder(await workbench.urnOf("staging", parent), { urn, former });
  expect(await workbench.urnOf("staging", label)).toBe(former);

  expect(touched(await workbench.up("staging"))).toEqual([]);
  expect(await workbench.urnOf("staging", label)).toBe(urn);
});

/** Rewrites the state as though a resource had been made under another parent. */
async function putUnder(parent: string, { urn, former }: Record<"urn" | "former", string>) {
  const text = await workbench.exportState("staging");
  // The engine's own format.
  const state = JSON.parse(text.replaceAll(JSON.stringify(urn), JSON.stringify(former))) as {
    deployment: { resources: Record<string, unknown>[] };
  };
  const { resources } = state.deployment;
  const at = (of: string) => resources.findIndex((resource) => resource["urn"] === of);
  resources[at(former)] = { ...resources[at(former)], parent };
  if (at(parent) > at(former)) {
    const [moved] = resources.splice(at(parent), 1);
    resources.splice(at(former), 0, { ...moved, dependencies: [], propertyDependencies: {} });
  }
  workbench.write("former.json", JSON.stringify(state));
  await workbench.succeed(["stack", "import", "--file", "former.json", "--stack", "staging"]);
}

test("NS-W4: a CAPTCHA is declared where a service asks for one, and goes with the wish", async () => {
  const gateway = ["config", "plinth:cluster", "provides", "gateway", "loadBalancerArn"];
  workbench.set("Pulumi.staging.yaml", gateway, loadBalancerArn);
  workbench.override("staging", ["shop", "edge"], { captcha: { paths: ["/auth/register"] } });
  const lines = [
    "aws:wafv2/webAcl:WebAcl captcha",
    "aws:wafv2/webAclAssociation:WebAclAssociation captcha-association",
  ];
  expect(touched(await workbench.up("staging"))).toEqual(lines.map((line) => `create ${line}`));
  const [acl] = await workbench.sandbox.resources("aws:wafv2/webAcl:WebAcl");
  const rules = acl?.state["rules"];
  const request = { host: "shop.staging.acme.example", path: "/auth/register" };
  expect(captchaFor(rules, request)).toBe("shop");
  expect(captchaFor(rules, { ...request, path: "/" })).toBeUndefined();

  workbench.override("staging", ["shop", "edge"], undefined);
  expect(touched(await workbench.up("staging"))).toEqual(lines.map((line) => `delete ${line}`));
});
