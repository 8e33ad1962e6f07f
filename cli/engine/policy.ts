import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readGiven } from "../../settings/read";
import { resolveSettings } from "../../settings/resolve";
import { repositoryDirectory } from "../../toolchain/engine.mjs";
import type { Project } from "../project";
import { workspaceOf } from "../workspace";
import { stackFolder } from "./stack-config";

/** Flags that run a stack under the policy pack, as strictly as its tier asks for. */
export function policyFlags(project: Project, stack: string): string[] {
  const resolution = resolveSettings(readGiven(project.directory, stack));
  // Settings that are wrong stop the program before a policy could speak.
  const tier = resolution.ok ? resolution.settings.tier : "production";
  const file = join(stackFolder(workspaceOf(project), project), `${stack}.policies.json`);
  writeFileSync(file, JSON.stringify({ plinth: { tier } }));
  const pack = join(repositoryDirectory, "policies");
  return ["--policy-pack", pack, "--policy-pack-config", file];
}
