import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { withCloud } from "../../sandbox/client";
import { expectConverged } from "../support/converged";
import { Workbench } from "../support/engine";
import { kill, until } from "../support/engine-run";
import { labelOf } from "../support/outcome";
import { stagingTree } from "../support/stack-tree";

/** Every object that the stack declares in the cloud. */
const declared = stagingTree
  .split("\n")
  .map((line) => line.trim())
  .filter((label) => !/^(?:pulumi|plinth):/.test(label))
  .sort();

/** Staging on a cloud of its own. */
async function stagingBench(): Promise<Workbench> {
  const workbench = await Workbench.start();
  await workbench.init("staging");
  return workbench;
}

interface PendingOperation {
  readonly type: string;
  readonly resource: { readonly urn: string; readonly parent?: string };
}

/** What the engine was about to make, as its state says. */
async function pendingCreates(workbench: Workbench): Promise<PendingOperation["resource"][]> {
  // The engine's own format.
  const { deployment } = JSON.parse(await workbench.exportState("staging")) as {
    deployment: { pending_operations?: PendingOperation[] };
  };
  return (deployment.pending_operations ?? []).map(({ resource }) => resource);
}

/** What a person does about creates that were under way: imports what the cloud has, and forgets them. */
async function settle(workbench: Workbench): Promise<void> {
  const records = await workbench.sandbox.resources();
  const made = (await pendingCreates(workbench)).flatMap(({ urn, parent = "" }) => {
    const record = records.find((one) => one.urn === urn);
    return record === undefined ? [] : { label: labelOf(urn), id: record.id, parent };
  });
  const cleared = await workbench.refresh("staging", "--clear-pending-creates");
  expect(cleared).toMatchObject({ code: 0, errors: [] });
  await workbench.import("staging", made);
  expect(await pendingCreates(workbench)).toEqual([]);
}

describe("an engine that is killed", () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await stagingBench();
  });
  afterAll(() => workbench.stop());

  /** What it was making when it was killed: an object with a name, and one that is given its id. */
  const underWay = ["aws:s3/bucket:Bucket backups", "aws:kms/key:Key secrets"];

  test("takes its program with it, and leaves a readable state and a lock that says who held it", async () => {
    for (const label of underWay) {
      const [match, resource] = label.split(" ");
      const slow = { kind: "delay", latencyMs: 3000 } as const;
      await workbench.sandbox.fault({ match, resource, operation: "create", ...slow });
    }
    const run = workbench.start(["up", "--yes", "--skip-preview", "--stack", "staging"]);
    await until(() =>
      withCloud(workbench.sandbox.directory, ({ cloud, faults }) =>
        faults.listFaults(cloud).every(({ seen }) => seen > 0),
      ),
    );
    await kill(run);
    await until(
      () =>
        !execFileSync("ps", ["-eo", "args"]).includes(`--root-directory ${workbench.directory}`),
    );
    // What the backend writes in place could be half-written.
    const kept = readdirSync(workbench.directory, { recursive: true }).map(String);
    expect(kept.filter((file) => file.endsWith(".attrs"))).toEqual([]);
    const locked = await workbench.up("staging");
    expect(locked.code).not.toBe(0);
    expect(locked.output).toMatch(/currently locked by 1 lock.*pulumi cancel.*\(pid \d+\)/s);
  });

  test("leaves a stack that is taken up again with every object once", async () => {
    await workbench.sandbox.clearFaults();
    await until(async () => {
      const objects = await workbench.objects();
      return underWay.every((label) => objects.includes(label));
    });
    await workbench.succeed(["cancel", "--yes", "--stack", "staging"]);
    expect((await pendingCreates(workbench)).map(({ urn }) => labelOf(urn))).toEqual(
      expect.arrayContaining(underWay),
    );
    await settle(workbench);
    expect(await workbench.up("staging")).toMatchObject({ code: 0, errors: [] });
    await expectConverged(workbench, "staging");
  });
});

describe("a cloud that dies", () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await stagingBench();
  });
  // Whatever came of the test: an engine that waits for its cloud would hold up the run.
  afterAll(() => workbench.stop());

  test("fails the update under way, which the next one completes", async () => {
    // Nothing else waits for a dashboard.
    const hanging = "datadog:index/dashboard:Dashboard";
    await workbench.sandbox.fault({ match: hanging, operation: "create", kind: "hang", times: 0 });
    const run = workbench.start(["up", "--yes", "--skip-preview", "--stack", "staging"]);
    const rest = declared.filter((label) => !label.startsWith(hanging));
    await until(async () => (await workbench.objects()).length === rest.length);
    expect(await workbench.objects()).toEqual(rest);
    await workbench.sandbox.stop("SIGKILL");
    expect((await run.outcome).failed).toEqual(
      expect.arrayContaining([`${hanging} api-dashboard`, `${hanging} jobs-dashboard`]),
    );

    await workbench.startSandbox();
    await workbench.sandbox.clearFaults();
    expect(await workbench.up("staging")).toMatchObject({ code: 0, errors: [] });
    await expectConverged(workbench, "staging");
    expect(await workbench.objects()).toEqual(declared);
  });
});
