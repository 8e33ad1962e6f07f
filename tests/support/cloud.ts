import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cloud } from "../../sandbox/cloud";
import { type Plain, Properties } from "../../sandbox/properties";
import type { Target } from "../../sandbox/records";
import type { BaseRule } from "../../sandbox/rulebook";
import type { Package } from "../../sandbox/rules/registry";

const opened: Cloud[] = [];
const directories: string[] = [];

/** A new directory that is gone after the tests of this file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "plinth-"));
  directories.push(directory);
  return directory;
}

/** A cloud in a directory, a new one where none is given. */
export function openCloud(directory = temporaryDirectory()): Cloud {
  const cloud = new Cloud(directory);
  opened.push(cloud);
  return cloud;
}

/** Removes what {@link temporaryDirectory} and {@link openCloud} made. */
export function tidy(): void {
  for (const cloud of opened.splice(0)) cloud.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
}

/** Makes targets of one type that stand under one rule. */
export function targetsOf(
  cloud: Cloud,
  rule: BaseRule,
  config: Plain = { region: "eu-central-1" },
): (name: string, stack?: string) => Target {
  const name = rule.type.split(":")[0] as Package; // the types in tests are of known packages
  const book = { resource: () => rule, invoke: () => undefined, given: () => [] };
  const provider = { cloud, package: name, config: new Properties(config), book };
  return (resource, stack = "dev") => ({
    provider,
    urn: `urn:pulumi:${stack}::plinth::${rule.type}::${resource}`,
    type: rule.type,
    name: resource,
  });
}
