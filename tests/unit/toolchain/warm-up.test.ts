import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../toolchain/command.mjs";

const cache = mkdtempSync(join(tmpdir(), "plinth-warm-up-"));
afterAll(() => {
  rmSync(cache, { recursive: true });
});

test("set-up reads the types that the first preview asks the sandbox for", async () => {
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  await run(process.execPath, ["toolchain/warm-up.cjs", "Pulumi.staging.yaml"], { env });
  const [form = ""] = readdirSync(join(cache, "plinth"));
  const read = readdirSync(join(cache, "plinth", form), { recursive: true }).map(String);
  const asked = ["aws", "datadog", "github", "kubernetes", "pagerduty", "sentry"];
  expect(
    asked.filter((name) => read.some((file) => RegExp(`${name}-.*/resources/.*json$`).test(file))),
  ).toEqual(asked);
});

test("the program starts under flags of V8 for which the code fits that set-up has compiled", async () => {
  const [, nodeargs = ""] = /nodeargs: (.+)/.exec(readFileSync("Pulumi.yaml", "utf8")) ?? [];
  const tag = (flags: readonly string[]) =>
    run(process.execPath, [...flags, "-p", "v8.cachedDataVersionTag()"]);
  expect(nodeargs).toContain("--");
  expect(await tag(nodeargs.split(" "))).toBe(await tag([]));
});
