import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { compareInputs } from "./diff";
import { placeOf, readConfig, regionOf } from "./place";
import { pathKeys, Properties } from "./properties";
import { PACKAGES, type Package } from "./rules/registry";
import type { Problem } from "./rules/rule";
import { checkInputs, propertyNames } from "./schema";
import { decode, encode } from "./wire";

/** Package of a provider's type token: that of `pulumi:providers:aws` is `aws`. */
export function packageOf(providerType: string): Package {
  const name = providerType.split(":").at(-1);
  const known = PACKAGES.find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`the sandbox has no provider ${name ?? ""}`);
  return known;
}

/** Refuses a configuration that the real provider would not start with. */
export function checkConfig(request: pb.CheckRequest): pb.CheckResponse {
  const name = packageOf(request.getType());
  const news = decode(request.getNews());
  const config = readConfig(news.plain);
  const given = { ...fromEnvironment[name], ...news.plain };
  const unknown = name === "kubernetes" ? [] : unknownKeys(request, Object.keys(news.plain));
  const problems = [...checkInputs(request.getType(), given), ...unknown];
  if (name === "aws" && !config.isUnknown("region") && regionOf(config) === undefined) {
    const reason = "Missing region configuration: set `aws:region` or AWS_REGION";
    problems.push({ property: "region", reason });
  }
  return checkResponse(problems, encode(news));
}

/**
 * Settings that a bridged provider does not have.
 * @see https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/check_failures.go
 */
function unknownKeys(request: pb.CheckRequest, keys: readonly string[]): readonly Problem[] {
  const known = [...propertyNames(request.getType()), "version", "pluginDownloadURL"];
  return keys
    .filter((key) => !known.includes(key) && !key.startsWith("__"))
    .map((property) => {
      const place = `${request.getName()}.${property}`;
      const reason =
        "could not validate provider configuration: Invalid or unknown key. " +
        `Examine values at '${place}'.`;
      return { property, reason };
    });
}

/**
 * Required settings that a plugin takes from its own environment, where the program is silent.
 * @see https://github.com/PagerDuty/terraform-provider-pagerduty/blob/master/pagerduty/provider.go
 */
const fromEnvironment: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  pagerduty: { token: "PAGERDUTY_TOKEN" },
};

/** Tells whether a provider now acts elsewhere, so that all its resources must be replaced. */
export function diffConfig(request: pb.DiffRequest): pb.DiffResponse {
  const name = packageOf(request.getType());
  const olds = decode(request.getOldInputs() ?? request.getOlds()).plain;
  const news = decode(request.getNews()).plain;
  const keys = [...new Set(compareInputs(olds, news, []).map(({ path }) => topOf(path)))];
  const deciding = keys.filter((key) => decides(name, key, [readConfig(olds), readConfig(news)]));
  const response = new pb.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
  response.setChanges(keys.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(keys);
  response.setReplacesList(deciding);
  return response;
}

/** Answer to a check, of a provider's configuration or of a resource. */
export function checkResponse(
  problems: readonly Problem[],
  inputs: ReturnType<typeof encode>,
): pb.CheckResponse {
  const response = new pb.CheckResponse();
  response.setInputs(inputs);
  response.setFailuresList(
    problems.map(({ property, reason }) => {
      const failure = new pb.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

/** Name of the property that a path begins with. */
export function topOf(path: string): string {
  return String(pathKeys(path)[0] ?? path);
}

/** Whether one changed key moves the provider to another account, region, cluster or owner. */
function decides(
  name: Package,
  key: string,
  [olds, news]: readonly [Properties, Properties],
): boolean {
  const moved = new Properties({ ...olds.plain, [key]: news.plain[key] });
  return placeOf(name, olds).scope !== placeOf(name, moved).scope;
}
