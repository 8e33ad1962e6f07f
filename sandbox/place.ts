import { createHash } from "node:crypto";
import { parse } from "yaml";
import { isRecord, type Plain, Properties } from "./properties";
import type { Package } from "./rules/registry";

/** Where a provider instance acts, read from its configuration as the real provider would. */
export interface Place {
  readonly scope: string;
  readonly account: string;
  readonly region: string;
  readonly owner: string;
}

/** Account the sandbox acts in where the provider's configuration names none. */
export const DEFAULT_ACCOUNT = "111122223333";

/** Configuration values travel as JSON text; a kubeconfig stays the text it is. */
export function readConfig(config: Plain): Properties {
  const entries = Object.entries(config).map(([key, value]) => [
    key,
    key === "kubeconfig" ? value : parseText(value),
  ]);
  return new Properties(Object.fromEntries(entries) as Plain); // built from string keys just above
}

/** The place of a resource: the provider's, moved by the resource's own `region`. */
export function placeOf(name: Package, config: Properties, inputs?: Properties): Place {
  return placeOfScope(`${name}/${SCOPES[name](config, inputs)}`);
}

const SCOPES: Readonly<Record<Package, (config: Properties, inputs?: Properties) => string>> = {
  aws: (config, inputs) =>
    `${accountOf(config)}/${inputs?.string("region") ?? regionOf(config) ?? ""}`,
  kubernetes: clusterOf,
  datadog: (config) => hostOf(config.string("apiUrl") ?? "https://api.datadoghq.com/"),
  sentry: (config) => hostOf(config.string("baseUrl") ?? "https://sentry.io/api/"),
  github: (config) => config.string("owner") ?? "",
  pagerduty: (config) => config.string("serviceRegion") ?? "us",
};

/** The place that a scope names. */
export function placeOfScope(scope: string): Place {
  const [name, first = "", second = ""] = scope.split("/");
  if (name === "aws") return { scope, account: first, region: second, owner: "" };
  return { scope, account: "", region: "", owner: name === "github" ? first : "" };
}

/** AWS region of a provider instance, from its configuration or the environment. */
export function regionOf(config: Properties): string | undefined {
  return config.string("region") ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
}

function accountOf(config: Properties): string {
  const role = config.string("assumeRoles[0].roleArn") ?? config.string("assumeRole.roleArn");
  return role?.split(":")[4] ?? config.strings("allowedAccountIds")[0] ?? DEFAULT_ACCOUNT;
}

/** The address of the cluster that the kubeconfig's context leads to, else the context's name. */
function clusterOf(config: Properties): string {
  const text = config.string("kubeconfig") ?? "";
  const kubeconfig = new Properties(text.includes("clusters") ? readYaml(text) : {});
  const context = config.string("context") ?? kubeconfig.string("current-context");
  const cluster =
    config.string("cluster") ?? named(kubeconfig, "contexts", context).string("context.cluster");
  const server = named(kubeconfig, "clusters", cluster).string("cluster.server");
  if (server !== undefined) return hostOf(server);
  return context ?? cluster ?? (text === "" ? "default" : digest(text));
}

function named(kubeconfig: Properties, list: string, name: string | undefined): Properties {
  const found = kubeconfig.list(list).find((entry) => entry.string("name") === name);
  return found ?? new Properties({});
}

function readYaml(text: string): Plain {
  try {
    const value: unknown = parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function parseText(value: unknown): unknown {
  if (typeof value !== "string" || !/^(?:[[{]|true$|false$)/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
