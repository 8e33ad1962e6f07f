import { once } from "node:events";
import { readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { DeclaredResource } from "../../cli/render/declared";
import { repositoryDirectory } from "../../toolchain/engine.mjs";
import { CommandBench } from "../support/command";

const bench = new CommandBench();
const stagingFile = bench.read("Pulumi.staging.yaml");
const launcher = join(repositoryDirectory, "bin", "plinth.mjs");

afterAll(() => {
  bench.remove();
});

/** What a stack declares, by `plinth render`. */
async function rendered(stack: string): Promise<DeclaredResource[]> {
  await bench.plinth("render", stack, "--out", `out-${stack}`);
  // `render` writes exactly this type.
  return JSON.parse(bench.read(`out-${stack}/resources.json`)) as DeclaredResource[];
}

describe("a stack that is wrong", () => {
  it("is refused by settings and preview alike, with exit code 1", async () => {
    bench.write("Pulumi.staging.yaml", stagingFile.replace("plinth:tier", "plinth:teir"));
    const problem = "Pulumi.staging.yaml: plinth:teir: unknown key;";
    const settings = await bench.plinth("settings", "staging");
    const preview = await bench.plinth("preview", "staging");
    bench.write("Pulumi.staging.yaml", stagingFile);
    expect([settings.code, preview.code]).toEqual([1, 1]);
    expect(settings.err).toContain(problem);
    expect(preview.out).toContain(problem);
  });
});

describe("a stack as files", () => {
  let resources: DeclaredResource[] = [];

  beforeAll(async () => {
    resources = await rendered("staging");
  });

  it("shows components with what belongs to them, and the provider of each resource", () => {
    const deployment = resources.find(
      ({ type, name }) => type === "kubernetes:apps/v1:Deployment" && name === "api",
    );
    const parent = resources.find(({ urn }) => urn === deployment?.parent);
    expect(parent?.type).toBe("plinth:workload:Workload");
    expect(deployment?.provider).toMatch(/::pulumi:providers:kubernetes::kubernetes$/);
    expect(deployment?.dependencies).not.toEqual([]);
  });

  it("shows secrets masked and what is not known as unknown", () => {
    const versions = resources.filter(({ type }) => type.endsWith(":SecretVersion"));
    const values = new Set(versions.map(({ inputs }) => inputs["secretString"]));
    expect(values).toEqual(new Set(["[secret]"]));
    expect(new Set(versions.map(({ inputs }) => inputs["secretId"]))).toEqual(
      new Set(["[unknown]"]),
    );
  });

  it("shows what is protected", () => {
    const bucket = resources.find(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(bucket?.protect).toBe(true);
  });

  it("has an object of Kubernetes in each manifest", () => {
    const folder = "out-staging/manifests";
    const files = readdirSync(join(bench.directory, folder));
    const kinds = files.map((file) => parseDocument(bench.read(`${folder}/${file}`)).get("kind"));
    const declared = resources.filter(({ type }) => /^kubernetes:.*\/v/.test(type));
    expect(kinds.sort()).toEqual(declared.map(({ inputs }) => inputs["kind"]).sort());
  });

  it("is the same at every rendering", async () => {
    expect(await rendered("staging")).toEqual(resources);
  });
});

describe("a clone", () => {
  it("stands beside the stack that it is like", async () => {
    expect((await bench.plinth("up", "staging")).code).toBe(0);
    const clone = await bench.plinth("clone", "staging", "qa");
    expect(clone.out).toContain("Pulumi.qa.yaml is written and previews well.");
    expect(bench.read("Pulumi.qa.yaml").trimEnd().split("\n").length).toBeLessThanOrEqual(20);
    expect((await bench.plinth("up", "qa")).code).toBe(0);
    expect((await bench.plinth("preview", "qa", "--", "--expect-no-changes")).code).toBe(0);
    expect((await bench.plinth("preview", "staging", "--", "--expect-no-changes")).code).toBe(0);
  });

  it("lists exactly the secrets that are declared without a value and that no function rotates", async () => {
    const listed = await bench.plinth("clone", "staging", "listed", "--json");
    const { secrets } = JSON.parse(listed.out) as { secrets: string[] }; // what `clone --json` prints
    const resources = await rendered("listed");
    const rotating = resources.filter(({ type }) => type.endsWith(":SecretRotation"));
    const seeds = resources.filter(({ type, name, parent }) => {
      const isSeed = type.endsWith(":SecretVersion") && name.endsWith("-seed");
      return isSeed && rotating.every((one) => one.parent !== parent);
    });
    const seeded = seeds.flatMap(({ parent }) =>
      resources.filter((one) => one.parent === parent && one.type.endsWith(":Secret")),
    );
    expect([...secrets].sort()).toEqual(seeded.map(({ inputs }) => inputs["name"]).sort());
  });

  it("takes the name of one that was never brought up, and whose file is gone", async () => {
    unlinkSync(join(bench.directory, "Pulumi.listed.yaml"));
    expect((await bench.plinth("clone", "staging", "listed", "--json")).code).toBe(0);
  });

  it("is refused under the name of another stack, with exit code 2", async () => {
    const again = await bench.plinth("clone", "staging", "qa");
    expect(again).toMatchObject({
      code: 2,
      err: "error: there is a stack qa already: Pulumi.qa.yaml\n",
    });
    const file = bench.read("Pulumi.qa.yaml");
    unlinkSync(join(bench.directory, "Pulumi.qa.yaml"));
    const without = await bench.plinth("clone", "staging", "qa");
    bench.write("Pulumi.qa.yaml", file);
    expect(without).toMatchObject({ code: 2, out: "" });
    expect(without.err).toMatch(/without a file: bring Pulumi.qa.yaml back, or/);
  });
});

describe("the engine itself", () => {
  it("previews a stack on a running sandbox as plinth does", async () => {
    const sandbox = bench.start("sandbox", "start");
    if (sandbox.stdout !== null) await once(sandbox.stdout, "data");
    const attach = `eval "$('${process.execPath}' '${launcher}' sandbox env production)"`;
    const plain = await bench.shell(`${attach} && pulumi preview --stack production --json`);
    const ours = await bench.plinth("preview", "production", "--", "--json");
    sandbox.kill("SIGTERM");
    await once(sandbox, "close");
    const steps = [plain, ours].map(({ out }) => {
      const { steps } = JSON.parse(out) as { steps: { op: string; urn: string }[] }; // the engine's format
      return steps.map(({ op, urn }) => `${op} ${urn}`).sort();
    });
    expect(steps[0]).toEqual(steps[1]);
    expect(steps[0]?.length).toBeGreaterThan(100);
  });

  it("writes nothing into a stack file", () => {
    expect(bench.read("Pulumi.staging.yaml")).toBe(stagingFile);
  });
});

describe("a stack that is destroyed", () => {
  it("is not, where nobody answers and nobody said yes", async () => {
    const { code, err } = await bench.plinth("destroy", "qa");
    expect({ code, err }).toEqual({
      code: 2,
      err: "error: destroy asks before it deletes, and nobody is here to answer: say --yes\n",
    });
  });

  it("keeps its protected data", async () => {
    expect((await bench.plinth("destroy", "qa", "--yes")).code).toBe(0);
    const { out } = await bench.plinth("sandbox", "status", "--json");
    const { objects } = JSON.parse(out) as { objects: { type: string; urn: string }[] }; // what `status --json` prints
    const left = objects.filter(({ urn }) => urn.startsWith("urn:pulumi:qa::"));
    const types = new Set(left.map(({ type }) => type));
    expect(types.has("aws:s3/bucket:Bucket")).toBe(true);
    expect(types.has("kubernetes:apps/v1:Deployment")).toBe(false);
  });
});
