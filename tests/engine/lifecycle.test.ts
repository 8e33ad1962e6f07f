import { Workbench } from "../support/engine";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
});
afterAll(() => workbench.stop());

/** Resources that a stack of the repository's own catalogue holds in staging. */
const all = 141;

test("a preview of an empty cloud declares everything and touches nothing", async () => {
  const { code, changes } = await workbench.preview("staging");
  expect({ code, changes }).toEqual({ code: 0, changes: { create: all } });
  expect(await workbench.sandbox.resources()).toEqual([]);
});

test("an update makes what the preview declared", async () => {
  const { code, changes } = await workbench.up("staging");
  expect({ code, changes }).toEqual({ code: 0, changes: { create: all } });
});

test("a second update changes nothing", async () => {
  const { code, changes } = await workbench.up("staging");
  expect({ code, changes }).toEqual({ code: 0, changes: { same: all } });
});

test("a refresh finds the cloud as it was left", async () => {
  const { code, changes } = await workbench.refresh("staging");
  expect({ code, changes }).toEqual({ code: 0, changes: { same: all } });
});

test("what somebody changed by hand is found and put right", async () => {
  await workbench.sandbox.drift({
    stack: "staging",
    resource: "api-memory",
    set: { message: "Silenced for the weekend." },
  });
  const found = await workbench.refresh("staging");
  expect(found.changes).toEqual({ same: all - 1, update: 1 });
  const repaired = await workbench.up("staging");
  expect(repaired.changes).toEqual({ same: all - 1, update: 1 });
});

test("what somebody deleted by hand is found and made again", async () => {
  await workbench.sandbox.drift({ stack: "staging", resource: "api-autoscaler", delete: true });
  const found = await workbench.refresh("staging");
  expect(found.changes).toEqual({ same: all - 1, delete: 1 });
  const repaired = await workbench.up("staging");
  expect(repaired.changes).toEqual({ same: all - 1, create: 1 });
});

test("the number of replicas is the autoscaler's: an update leaves it alone", async () => {
  const set = { "spec.replicas": 4 };
  await workbench.sandbox.drift({
    stack: "staging",
    resource: "kubernetes:apps/v1:Deployment api",
    set,
  });
  await workbench.refresh("staging");
  const { changes } = await workbench.up("staging");
  expect(changes).toEqual({ same: all });
});
