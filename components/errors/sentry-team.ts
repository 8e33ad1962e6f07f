import type * as pulumi from "@pulumi/pulumi";
import * as sentry from "@pulumiverse/sentry";
import type { Settings } from "../../settings/stack";

/** Slug of the team that the projects belong to; one stack makes it, the others name it. */
export function sentryTeamOf(
  { owns, platform }: Settings,
  provider: pulumi.ProviderResource,
): pulumi.Input<string> {
  const team = platform.sentry.team ?? platform.team;
  if (!owns.includes("sentry-team")) return team;
  const args = { ...platform.sentry, name: team, slug: team };
  return new sentry.SentryTeam("sentry-team", args, { provider }).slug;
}
