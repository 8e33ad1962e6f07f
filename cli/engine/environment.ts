import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toolEnvironment } from "../../toolchain/engine.mjs";
import type { Workspace } from "../workspace";

/** Passphrase of the sandbox's state; it guards nothing but made-up values. */
const passphrase = "sandbox";

/** Variables by which a user's own accounts would reach into the sandbox. */
const personal = [
  /^(AWS|DD|DATADOG|GITHUB|PAGERDUTY|SENTRY)_/,
  /^(KUBECONFIG|PULUMI_ACCESS_TOKEN|PULUMI_CONFIG_PASSPHRASE_FILE|PULUMI_STACK)$/,
];

/** What sets the engine apart from the user's own: its backend, its home, its secrets. */
export function engineVariables({ home, state }: Workspace): Record<string, string> {
  return {
    // Without the files that the backend keeps beside each file: they are written in place, and an
    // engine that is killed meanwhile leaves an empty one, which makes the stack unreadable.
    PULUMI_BACKEND_URL: `${pathToFileURL(state).href}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    // How the user's own backend lays out and packs its files would lose the stacks of this one. These names win
    // over their former ones. https://github.com/pulumi/pulumi/blob/master/sdk/go/common/env/env.go
    PULUMI_DIY_BACKEND_GZIP: "false",
    PULUMI_DIY_BACKEND_LEGACY_LAYOUT: "false",
    PULUMI_DIY_BACKEND_ZSTD: "false",
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A cluster that the user's own kubeconfig names is not the sandbox's.
    KUBECONFIG: join(home, "kubeconfig"),
  };
}

/**
 * Makes the engine's home. Its `logs` is no folder: there the engine would record all that it does, encrypted, which
 * takes it longer than doing it.
 */
export function prepareHome({ home }: Pick<Workspace, "home">): void {
  const logs = join(home, "logs");
  mkdirSync(home, { recursive: true });
  if (!existsSync(logs)) writeFileSync(logs, "");
}

/** The environment in which the engine runs on the sandbox, whatever the user is signed in to. */
export function sandboxEnvironment(
  workspace: Workspace,
  attached: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(toolEnvironment()).filter(
    ([name]) => !personal.some((pattern) => pattern.test(name)),
  );
  return { ...Object.fromEntries(kept), ...engineVariables(workspace), ...attached };
}
