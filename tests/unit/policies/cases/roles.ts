import { unknown } from "../../../support/policy";
import { add, document, set, type Cases } from "../../../support/policy-cases";

const allow = (more: object) => document({ Effect: "Allow", Resource: "*", ...more });
const read = (more: object) => allow({ Action: "secretsmanager:GetSecretValue", ...more });
const secret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/test/api-1b2c3d";
const tooWide = "api-backup-policy: `policy.Statement[0]` allows more than a task can need";

/** Cases of the rule over what a role may do. */
export const cases: Readonly<Record<string, Cases>> = {
  "roles-are-bounded": {
    violations: {
      "every action": [set("api-backup-policy", "policy", allow({ Action: "*" })), tooWide],
      "every action on one bucket": [
        set("api-backup-policy", "policy", allow({ Action: "*", Resource: "arn:aws:s3:::a" })),
        tooWide,
      ],
      "every action, by a policy of its own": [
        add("aws:iam/policy:Policy", "own", { props: { policy: allow({ Action: "*" }) } }),
        "own: `policy.Statement[0]` allows more than a task can need",
      ],
      "a policy of AWS that administers, in the role": [
        set("delivery-role", "managedPolicyArns", ["arn:aws:iam::aws:policy/IAMFullAccess"]),
        "delivery-role: `managedPolicyArns[0]` administers the account",
      ],
      "a whole service on everything": [
        set("api-backup-policy", "policy", allow({ Action: ["s3:*"] })),
        tooWide,
      ],
      ...Object.fromEntries(
        ["*:*", "**", "?*"].map((pattern) => [
          `every action, as ${pattern}`,
          [
            set("api-backup-policy", "policy", allow({ Action: pattern, Resource: secret })),
            tooWide,
          ],
        ]),
      ),
      "a whole service on everything but one": [
        set(
          "api-backup-policy",
          "policy",
          allow({ Action: "s3:*", Resource: undefined, NotResource: "arn:aws:s3:::a" }),
        ),
        tooWide,
      ],
      "a whole service on all its buckets": [
        set("api-backup-policy", "policy", allow({ Action: "S3:**", Resource: "arn:aws:s3:::*" })),
        tooWide,
      ],
      ...Object.fromEntries(
        [
          "arn:aws:secretsmanager:*:*:secret:*",
          "arn:aws:secretsmanager:eu-central-1:111122223333:*",
          "arn:*",
        ].map((arn) => [
          `every secret, as ${arn}`,
          [set("api-backup-policy", "policy", read({ Resource: [secret, arn] })), tooWide],
        ]),
      ),
      ...Object.fromEntries(
        ["secretsmanager:*Value", "secretsmanager:G*", "kms:D*", "iam:*Role", "sts:A*"].map(
          (pattern) => [
            `what opens doors on everything, as ${pattern}`,
            [set("api-backup-policy", "policy", allow({ Action: pattern })), tooWide],
          ],
        ),
      ),
      ...Object.fromEntries(
        Object.entries({
          "no key": {},
          "no operator's key": { StringEquals: {} },
          "transport alone": { Bool: { "aws:SecureTransport": "true" } },
          "a pattern that all meet": { StringLike: { "kms:ViaService": "*" } },
        }).map(([title, Condition]) => [
          `every secret under a condition of ${title}`,
          [set("api-backup-policy", "policy", read({ Condition })), tooWide],
        ]),
      ),
      "an account as a number": [
        set("api-backup-policy", "policy", read({ Resource: [111122223333, "*"] })),
        tooWide,
      ],
      "a policy of AWS that administers, attached to several roles": [
        add("aws:iam/policyAttachment:PolicyAttachment", "admin", {
          props: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        }),
        "admin: `policyArn` administers the account",
      ],
      "a policy of AWS that administers, in the list of all that a role has": [
        add("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "admin", {
          props: { policyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
        }),
        "admin: `policyArns[0]` administers the account",
      ],
      "every action but some": [
        set("api-backup-policy", "policy", allow({ NotAction: "iam:*" })),
        tooWide,
      ],
      "every secret": [
        set("api-backup-policy", "policy", allow({ Action: "secretsmanager:GetSecretValue" })),
        tooWide,
      ],
      "a policy of AWS that administers": [
        add("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "admin", {
          props: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        }),
        "admin: `policyArn` administers the account",
      ],
      "one within the role": [
        set("delivery-role", "inlinePolicies", [{ name: "all", policy: allow({ Action: "*" }) }]),
        "delivery-role: `inlinePolicies[all].policy.Statement[0]` allows more than a task can need",
      ],
    },
    unknowns: {
      "a condition that is computed": [
        set("api-backup-policy", "policy", {
          Statement: [
            { Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: { a: unknown } },
          ],
        }),
        "api-backup-policy policy",
      ],
      "a policy that is computed": [
        set("api-backup-policy", "policy", unknown),
        "api-backup-policy policy",
      ],
    },
    passes: {
      "a whole service on one bucket": set(
        "api-backup-policy",
        "policy",
        allow({ Action: "s3:*", Resource: "arn:aws:s3:::shop-test-backups/*" }),
      ),
      "the secrets of one path": set(
        "api-backup-policy",
        "policy",
        read({ Resource: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/test/*" }),
      ),
      "a password made up, which is no secret's yet": set(
        "api-backup-policy",
        "policy",
        allow({ Action: "secretsmanager:GetRandomPassword" }),
      ),
      "one secret": set(
        "api-backup-policy",
        "policy",
        allow({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:a" }),
      ),
      "a policy of AWS that reads": add(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "reads",
        { props: { policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" } },
      ),
      "a denial of everything": set(
        "api-backup-policy",
        "policy",
        allow({ Effect: "Deny", Action: "*" }),
      ),
      "decryption through one service": set(
        "api-backup-policy",
        "policy",
        allow({
          Action: "kms:Decrypt",
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
        }),
      ),
      "listing, which has no resource": set(
        "api-backup-policy",
        "policy",
        allow({ Action: "ec2:DescribeInstances" }),
      ),
    },
  },
};
