import { everyTier, resourceRule } from "../lib/rule";
import { not } from "../lib/verdict";

const staticName = /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/i;

/** NS-D2: pipelines take a role for an hour and hold no key. */
export const noStaticCloudCredentials = resourceRule(
  {
    id: "X09",
    name: "no-static-cloud-credentials",
    severity: "critical",
    protects:
      "An access key works for years, from anywhere, and stands in every log that leaks it.",
    remediation: "Remove it and let the pipeline take a role by GitHub's OIDC tokens.",
    references: ["NS-D2", "A49", "CIS AWS 5.0 1.14", "ISO 27001 A.5.15"],
    enforcement: everyTier("mandatory"),
  },
  [
    "aws:iam/accessKey:AccessKey",
    "aws:iam/user:User",
    "github:index/actionsSecret:ActionsSecret",
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
    "github:index/actionsOrganizationSecret:ActionsOrganizationSecret",
    "github:index/dependabotSecret:DependabotSecret",
  ],
  (resource) => {
    const name = resource.args.get("secretName");
    return resource.declared.type.startsWith("aws:")
      ? resource.mustHold("no", "is a credential that does not expire")
      : name.mustHold(
          not(name.is((text) => staticName.test(text ?? ""))),
          "holds a key of AWS that does not expire",
        );
  },
);
