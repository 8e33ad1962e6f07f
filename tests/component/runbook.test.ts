import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readGiven } from "../../settings/read";
import { resolveSettings } from "../../settings/resolve";
import { declare } from "../support/program";

const root = join(__dirname, "../..");
const sections = [
  ...readFileSync(join(root, "docs/runbook.md"), "utf8").matchAll(/^## (.*)$/gm),
].map(([, heading = ""]) => heading);

/** Sections of the runbook that the monitors of a stack send people to. */
async function linkedFrom(stack: string): Promise<string[]> {
  const resolution = resolveSettings(readGiven(root, stack));
  if (!resolution.ok) throw new Error(`the settings of ${stack} are not valid`);
  const { settings } = resolution;
  const declared = await declare({ settings, environment: stack, project: "plinth" });
  const monitors = declared.filter(({ type }) => type === "datadog:index/monitor:Monitor");
  return monitors.map(({ inputs }) => {
    const { message } = inputs;
    return /Runbook: \S+#(\S+)/.exec(typeof message === "string" ? message : "")?.[1] ?? "none";
  });
}

it.each(["staging", "production"])(
  "every alert of %s leads to a section of the runbook",
  async (stack) => {
    const linked = await linkedFrom(stack);
    expect(linked).toContain("limiter-store");
    expect(linked.filter((section) => !sections.includes(section))).toEqual([]);
  },
);
