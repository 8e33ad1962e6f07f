import type { Properties } from "../../properties";
import type { Context, ResourceRule } from "../rule";
import { apiError, arn, lengthBetween, oneOf } from "./common";

const api = "https://docs.aws.amazon.com/waf/latest/APIReference";
const aclType = "aws:wafv2/webAcl:WebAcl";
const associationType = "aws:wafv2/webAclAssociation:WebAclAssociation";

const webAcl: ResourceRule = {
  type: aclType,
  source: `${api}/API_CreateWebACL.html`,
  autoname: { property: "name", maxLength: 128 },
  check: (props) => [
    ...oneOf(props, "scope", ["CLOUDFRONT", "REGIONAL"]),
    ...lengthBetween(props, "description", 1, 256),
  ],
  refuse: (props) => {
    const doing = `creating WAFv2 WebACL (${props.string("name") ?? ""})`;
    const invalid = props.list("rules").map(invalidity).find(isText);
    if (invalid !== undefined) return apiError(doing, "WAFInvalidParameterException", invalid);
    const limit =
      "AWS WAF couldn’t perform the operation because you exceeded your resource limit.";
    return capacityOf(props) > largest
      ? apiError(doing, "WAFLimitsExceededException", limit)
      : undefined;
  },
  identity: (props, context) => ({
    key: `wafv2 ${context.account} ${context.region} ${props.string("name") ?? ""}`,
    taken: apiError(
      `creating WAFv2 WebACL (${props.string("name") ?? ""})`,
      "WAFDuplicateItemException",
      "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
    ),
  }),
  id: (_, context) => context.uuid("web-acl"),
  outputs: (props, context) => {
    const path = `regional/webacl/${props.string("name") ?? ""}/${context.uuid("web-acl")}`;
    return { arn: arn("wafv2", context, path), capacity: capacityOf(props) };
  },
  replaceOn: ["name", "scope"],
  refuseDelete: ({ id, properties }, { cloud }) => {
    const webAclArn = properties.string("arn");
    return cloud.find(associationType, { webAclArn }) === undefined
      ? undefined
      : apiError(
          `deleting WAFv2 WebACL (${id})`,
          "WAFAssociatedItemException",
          "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.",
        );
  },
};

/** A resource has one web ACL at most: another call takes the last one's place. */
const association: ResourceRule = {
  type: associationType,
  source: `${api}/API_AssociateWebACL.html`,
  refuse: (props, context) => {
    const resource = props.string("resourceArn") ?? "";
    if (hasWebAcl(resource, context)) return undefined;
    const message = `Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN, parameter: ${resource}`;
    return apiError("creating WAFv2 WebACL Association", "WAFInvalidParameterException", message);
  },
  references: (props) => [
    {
      property: "webAclArn",
      types: [aclType],
      where: { arn: props.string("webAclArn") },
      missing: apiError(
        "creating WAFv2 WebACL Association",
        "WAFNonexistentItemException",
        "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",
      ),
    },
  ],
  identity: (props) => ({
    key: `wafv2-association ${props.string("resourceArn") ?? ""}`,
    taken: "adopt",
  }),
  id: (props) => `${props.string("webAclArn") ?? ""},${props.string("resourceArn") ?? ""}`,
  replaceOn: ["resourceArn", "webAclArn"],
};

/** Of load balancers those of applications alone, in the region of the web ACL. */
function hasWebAcl(resource: string, { region }: Context): boolean {
  const [, , service, where, , path = ""] = resource.split(":");
  if (service === "elasticloadbalancing" && !path.startsWith("loadbalancer/app/")) return false;
  return where === region;
}

/** What the service says of a rule that it does not take. */
function invalidity(rule: Properties): string | undefined {
  const seconds = rule.number("captchaConfig.immunityTimeProperty.immunityTime");
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_ImmunityTimeProperty.html
  if (seconds !== undefined && (seconds < 60 || seconds > 259_200)) {
    return `Error reason: The immunity time must be between 60 and 259200., field: IMMUNITY_TIME, parameter: ${seconds}`;
  }
  return statementsOf(rule.object("statement")).map(malformed).find(isText);
}

function malformed(statement: Properties): string | undefined {
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_RegexMatchStatement.html
  const pattern = statement.string("regexMatchStatement.regexString") ?? "";
  if (pattern.length > 512) {
    return `Error reason: Your statement has a regular expression of more than 512 characters., field: REGEX_STRING, parameter: ${pattern}`;
  }
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_OrStatement.html
  const lonely = ["andStatement", "orStatement"].find(
    (kind) => statement.has(kind) && statement.list(`${kind}.statements`).length < 2,
  );
  return lonely === undefined
    ? undefined
    : `Error reason: You have used none or multiple values for a field that requires exactly one value., field: ${lonely}`;
}

/** A statement and all within it. */
function statementsOf(statement: Properties): Properties[] {
  const within = ["andStatement", "orStatement"].flatMap((kind) =>
    statement.list(`${kind}.statements`),
  );
  const denied = statement.has("notStatement") ? [statement.object("notStatement.statement")] : [];
  return [statement, ...[...within, ...denied].flatMap(statementsOf)];
}

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html */
const largest = 5000;

/** Capacity units of string and pattern matches with what transforms before them. */
function capacityOf(props: Properties): number {
  return props
    .list("rules")
    .flatMap((rule) => statementsOf(rule.object("statement")))
    .reduce((sum, statement) => sum + unitsOf(statement), 0);
}

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-match.html */
function unitsOf(statement: Properties): number {
  const kinds = { byteMatchStatement: 2, regexMatchStatement: 3 };
  const [kind, base] = Object.entries(kinds).find(([name]) => statement.has(name)) ?? [];
  if (kind === undefined || base === undefined) return 0;
  const transformations = statement
    .list(`${kind}.textTransformations`)
    .filter((one) => one.string("type") !== "NONE");
  const isCostly = (statement.string(`${kind}.positionalConstraint`) ?? "").startsWith("CONTAINS");
  return (isCostly ? 10 : base) + 10 * transformations.length;
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}

/** AWS WAF. */
export const wafv2: readonly ResourceRule[] = [webAcl, association];
