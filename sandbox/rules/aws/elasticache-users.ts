import type { Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { apiError, arn, oneOf } from "./common";
import { idProblems, named } from "./elasticache";

const api = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference";
const userType = "aws:elasticache/user:User";
const groupType = "aws:elasticache/userGroup:UserGroup";
const engines = ["redis", "valkey"];

/** What the provider refuses of passwords: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/elasticache/user.go */
function passwordProblems(props: Properties): readonly Problem[] {
  const ways = ["passwordsWo", "passwords", "authenticationMode"];
  const [first, second] = ways.filter((way) => props.get(way) !== undefined);
  const conflict =
    first !== undefined && second !== undefined
      ? [{ property: first, reason: `"${first}": conflicts with ${second}` }]
      : [];
  const isAlone = props.has("passwordsWo") && !props.has("passwordsWoVersion");
  const reason = "all of `passwords_wo,passwords_wo_version` must be specified";
  return [...conflict, ...(isAlone ? [{ property: "passwordsWo", reason }] : [])];
}

const user: ResourceRule = {
  type: userType,
  source: `${api}/API_CreateUser.html`,
  defaults: { noPasswordRequired: false },
  check: (props) => [
    ...idProblems(props, "userId", 40),
    ...oneOf(props, "engine", engines),
    ...passwordProblems(props),
  ],
  refuse: (props) => {
    const doing = `creating ElastiCache User (${props.string("userId") ?? ""})`;
    const secrets = [
      ...["passwordsWo"].flatMap((name) => props.string(name) ?? []),
      ...props.strings("passwords"),
      ...props.strings("authenticationMode.passwords"),
    ];
    if (secrets.some(({ length }) => length < 16 || length > 128)) {
      const message = "Passwords length must be between 16-128 characters.";
      return apiError(doing, "InvalidParameterValue", message);
    }
    if (secrets.length > 2) {
      return apiError(doing, "InvalidParameterValue", "A user may have at most 2 passwords.");
    }
    const isIam = props.string("authenticationMode.type") === "iam";
    if (isIam && props.string("userId") !== props.string("userName")) {
      const message = "User Id and User name must be same for authentication type: iam";
      return apiError(doing, "InvalidParameterCombination", message);
    }
    const isOpen = props.boolean("noPasswordRequired") === true;
    if (secrets.length > 0 || isIam || isOpen) return undefined;
    const message =
      "Input Authentication type: null is not in the allowed list: [password,no-password-required,iam]";
    return apiError(doing, "InvalidParameterValue", message);
  },
  identity: (props, context) => named("user", "User", context)(props, "userId"),
  id: (props) => (props.string("userId") ?? "").toLowerCase(),
  outputs: (props, context) => ({
    arn: arn("elasticache", context, `user:${props.string("userId") ?? ""}`),
    region: context.region,
  }),
  secretOutputs: ["passwordsWo"],
  replaceOn: ["userId", "userName"],
  refuseDelete: ({ id }, { cloud }) => {
    const group = cloud
      .list(groupType)
      .find(({ properties }) => properties.strings("userIds").includes(id));
    if (group === undefined || !isLastDefault(id, cloud)) return undefined;
    const message = `User ${id} is the default user of group ${group.id}.`;
    return apiError("deleting ElastiCache User", "DefaultUserAssociatedToUserGroup", message);
  },
};

function isLastDefault(id: string, cloud: Context["cloud"]): boolean {
  return cloud.find(userType, { id })?.properties.string("userName") === "default";
}

/**
 * A group of Redis needs a user named `default`; one of Valkey takes only users that prove who they are.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
const userGroup: ResourceRule = {
  type: groupType,
  source: `${api}/API_CreateUserGroup.html`,
  check: (props) => [...idProblems(props, "userGroupId", 40), ...oneOf(props, "engine", engines)],
  refuse: (props, { cloud }) => {
    const doing = `creating ElastiCache User Group (${props.string("userGroupId") ?? ""})`;
    const members = props
      .strings("userIds")
      .map((id) => ({ id, user: cloud.find(userType, { id }) }));
    const missing = members.find((member) => member.user === undefined);
    if (missing !== undefined) {
      return apiError(doing, "UserNotFound", `User ${missing.id} not found.`);
    }
    const users = members.flatMap((member) => member.user?.properties ?? []);
    const names = users.map((one) => one.string("userName") ?? "");
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      return apiError(doing, "DuplicateUserName", `Two users have the user name ${twice}.`);
    }
    const isValkey = props.string("engine") === "valkey";
    // https://github.com/hashicorp/terraform-provider-aws/issues/25593
    if (!isValkey && !names.includes("default")) {
      const message = "User group needs to contain a user with the user name default.";
      return apiError(doing, "DefaultUserRequired", message);
    }
    const open = users.find((one) => one.boolean("noPasswordRequired") === true);
    if (!isValkey || open === undefined) return undefined;
    const message = "A user group of engine VALKEY takes only users with password or IAM.";
    return apiError(doing, "InvalidParameterCombination", message);
  },
  identity: (props, context) => named("user-group", "UserGroup", context)(props, "userGroupId"),
  id: (props) => (props.string("userGroupId") ?? "").toLowerCase(),
  outputs: (props, context) => ({
    arn: arn("elasticache", context, `usergroup:${props.string("userGroupId") ?? ""}`),
    region: context.region,
  }),
  replaceOn: ["userGroupId", "engine"],
};

/** Rules of ElastiCache's users. */
export const elastiCacheUsers: readonly ResourceRule[] = [user, userGroup];
