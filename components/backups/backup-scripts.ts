import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/stack";
import { platformIdentity, serviceLabels } from "../identity";

/** Where the scripts are brought to. */
export interface ScriptPlace {
  /** Settings of the stack. */
  readonly settings: Pick<Settings, "platform">;
  /** Name of the environment, which is the stack's name. */
  readonly env: string;
  /** Namespace of the jobs. */
  readonly namespace: pulumi.Input<string>;
}

const scriptNames = [
  ...["shared.sh", "dump.sh", "verify.sh", "restore.sh"],
  ...["list.sh", "point-in-time.sh", "copy-files.sh"],
];

/** Declares the scripts of every job of the vault, in a ConfigMap that nobody can change; gives its name. */
export function declareBackupScripts(
  { settings, env, namespace }: ScriptPlace,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const labels = serviceLabels(platformIdentity("backups", { settings, env }));
  const scripts = new k8s.core.v1.ConfigMap(
    "backup-scripts",
    { metadata: { namespace, labels }, immutable: true, data: backupScripts() },
    opts,
  );
  return scripts.metadata.name;
}

function backupScripts(): Record<string, string> {
  const read = (name: string) => readFileSync(join(__dirname, "scripts", name), "utf8");
  return Object.fromEntries(scriptNames.map((name) => [name, read(name)]));
}
