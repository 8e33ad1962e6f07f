import type { Properties } from "../../properties";
import type { Problem, ResourceRule } from "../rule";
import { invalidField, longProblem, slugOf, slugProblem } from "./slug";

/** Names that paths of Sentry's own pages have. */
const RESERVED =
  "$all api-keys audit-log auth members projects rate-limits repos settings teams billing payments legal subscription support integrations developer-settings usage".split(
    " ",
  );

/** A project; its slug is unique in the organisation, and the team that it belongs to must be there. */
export const project: ResourceRule = {
  type: "sentry:index/sentryProject:SentryProject",
  source:
    "https://github.com/getsentry/sentry/blob/master/src/sentry/core/endpoints/team_projects.py",
  autoname: { property: "name", maxLength: 50 },
  check: (props) => [...teamConflicts(props), ...platformProblems(props)],
  refuse: (props) => refusal(props),
  references: (props, { scope }) =>
    teamsOf(props).map((slug) => ({
      property: props.has("team") ? "team" : "teams",
      types: ["sentry:index/sentryTeam:SentryTeam"],
      where: { scope, organization: props.string("organization"), slug },
      missing: '404 Not Found: {"detail":"The requested resource does not exist"}',
    })),
  identity: (props, { scope }) => ({
    key: `${scope} ${props.string("organization") ?? ""} project ${slugOf(props)}`,
    taken: '409 Conflict: {"detail":"A project with this slug already exists."}',
  }),
  id: (props) => slugOf(props),
  outputs: (props, { integer }) => {
    const internalId = String(4_500_000_000 + integer("project", 100_000_000));
    return {
      color: "#3fbf7f",
      digestsMaxDelay: props.number("digestsMaxDelay") ?? 1800,
      digestsMinDelay: props.number("digestsMinDelay") ?? 300,
      features: [],
      internalId,
      isBookmarked: false,
      isPublic: false,
      platform: props.string("platform") ?? "",
      projectId: internalId,
      resolveAge: props.number("resolveAge") ?? 0,
      slug: slugOf(props),
      status: "active",
    };
  },
};

/** @see https://github.com/jianyuan/terraform-provider-sentry/blob/v0.11.2/sentry/resource_sentry_project.go */
function teamConflicts(props: Properties): Problem[] {
  return props.get("team") !== undefined && props.get("teams") !== undefined
    ? [{ property: "team", reason: "conflicts with teams" }]
    : [];
}

/**
 * The provider asks docs.sentry.io in every preview whether the platform is one, and fails without an
 * answer; only `other` passes unasked. There is nobody to ask here.
 * @see https://github.com/jianyuan/terraform-provider-sentry/issues/420
 */
function platformProblems(props: Properties): Problem[] {
  const platform = props.string("platform");
  return platform === undefined || platform === "other"
    ? []
    : [
        {
          property: "platform",
          reason: `https://docs.sentry.io/_platforms/${platform}.json does not answer, so the provider refuses the platform; leave it out or say "other"`,
        },
      ];
}

function refusal(props: Properties): string | undefined {
  if (teamsOf(props).length === 0) return "one of team or teams must be configured";
  const name = props.string("name") ?? "";
  if (RESERVED.includes(name)) {
    return invalidField("name", `The name "${name}" is reserved and not allowed.`);
  }
  return slugProblem(props, 100) ?? longProblem("name", name, 50);
}

function teamsOf(props: Properties): readonly string[] {
  const team = props.string("team");
  return team === undefined ? props.strings("teams") : [team];
}
