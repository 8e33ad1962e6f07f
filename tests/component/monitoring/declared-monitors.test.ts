import { declare } from "../../support/program";
import type { Registration } from "../../support/record";
import { repositoryConfiguration, settingsOf } from "../../support/settings";

const settings = settingsOf(repositoryConfiguration("production"));
const recorded = declare({ settings, environment: "production", project: "plinth" });

async function monitors(holds: (inputs: Registration["inputs"]) => boolean) {
  const all = await recorded;
  return all.filter(
    ({ type, inputs }) => type === "datadog:index/monitor:Monitor" && holds(inputs),
  );
}

test("a monitor of AWS's figures looks at a window that they have reached", async () => {
  const cloud = await monitors(({ query }) => /:aws\./.test(String(query)));
  expect(cloud.map(({ name }) => name)).toContain("cache-main-cache-lost-sessions");
  expect(cloud.filter(({ inputs }) => Number(inputs["evaluationDelay"] ?? 0) < 900)).toEqual([]);
});

test("a message that names what it is about is sent for each by itself: Datadog fills in no other", async () => {
  const naming = await monitors(({ message }) => /\{\{[\w.-]+\.name\}\}/.test(String(message)));
  expect(naming.map(({ name }) => name)).toContain("secret-watch-secret-read-unusual");
  for (const { inputs } of naming) {
    const { message, query } = inputs;
    expect(inputs["notifyBies"]).toBeUndefined();
    const [, groups = ""] = / by \{([^}]+)\}/.exec(String(query)) ?? [];
    for (const [, group] of String(message).matchAll(/\{\{([\w.-]+)\.name\}\}/g)) {
      expect(groups.split(",")).toContain(group);
    }
  }
});

test("too few of what is counted alarm where none ever was, too: missing data is told only after data", async () => {
  const counting = await monitors(({ query }) => /as_count\(\) < /.test(String(query)));
  const names = counting.map(({ name }) => name).sort();
  expect(names).toEqual([
    "api-files-uploads-age",
    "api-verify-backup-age",
    "jobs-verify-backup-age",
  ]);
  expect(new Set(counting.map(({ inputs }) => inputs["onMissingData"]))).toEqual(
    new Set(["default"]),
  );
});
