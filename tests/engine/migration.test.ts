import { Workbench } from "../support/engine";
import { labelOf, touched, type Outcome } from "../support/outcome";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
  await workbench.up("staging");
});
afterAll(() => workbench.stop());

const job = "kubernetes:batch/v1:Job";
const dump = `${job} api-safety-dump`;
const migration = `${job} api-migration`;
const variables = "kubernetes:core/v1:ConfigMap api-config";
const pods = "kubernetes:apps/v1:Deployment api";

const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

/** Sets the image of the service. */
function release(digit: string): void {
  workbench.override("staging", ["api", "image", "digest"], digestOf(digit));
}

/** An update and what it changed in the cloud, as `operation type name`. */
async function update(): Promise<Outcome & { readonly history: readonly string[] }> {
  const before = (await workbench.sandbox.history()).length;
  const outcome = await workbench.up("staging");
  return { ...outcome, history: await workbench.historySince(before) };
}

/** Lets a job fail as it is created, once. */
const failing = (resource: string) =>
  workbench.sandbox.fault({
    ...{ match: job, resource, operation: "create", kind: "partial" },
    message: "Job has reached the specified backoff limit",
  });

/** Images of the program that the cloud holds, by what they are for, and how many dumps there are. */
async function running() {
  const found = await workbench.sandbox.resources();
  const of = (label: string) => found.filter(({ urn }) => labelOf(urn) === label);
  const images = (label: string) =>
    of(label).map(
      ({ state }) => /"image":"ghcr\.io[^"]*@([^"]*)"/.exec(JSON.stringify(state))?.[1],
    );
  return { dumps: of(dump).length, migrations: images(migration), pods: images(pods) };
}

test("a new image: a dump first, then the migration, then the pods; the last jobs go in the end", async () => {
  release("a");
  const { code, history } = await update();
  expect(code).toBe(0);
  expect(history.slice(0, 3)).toEqual([`create ${dump}`, `create ${migration}`, `update ${pods}`]);
  expect(history.slice(3).sort()).toEqual([`delete ${migration}`, `delete ${dump}`]);
  const image = digestOf("a");
  expect(await running()).toEqual({ dumps: 1, migrations: [image], pods: [image] });
});

test("new variables, sizes and times of the same image run no job", async () => {
  workbench.override("staging", ["api", "environment", "LOG_LEVEL"], "warn");
  workbench.override("staging", ["api", "resources", "memory", "limit"], "768Mi");
  workbench.override("staging", ["api", "database", "migration", "timeoutMinutes"], 30);
  workbench.override("staging", ["api", "database", "backup", "rpoMinutes"], 720);
  const outcome = await update();
  expect(outcome.code).toBe(0);
  expect(outcome.history.filter((line) => line.includes(job))).toEqual([]);
  expect(touched(outcome)).toContain(`update ${pods}`);
});

test("a dump that fails: nothing is migrated, pods and variables stay", async () => {
  release("b");
  workbench.override("staging", ["api", "environment", "LOG_LEVEL"], "info");
  await failing("api-safety-dump");
  const { code, errors, history } = await update();
  expect(code).not.toBe(0);
  expect(errors.join()).toContain("Job has reached the specified backoff limit");
  expect(
    history.filter((line) => [migration, pods, variables].some((one) => line.endsWith(one))),
  ).toEqual([]);
  const last = digestOf("a");
  expect(await running()).toMatchObject({ migrations: [last], pods: [last] });
});

test("a migration that fails: the dump is there, pods and variables stay", async () => {
  await failing("api-migration");
  const { code, errors, history } = await update();
  expect(code).not.toBe(0);
  expect(errors.join()).toContain("Job has reached the specified backoff limit");
  expect(history).toContain(`create ${dump}`);
  expect(history.filter((line) => [pods, variables].some((one) => line.endsWith(one)))).toEqual([]);
  expect(await running()).toMatchObject({ pods: [digestOf("a")] });
});

test("a preview says that the failed migration will run again, and that the dump stands", async () => {
  const outcome = await workbench.preview("staging");
  expect(touched(outcome)).toContain(`replace ${migration}`);
  expect(touched(outcome)).not.toContain(`replace ${dump}`);
});

test("the next update runs the failed migration again, then the pods follow, and no failed job is left", async () => {
  const { code, history } = await update();
  expect(code).toBe(0);
  const order = [`create ${migration}`, `create ${variables}`, `update ${pods}`];
  expect(history.filter((line) => order.includes(line))).toEqual(order);
  const image = digestOf("b");
  expect(await running()).toEqual({ dumps: 1, migrations: [image], pods: [image] });
  expect(Object.keys((await workbench.up("staging")).changes)).toEqual(["same"]);
});

test("a rollback that holds the migration at its last image runs no job", async () => {
  workbench.override("staging", ["api", "database", "migration", "digest"], digestOf("b"));
  release("a");
  const { code, history } = await update();
  expect(code).toBe(0);
  expect(history.filter((line) => line.startsWith(`create ${job}`))).toEqual([]);
  expect(await running()).toMatchObject({ migrations: [digestOf("b")], pods: [digestOf("a")] });
});
