import { createHash } from "node:crypto";
import type { Properties } from "../../properties";
import type { Context, InvokeRule, Problem, ResourceRule } from "../rule";
import { environmentPath, findEnvironment } from "./environment";
import { exactlyOne, idPart, longestValue, repositoryId, restError, timestamp } from "./repository";

const secretType = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret";
const variableType = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable";

/** Most secrets, and most variables, of one environment. */
const mostValues = 100;

/** A secret of an environment. Creating one that is there overwrites its value. */
export const environmentSecret: ResourceRule = {
  type: secretType,
  // Names and limits: https://docs.github.com/en/actions/reference/security/secrets
  source: "https://docs.github.com/en/rest/actions/secrets#create-or-update-an-environment-secret",
  check: (props) => {
    const values = ["value", "valueEncrypted", "encryptedValue", "plaintextValue"];
    const reason =
      "only one of `encrypted_value,plaintext_value,value,value_encrypted` can be specified, and one must be";
    const needsKey = '"value_encrypted": all of `key_id,value_encrypted` must be specified';
    return [
      ...nameProblems(props, "secretName"),
      ...(exactlyOne(props, values) ? [] : [{ property: "value", reason }]),
      ...(props.has("keyId") && !props.has("valueEncrypted")
        ? [{ property: "keyId", reason: needsKey }]
        : []),
    ];
  },
  refuse: (props, context) => {
    const path = `${environmentPath(props)}/secrets`;
    if (findEnvironment(props, context) === undefined) {
      return restError("GET", context, `${path}/public-key`, "404 Not Found");
    }
    const name = props.string("secretName") ?? "";
    const value = props.string("value") ?? props.string("plaintextValue") ?? "";
    const reason = valuesFault(secretType, { name, value }, { props, context });
    return reason && restError("PUT", context, `${path}/${name}`, `422 ${reason}`);
  },
  identity: (props, { owner }) => ({
    key: `github-secret ${owner}/${environmentPath(props)}/${props.string("secretName") ?? ""}`.toLowerCase(),
    taken: "adopt",
  }),
  id: (props) => valueId(props, "secretName"),
  outputs: (props, context) => ({
    createdAt: timestamp(context.createdAt),
    updatedAt: timestamp(context.now),
    remoteUpdatedAt: timestamp(context.now),
    keyId: props.string("keyId") ?? publicKey(props, context).keyId,
    repositoryId: repositoryId(props.string("repository") ?? "", context),
  }),
  replaceOn: ["environment", "repository", "secretName"],
  // https://github.com/pulumi/pulumi-github/issues/223
  deleteBeforeReplace: true,
};

/** A variable of an environment. */
export const environmentVariable: ResourceRule = {
  type: variableType,
  // Names and limits: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
  source: "https://docs.github.com/en/rest/actions/variables#create-an-environment-variable",
  check: (props) => nameProblems(props, "variableName"),
  refuse: (props, context) => {
    const path = `${environmentPath(props)}/variables`;
    if (findEnvironment(props, context) === undefined) {
      return restError("POST", context, path, "404 Not Found");
    }
    const name = props.string("variableName") ?? "";
    const value = props.string("value") ?? "";
    const reason = valuesFault(variableType, { name, value }, { props, context });
    return reason && restError("POST", context, path, `422 ${reason}`);
  },
  identity: (props, context) => {
    const path = `${environmentPath(props)}/variables`;
    const name = props.string("variableName") ?? "";
    return {
      key: `github-variable ${context.owner}/${path}/${name}`.toLowerCase(),
      taken: restError("POST", context, path, "409 Already exists - Variable already exists"),
    };
  },
  id: (props) => valueId(props, "variableName"),
  outputs: (props, context) => ({
    createdAt: timestamp(context.createdAt),
    updatedAt: timestamp(context.now),
    repositoryId: repositoryId(props.string("repository") ?? "", context),
  }),
  replaceOn: ["environment", "repository", "variableName"],
};

/** The key by which a client encrypts an environment's secrets. */
export const getEnvironmentPublicKey: InvokeRule = {
  token: "github:index/getActionsEnvironmentPublicKey:getActionsEnvironmentPublicKey",
  source: "https://docs.github.com/en/rest/actions/secrets#get-an-environment-public-key",
  call: (args, context) => {
    if (findEnvironment(args, context) === undefined) {
      const path = `${environmentPath(args)}/secrets/public-key`;
      return restError("GET", context, path, "404 Not Found");
    }
    const { key, keyId } = publicKey(args, context);
    const [repository, environment] = [args.string("repository"), args.string("environment")];
    return { id: keyId, key, keyId, repository, environment };
  },
};

function publicKey(props: Properties, { owner }: Context) {
  const digest = createHash("sha256")
    .update(`${owner}/${environmentPath(props)}`)
    .digest();
  return { key: digest.toString("base64"), keyId: String(digest.readUIntBE(0, 6)).padEnd(18, "0") };
}

function valueId(props: Properties, name: string): string {
  const environment = idPart(props.string("environment") ?? "");
  return `${props.string("repository") ?? ""}:${environment}:${props.string(name) ?? ""}`;
}

function nameProblems(props: Properties, property: string): readonly Problem[] {
  const name = props.string(property);
  if (name === undefined) return [];
  const characters =
    "secret names can only contain alphanumeric characters or underscores and must not start with a number";
  return [
    ...(/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? [] : [{ property, reason: characters }]),
    ...(/^GITHUB_/i.test(name)
      ? [{ property, reason: "secret names must not start with the GITHUB_ prefix" }]
      : []),
  ];
}

interface Asked {
  readonly props: Properties;
  readonly context: Context;
}

function valuesFault(
  type: string,
  { name, value }: { readonly name: string; readonly value: string },
  { props, context }: Asked,
): string | undefined {
  if (Buffer.byteLength(value) > longestValue) return "The value is longer than 48 KB";
  const where = {
    repository: props.string("repository"),
    environment: props.string("environment"),
  };
  const others = context.cloud
    .list(type, { ...where, scope: context.scope })
    .map(({ properties }) => properties.string("secretName") ?? properties.string("variableName"))
    .filter((other) => other?.toLowerCase() !== name.toLowerCase());
  if (others.length < mostValues) return undefined;
  return `An environment can have at most ${mostValues} of them`;
}
