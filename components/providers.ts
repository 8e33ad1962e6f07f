import * as aws from "@pulumi/aws";
import * as datadog from "@pulumi/datadog";
import * as github from "@pulumi/github";
import * as kubernetes from "@pulumi/kubernetes";
import * as pagerduty from "@pulumi/pagerduty";
import * as pulumi from "@pulumi/pulumi";
import * as sentry from "@pulumiverse/sentry";
import type { Settings } from "../settings/stack";
import { managedBy } from "./identity";

/**
 * Variables that an SDK copies into a provider's inputs, and so into state. Every plugin reads them from
 * the engine's environment itself, so nothing is lost when the program does not see them.
 */
const copiedIntoState = ["GITHUB_TOKEN", "SENTRY_TOKEN", "KUBECONFIG"];

/** Nothing, where the typings ask for a text. */
const absent = undefined as unknown as string;

/**
 * One explicit provider per cloud, so that nothing lands in an account, cluster or organisation that
 * the settings do not name. Credentials are the plugins' own affair: they stand in no settings and no state.
 */
export function cloudProviders(settings: Settings, env: string) {
  for (const variable of copiedIntoState) {
    Reflect.deleteProperty(process.env, variable);
  }
  const tags = tagsOf(settings, env);
  return {
    aws: new aws.Provider("aws", awsProviderArgs(settings, env)),
    kubernetes: new kubernetes.Provider("kubernetes", {
      clusterIdentifier: settings.cluster.name,
      context: settings.cluster.context,
    }),
    datadog: new datadog.Provider("datadog", {
      apiUrl: `https://api.${settings.datadog.site}/`,
      defaultTags: { tags },
    }),
    sentry: new sentry.Provider("sentry"),
    github: new github.Provider("github", { owner: settings.platform.repository.owner }),
    // The SDK insists on a token; the plugin takes PAGERDUTY_TOKEN where none arrives, and state stays clean.
    pagerduty: new pagerduty.Provider("pagerduty", { token: pulumi.output(absent) }),
  };
}

/** The same account in the region that the settings copy to, by a provider of its own. */
export function replicaProvider(settings: Settings, env: string): aws.Provider | undefined {
  const { replica } = settings.data;
  if (replica === undefined) return undefined;
  const { region } = replica;
  return new aws.Provider("aws-replica", { ...awsProviderArgs(settings, env), region });
}

function awsProviderArgs(settings: Settings, env: string): aws.ProviderArgs {
  return {
    region: settings.aws.region,
    allowedAccountIds: [settings.aws.accountId],
    defaultTags: { tags: tagsOf(settings, env) },
  };
}

function tagsOf(settings: Settings, env: string): Record<string, string> {
  return { env, team: settings.platform.team, "managed-by": managedBy };
}
