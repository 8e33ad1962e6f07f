import type { Properties } from "../../properties";
import type { CloudObject, Context, Problem, ResourceRule } from "../rule";
import { apiError, iamArn, jsonObject, lengthBetween, numberBetween, sameAccount } from "./common";
import { covers, parsePolicy, type Statement } from "./policy-document";

const api = "https://docs.aws.amazon.com/IAM/latest/APIReference";
const roleType = "aws:iam/role:Role";
const rolePolicyType = "aws:iam/rolePolicy:RolePolicy";
const policyType = "aws:iam/policy:Policy";
const attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const named = /^[\w+=,.@-]+$/;

const role: ResourceRule = {
  type: roleType,
  source: `${api}/API_CreateRole.html`,
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  autoname: { property: "name", maxLength: 64, unless: ["namePrefix"] },
  check: (props) => [
    ...nameProblems(props, 64),
    ...lengthBetween(props, "description", 0, 1000),
    ...numberBetween(props, "maxSessionDuration", 3600, 43200),
    ...jsonObject(props, "assumeRolePolicy"),
  ],
  refuse: (props) => {
    const text = props.string("assumeRolePolicy") ?? "";
    const doing = `creating IAM Role (${props.string("name") ?? ""})`;
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    if (sizeOf(text) > 2048) {
      return apiError(doing, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048");
    }
    const fault = trustFault(text);
    return fault && apiError(doing, "MalformedPolicyDocument", fault);
  },
  identity: (props, { account }) => {
    const name = props.string("name") ?? "";
    const message = `Role with name ${name} already exists.`;
    return {
      // Names are unique without regard to case.
      key: `iam-role ${account} ${name.toLowerCase()}`,
      taken: apiError(`creating IAM Role (${name})`, "EntityAlreadyExists", message),
    };
  },
  id: (props) => props.string("name") ?? "",
  outputs: (props, context) => ({
    arn: iamArn(context, `role${props.string("path") ?? "/"}${props.string("name") ?? ""}`),
    createDate: context.createdAt.replace(/\.\d+Z$/, "Z"),
    uniqueId: `AROA${context.letters("role", 17)}`,
  }),
  replaceOn: ["name", "namePrefix", "path"],
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
  refuseDelete: (self, context) => {
    const doing = `deleting IAM Role (${self.id})`;
    const force = self.properties.boolean("forceDetachPolicies") === true;
    if (!force && ofRole(rolePolicyType, self.id, context).length > 0) {
      return apiError(doing, "DeleteConflict", "Cannot delete entity, must delete policies first.");
    }
    if (force || ofRole(attachmentType, self.id, context).length === 0) return undefined;
    const message = "Cannot delete entity, must detach all policies first.";
    return apiError(doing, "DeleteConflict", message);
  },
  deletesAlso: ({ id }, context) =>
    [rolePolicyType, attachmentType].flatMap((type) => ofRole(type, id, context)),
};

const rolePolicy: ResourceRule = {
  type: rolePolicyType,
  source: `${api}/API_PutRolePolicy.html`,
  autoname: { property: "name", maxLength: 128, unless: ["namePrefix"] },
  check: (props) => [...nameProblems(props, 128), ...jsonObject(props, "policy")],
  refuse: (props, context) => {
    const [name, owner] = [props.string("name") ?? "", props.string("role") ?? ""];
    const doing = `putting IAM Role (${owner}) Policy (${name})`;
    const missing = missingRole(doing, owner, context);
    if (missing !== undefined) return missing;
    const fault = identityFault(props.string("policy") ?? "");
    if (fault !== undefined) return apiError(doing, "MalformedPolicyDocument", fault);
    const others = ofRole(rolePolicyType, owner, context)
      .filter(({ properties }) => properties.string("name") !== name)
      .map(({ properties }) => properties);
    const size = [props, ...others].reduce(
      (sum, one) => sum + sizeOf(one.string("policy") ?? ""),
      0,
    );
    if (size <= 10240) return undefined;
    const message = `Maximum policy size of 10240 bytes exceeded for role ${owner}`;
    return apiError(doing, "LimitExceeded", message);
  },
  id: (props) => `${props.string("role") ?? ""}:${props.string("name") ?? ""}`,
  replaceOn: ["name", "namePrefix", "role"],
};

const policy: ResourceRule = {
  type: policyType,
  source: `${api}/API_CreatePolicy.html`,
  defaults: { path: "/" },
  autoname: { property: "name", maxLength: 128, unless: ["namePrefix"] },
  check: (props) => [...nameProblems(props, 128), ...jsonObject(props, "policy")],
  refuse: (props) => {
    const doing = `creating IAM Policy (${props.string("name") ?? ""})`;
    const text = props.string("policy") ?? "";
    if (sizeOf(text) > 6144) {
      return apiError(doing, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144");
    }
    const fault = identityFault(text);
    return fault && apiError(doing, "MalformedPolicyDocument", fault);
  },
  identity: (props, { account }) => {
    const name = props.string("name") ?? "";
    const message = `A policy called ${name} already exists. Duplicate names are not allowed.`;
    return {
      key: `iam-policy ${account} ${name.toLowerCase()}`,
      taken: apiError(`creating IAM Policy (${name})`, "EntityAlreadyExists", message),
    };
  },
  id: policyArn,
  outputs: (props, context) => ({
    arn: policyArn(props, context),
    policyId: `ANPA${context.letters("policy", 17)}`,
    attachmentCount: 0,
  }),
  replaceOn: ["description", "name", "namePrefix", "path"],
  refuseDelete: ({ id }, { cloud }) => {
    if (cloud.find(attachmentType, { policyArn: id }) === undefined) return undefined;
    const message = "Cannot delete a policy attached to entities.";
    return apiError(`deleting IAM Policy (${id})`, "DeleteConflict", message);
  },
};

const attachment: ResourceRule = {
  type: attachmentType,
  source: `${api}/API_AttachRolePolicy.html`,
  refuse: (props, context) => {
    const [target, owner] = [props.string("policyArn") ?? "", props.string("role") ?? ""];
    const doing = `attaching IAM Policy (${target}) to IAM Role (${owner})`;
    const missing = missingRole(doing, owner, context);
    const managedByAws = /^arn:aws[a-z-]*:iam::aws:policy\//.test(target);
    if (missing !== undefined || managedByAws) return missing;
    if (context.cloud.find(policyType, { id: target }) !== undefined) return undefined;
    const message = `Policy ${target} does not exist or is not attachable.`;
    return apiError(doing, "NoSuchEntity", message);
  },
  id: (props) => `${props.string("role") ?? ""}/${props.string("policyArn") ?? ""}`,
  replaceOn: ["policyArn", "role"],
};

const oidcProvider: ResourceRule = {
  type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  source: `${api}/API_CreateOpenIDConnectProvider.html`,
  check: (props) => {
    const url = props.string("url");
    const isUrl =
      url === undefined || (/^https:\/\//.test(url) && URL.canParse(url) && !/[?#]/.test(url));
    const long = props.strings("thumbprintLists").findIndex((one) => one.length !== 40);
    const length = "expected length of thumbprint_list to be in the range (40 - 40)";
    return [
      ...(isUrl ? [] : [{ property: "url", reason: `expected "url" to be a valid HTTPS URL` }]),
      ...(long === -1 ? [] : [{ property: `thumbprintLists[${long}]`, reason: length }]),
    ];
  },
  identity: (props, context) => {
    const message = `Provider with url ${props.string("url") ?? ""} already exists.`;
    return {
      key: `iam-oidc ${oidcArn(props, context)}`,
      taken: apiError("creating IAM OIDC Provider", "EntityAlreadyExists", message),
    };
  },
  id: oidcArn,
  outputs: (props, context) => ({
    arn: oidcArn(props, context),
    ...(props.has("thumbprintLists") ? {} : { thumbprintLists: [context.hex("thumbprint", 40)] }),
  }),
  replaceOn: ["url"],
};

/** Rules of Identity and Access Management. */
export const iam: readonly ResourceRule[] = [role, rolePolicy, policy, attachment, oidcProvider];

function nameProblems(props: Properties, longest: number): readonly Problem[] {
  const name = props.string("name");
  const reason = "must match [\\w+=,.@-]";
  return [
    ...lengthBetween(props, "name", 1, longest),
    ...(name === undefined || named.test(name) ? [] : [{ property: "name", reason }]),
  ];
}

/** IAM does not count white space. */
function sizeOf(text: string): number {
  return text.replaceAll(/\s/g, "").length;
}

function policyArn(props: Properties, context: Context): string {
  return iamArn(context, `policy${props.string("path") ?? "/"}${props.string("name") ?? ""}`);
}

function oidcArn(props: Properties, context: Context): string {
  const url = (props.string("url") ?? "").replace(/^https:\/\//, "").replace(/\/$/, "");
  return iamArn(context, `oidc-provider/${url}`);
}

function ofRole(type: string, name: string, context: Context): readonly CloudObject[] {
  return context.cloud.list(type, { role: name }).filter((one) => sameAccount(context, one));
}

function missingRole(doing: string, name: string, context: Context): string | undefined {
  const roles = context.cloud.list(roleType, { id: name });
  if (roles.some((one) => sameAccount(context, one))) return undefined;
  return apiError(doing, "NoSuchEntity", `The role with name ${name} cannot be found.`);
}

function identityFault(text: string): string | undefined {
  const statements = parsePolicy(text, "identity");
  if (typeof statements === "string") return statements;
  const plain = statements
    .flatMap(({ resources }) => resources)
    .find((resource) => resource !== "*" && !/^(arn|\*):/.test(resource));
  return plain && `Resource ${plain} must be in ARN format or "*".`;
}

/** What IAM refuses in a trust policy. A federated provider need not exist. */
function trustFault(text: string): string | undefined {
  const statements = parsePolicy(text, "trust");
  if (typeof statements === "string") return statements;
  if (statements.some(({ actions }) => actions.some((action) => !/^sts:/i.test(action)))) {
    return "AssumeRole policy may only specify STS AssumeRole actions.";
  }
  return statements.some(trustsAllOfGitHub)
    ? "The trust policy does not evaluate the claims that the shared OIDC provider token.actions.githubusercontent.com requires."
    : undefined;
}

/**
 * GitHub is one provider for everybody: without a condition on who asks, any repository gets in.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
 */
function trustsAllOfGitHub({ allows, principals, conditions }: Statement): boolean {
  const issuer = "token.actions.githubusercontent.com";
  const narrowed = conditions.some(
    ({ key, values, operator }) =>
      [`${issuer}:sub`, `${issuer}:job_workflow_ref`].includes(key.toLowerCase()) &&
      !/Not|Null|IfExists/.test(operator) &&
      !values.some((value) => covers(value, "repo:anybody/anything:ref:refs/heads/main")),
  );
  return allows && !narrowed && principals.some(({ value }) => value.endsWith(`/${issuer}`));
}
