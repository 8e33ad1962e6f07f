import type { Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { exactlyOne, idPart, repositoryExists, repositoryId, restError } from "./repository";

export const environmentType = "github:index/repositoryEnvironment:RepositoryEnvironment";
const policyType =
  "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy";
const inside = [
  "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
  "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
  policyType,
];

/** An environment. Creating one that is there changes it, so two stacks overwrite each other. */
export const environment: ResourceRule = {
  type: environmentType,
  source:
    "https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment",
  defaults: { canAdminsBypass: true, preventSelfReview: false },
  check: (props) => {
    const wait = props.number("waitTimer") ?? 0;
    const reason = `expected wait_timer to be in the range (0 - 43200), got ${wait}`;
    return [
      ...(wait >= 0 && wait <= 43200 ? [] : [{ property: "waitTimer", reason }]),
      ...atMost(props, "reviewers", 1),
      ...atMost(props, "reviewers[0].teams", 6),
      ...atMost(props, "reviewers[0].users", 6),
    ];
  },
  refuse: (props, context) => {
    const repository = props.string("repository") ?? "";
    const name = props.string("environment") ?? "";
    const error = (status: string) =>
      restError("PUT", context, `${repository}/environments/${encodeURIComponent(name)}`, status);
    if (!repositoryExists(repository, context)) return error("404 Not Found");
    if (name === "" || name.length > 255) {
      return error("422 Environment names must have 1 to 255 characters");
    }
    const reviewers = ["teams", "users"].map((kind) => countOf(props, `reviewers[0].${kind}`));
    if (reviewers.reduce((sum, count) => sum + count, 0) > 6) {
      return error("422 An environment can have at most 6 reviewers");
    }
    const policy = props.object("deploymentBranchPolicy");
    const [protectedOnes, custom] = [
      policy.boolean("protectedBranches"),
      policy.boolean("customBranchPolicies"),
    ];
    if (!props.has("deploymentBranchPolicy") || protectedOnes !== custom) return undefined;
    const same = "`protected_branches` and `custom_branch_policies` cannot have the same value";
    return error(`422 ${same}`);
  },
  // Names are unique without regard to case.
  identity: (props, { owner }) => ({
    key: `github-environment ${owner}/${environmentPath(props)}`.toLowerCase(),
    taken: "adopt",
  }),
  id: (props) => `${props.string("repository") ?? ""}:${idPart(props.string("environment") ?? "")}`,
  outputs: (props, context) => ({
    repositoryId: repositoryId(props.string("repository") ?? "", context),
  }),
  replaceOn: ["environment", "repository"],
  deletesAlso: ({ properties }, { cloud, scope }) => {
    const where = {
      repository: properties.string("repository"),
      environment: properties.string("environment"),
    };
    return inside.flatMap((type) => cloud.list(type, { ...where, scope }));
  },
};

/** A branch or tag that may deploy to an environment. */
export const deploymentPolicy: ResourceRule = {
  type: policyType,
  source:
    "https://docs.github.com/en/rest/deployments/branch-policies#create-a-deployment-branch-policy",
  check: (props) => {
    const reason = "one of `branch_pattern,tag_pattern` must be specified";
    const empty = ["branchPattern", "tagPattern"].filter((name) => props.string(name) === "");
    return [
      ...(exactlyOne(props, ["branchPattern", "tagPattern"])
        ? []
        : [{ property: "branchPattern", reason }]),
      ...empty.map((property) => ({
        property,
        reason: `expected "${property}" to not be an empty string`,
      })),
    ];
  },
  refuse: (props, context) => {
    const found = findEnvironment(props, context);
    const custom = found?.properties.boolean("deploymentBranchPolicy.customBranchPolicies");
    // An environment without custom policies answers as one that is not there.
    return custom === true ? undefined : policyError(props, context, "404 Not Found");
  },
  identity: (props, context) => ({
    key: `github-deployment-policy ${context.owner}/${environmentPath(props)} ${patternOf(props)}`,
    taken: policyError(props, context, "303 See Other"),
  }),
  id: (props, context) => {
    const place = `${props.string("repository") ?? ""}:${idPart(props.string("environment") ?? "")}`;
    return `${place}:${context.integer("policy", 100_000_000)}`;
  },
  outputs: (props, context) => ({
    policyId: context.integer("policy", 100_000_000),
    repositoryId: repositoryId(props.string("repository") ?? "", context),
  }),
  replaceOn: (olds, news) => {
    const kind = (props: Properties) => (props.has("tagPattern") ? "tag" : "branch");
    const patterns = kind(olds) === kind(news) ? [] : ["branchPattern", "tagPattern"];
    return ["environment", "repository", ...patterns];
  },
};

/** The environment that `repository` and `environment` name. */
export function findEnvironment(props: Properties, { cloud, scope }: Context) {
  const name = props.string("environment")?.toLowerCase();
  return cloud
    .list(environmentType, { repository: props.string("repository"), scope })
    .find(({ properties }) => properties.string("environment")?.toLowerCase() === name);
}

/** Path of the environment in the API, behind the owner. */
export function environmentPath(props: Properties): string {
  const name = encodeURIComponent(props.string("environment") ?? "");
  return `${props.string("repository") ?? ""}/environments/${name}`;
}

function policyError(props: Properties, context: Context, status: string): string {
  const path = `${environmentPath(props)}/deployment-branch-policies`;
  return restError("POST", context, path, status);
}

function patternOf(props: Properties): string {
  const branch = props.string("branchPattern");
  return branch === undefined ? `tag ${props.string("tagPattern") ?? ""}` : `branch ${branch}`;
}

function atMost(props: Properties, property: string, most: number): readonly Problem[] {
  const count = countOf(props, property);
  const reason = `Too many list items: attribute supports ${most} item(s) maximum, but config has ${count} declared`;
  return count > most ? [{ property, reason }] : [];
}

function countOf(props: Properties, list: string): number {
  const value = props.get(list);
  return Array.isArray(value) ? value.length : 0;
}
