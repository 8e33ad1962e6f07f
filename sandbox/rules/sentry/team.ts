import type { ResourceRule } from "../rule";
import { longProblem, slugOf, slugProblem } from "./slug";

/** A team; its slug is unique in the organisation. */
export const team: ResourceRule = {
  type: "sentry:index/sentryTeam:SentryTeam",
  source:
    "https://github.com/getsentry/sentry/blob/master/src/sentry/core/endpoints/organization_teams.py",
  autoname: { property: "name", maxLength: 64 },
  refuse: (props) => slugProblem(props, 50) ?? longProblem("name", props.string("name") ?? "", 64),
  identity: (props, { scope }) => ({
    key: `${scope} ${props.string("organization") ?? ""} team ${slugOf(props)}`,
    taken: '409 Conflict: {"detail":"A team with this slug already exists."}',
  }),
  id: (props) => slugOf(props),
  outputs: (props, { integer }) => {
    const internalId = String(1_000_000 + integer("team", 1_000_000));
    return {
      hasAccess: true,
      internalId,
      isMember: true,
      isPending: false,
      slug: slugOf(props),
      teamId: internalId,
    };
  },
};
