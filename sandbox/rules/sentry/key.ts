import type { Plain, Properties } from "../../properties";
import type { Context, ResourceRule } from "../rule";
import { invalidField, longProblem } from "./slug";

const PROJECT = "sentry:index/sentryProject:SentryProject";

/** A key of a project: Sentry issues the addresses that events are sent to. */
export const key: ResourceRule = {
  type: "sentry:index/sentryKey:SentryKey",
  source:
    "https://github.com/getsentry/sentry/blob/master/src/sentry/api/serializers/rest_framework/project_key.py",
  autoname: { property: "name", maxLength: 64 },
  refuse: (props) => longProblem("name", props.string("name") ?? "", 64) ?? rateProblem(props),
  references: (props, { scope }) => {
    const [organization, slug] = [props.string("organization"), props.string("project")];
    return [
      {
        property: "project",
        types: [PROJECT],
        where: { scope, organization, slug },
        missing: `project not found "${slug ?? ""}": <nil>`,
      },
    ];
  },
  id: (_props, { hex }) => hex("public", 32),
  outputs: (props, context) => issued(props, context),
  secretOutputs: ["dsnSecret", "secret"],
};

/** A day is the longest window. */
function rateProblem(props: Properties): string | undefined {
  const window = props.number("rateLimitWindow") ?? 0;
  if (window > 86400) {
    return invalidField("rateLimit", "Ensure this value is less than or equal to 86400.");
  }
  return window < 0 || (props.number("rateLimitCount") ?? 0) < 0
    ? invalidField("rateLimit", "Ensure this value is greater than or equal to 0.")
    : undefined;
}

function issued(props: Properties, { cloud, hex, integer, scope }: Context): Plain {
  const [organization, slug] = [props.string("organization"), props.string("project")];
  const project = cloud.find(PROJECT, { scope, organization, slug });
  const projectId = Number(project?.properties.string("internalId") ?? integer("project", 1000));
  const [open, secret] = [hex("public", 32), hex("secret", 32)];
  const host = "o4500000000000000.ingest.sentry.io";
  return {
    dsnCsp: `https://${host}/api/${projectId}/csp-report/?sentry_key=${open}`,
    dsnPublic: `https://${open}@${host}/${projectId}`,
    dsnSecret: `https://${open}:${secret}@${host}/${projectId}`,
    isActive: true,
    projectId,
    public: open,
    rateLimitCount: props.number("rateLimitCount") ?? 0,
    rateLimitWindow: props.number("rateLimitWindow") ?? 0,
    secret,
  };
}
