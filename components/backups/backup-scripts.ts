import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { platformIdentity, serviceLabels } from "../identity";
import type { CopyEnvironment } from "./file-copies";

const scriptNames = [
  ...["shared.sh", "dump.sh", "verify.sh", "restore.sh"],
  ...["list.sh", "point-in-time.sh", "copy-files.sh"],
];

/** Declares the scripts of every job of the vault, in a ConfigMap that nobody can change; gives its name. */
export function declareBackupScripts(
  environment: Pick<CopyEnvironment, "env" | "namespace" | "settings">,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { namespace } = environment;
  const labels = serviceLabels(platformIdentity("backups", environment));
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
