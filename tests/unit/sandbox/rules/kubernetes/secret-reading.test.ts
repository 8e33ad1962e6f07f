import type { CloudObject } from "../../../../../sandbox/rules/rule";
import { live, ruleOf } from "../../../../support/kubernetes-rules";
import { existing, ruleContext } from "../../../../support/rule-context";

const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/token-a1B2c3";
const arn = "arn:aws:iam::111122223333:role/api";
const action = "secretsmanager:GetSecretValue";

const self = live("external-secrets.io/v1:ExternalSecret", "shop/secret", {
  metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
  spec: {
    secretStoreRef: { kind: "SecretStore", name: "api" },
    data: [{ secretKey: "TOKEN", remoteRef: { key: "shop/token" } }],
  },
});
const auth = { jwt: { serviceAccountRef: { name: "api" } } };
const store = live("external-secrets.io/v1:SecretStore", "shop/api", {
  spec: { provider: { aws: { service: "SecretsManager", region: "eu-central-1", auth } } },
});
const annotations = { "eks.amazonaws.com/role-arn": arn };
const account = live("core/v1:ServiceAccount", "shop/api", { metadata: { annotations } });
const trusting = (name: string) =>
  existing("aws:iam/role:Role", "api", {
    arn,
    assumeRolePolicy: JSON.stringify({ sub: `system:serviceaccount:shop:${name}` }),
  });
const entry = existing("aws:secretsmanager/secret:Secret", secretArn, { name: "shop/token" });
const version = existing("aws:secretsmanager/secretVersion:SecretVersion", "v", {
  secretId: secretArn,
});

const document = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const grant = (Resource: string | string[], Action: string = action) =>
  existing("aws:iam/rolePolicy:RolePolicy", "api:own", {
    role: "api",
    policy: document({ Effect: "Allow", Action, Resource }),
  });
const readers = (...named: string[]) =>
  existing("aws:secretsmanager/secretPolicy:SecretPolicy", secretArn, {
    secretArn,
    policy: document({
      ...{ Effect: "Deny", Principal: "*", Action: action, Resource: "*" },
      Condition: { ArnNotLike: { "aws:PrincipalArn": named } },
    }),
  });

/** Why the Secret is not there among these objects and the entry. */
const problem = (...objects: CloudObject[]) =>
  ruleOf("external-secrets.io/v1:ExternalSecret").unready?.(
    self,
    ruleContext([entry, version, ...objects]),
  )[1];

test("CB-W6: a store that reads as a service account needs its role, which trusts that account", () => {
  const bare = live("core/v1:ServiceAccount", "shop/api");
  expect(problem()).toContain('could not get SecretStore "api"');
  expect(problem(store)).toContain('ServiceAccount "api" not found');
  expect(problem(store, bare)).toContain(
    "an IAM role must be associated with service account api (namespace: shop)",
  );
  expect(problem(store, account, trusting("web"))).toContain("AccessDenied");
  expect(problem(store, account, trusting("api"), grant("*"))).toBeUndefined();
});

const own = secretArn.replace(/token-.*/, "*");
const brought = "brought";
const none = "because no identity-based policy allows the secretsmanager:GetSecretValue action";
const denied = "with an explicit deny in a resource-based policy";
const attached = existing("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
  role: "api",
});

test.each<[string, readonly CloudObject[], string]>([
  ["its path is granted", [grant(own)], brought],
  [
    "it is granted among others",
    [grant(["arn:aws:s3:::b", `${secretArn.slice(0, -6)}??????`])],
    brought,
  ],
  ["its policy names the role", [grant(own), readers("arn:aws:iam::*:role/x", arn)], brought],
  ["a managed policy may grant it", [attached], brought],
  ["nothing is granted", [], none],
  ["another entry is granted", [grant(secretArn.replace("token", "tokens"))], none],
  ["another action is granted", [grant(own, "secretsmanager:DescribeSecret")], none],
  ["its policy names others", [grant("*"), readers("arn:aws:iam::111122223333:role/web")], denied],
])("NS-S3: the role of a store and an entry where %s", (_, objects, reason) => {
  expect(problem(store, account, trusting("api"), ...objects) ?? brought).toContain(reason);
});
