import { secret, unknown } from "../../../support/policy";
import { both, retype, set, type Cases } from "../../../support/policy-cases";

const container = "spec.template.spec.containers.0";
const env = `${container}.env`;
const token = `ghp_${"a".repeat(36)}`;
const written = (name: string) =>
  `api: \`spec.template.spec.containers[api].env[${name}].value\` is written out, and its name says that it is a credential`;

/** Cases of the rule over credentials that anybody may look at. */
export const cases: Readonly<Record<string, Cases>> = {
  "credentials-stay-out-of-plain-text": {
    violations: {
      "a password in a pod": [
        set("api", `${env}.0`, { name: "DATABASE_PASSWORD", value: "hunter2" }),
        written("DATABASE_PASSWORD"),
      ],
      "a DSN in a pod": [
        set("api", `${env}.0`, { name: "SENTRY_DSN", value: "https://k@o1.ingest.sentry.io/1" }),
        written("SENTRY_DSN"),
      ],
      ...Object.fromEntries(
        ["PGPASSWORD", "databasePassword", "SECRET_KEY", "DJANGO_SECRETKEY"].map((name) => [
          `a credential by the name ${name}`,
          [set("api", `${env}.0`, { name, value: "hunter2" }), written(name)],
        ]),
      ),
      ...Object.fromEntries(
        ["command", "args"].flatMap((place) => [
          [
            `a secret in a container's ${place}`,
            [
              set("api", `${container}.${place}`, ["run", secret("hello")]),
              `api: \`${container.replace(".0", "[api]")}.${place}[1]\` is marked as a secret`,
            ],
          ],
          [
            `an address with a password in a container's ${place}`,
            [
              set("api", `${container}.${place}`, ["--db=postgres://app:hunter2@db/app"]),
              `api: \`${container.replace(".0", "[api]")}.${place}[0]\` has the form of a credential`,
            ],
          ],
        ]),
      ),
      ...Object.fromEntries(
        [
          "redis://:hunter2@cache.internal:6379",
          "postgres://app:hunter$2@db.internal/app",
          `github_pat_${"a".repeat(22)}_${"b".repeat(59)}`,
          `ASIA${"A".repeat(16)}`,
        ].map((text) => [
          `${text} in a ConfigMap`,
          [
            set("api-config", "data.UPSTREAM", text),
            "api-config: `data.UPSTREAM` has the form of a credential",
          ],
        ]),
      ),
      ...Object.fromEntries(
        [
          ["kubernetes:core/v1:ConfigMapPatch", "api-config"] as const,
          [
            "github:index/actionsOrganizationVariable:ActionsOrganizationVariable",
            "delivery-region",
          ] as const,
        ].map(([type, name]) => [
          `a token in ${type}`,
          [
            both(
              retype(name, type),
              set(
                name,
                name === "api-config" ? "data" : "value",
                name === "api-config" ? { A: token } : token,
              ),
            ),
            `${name}: \`${name === "api-config" ? "data.A" : "value"}\` has the form of a credential`,
          ],
        ]),
      ),
      "a secret in a ConfigMap": [
        set("api-config", "data.GREETING", secret("hello")),
        "api-config: `data.GREETING` is marked as a secret",
      ],
      "an address with a password in a variable of the pipeline": [
        set("delivery-region", "value", "postgres://app:hunter2@db.internal/app"),
        "delivery-region: `value` has the form of a credential",
      ],
      "a token of GitHub in a ConfigMap": [
        set("api-config", "data.UPSTREAM", `ghp_${"a".repeat(36)}`),
        "api-config: `data.UPSTREAM` has the form of a credential",
      ],
      "a token as a variable of the repository": [
        both(
          retype("delivery-region", "github:index/actionsVariable:ActionsVariable"),
          set("delivery-region", "variableName", "NPM_TOKEN"),
        ),
        "delivery-region: `value` is written out, and its name says that it is a credential",
      ],
    },
    unknowns: {
      "a value that is computed": [
        set("delivery-region", "value", unknown),
        "delivery-region value",
      ],
      "a variable whose name is computed": [
        set("delivery-region", "variableName", unknown),
        "delivery-region value",
      ],
      "a ConfigMap that is computed": [set("api-config", "data", unknown), "api-config data"],
    },
    passes: {
      "names that only speak of credentials": set("api", env, [
        { name: "PASSWORD_MIN_LENGTH", value: "12" },
        { name: "TOKEN_URL", value: "https://auth.example.com/token" },
        { name: "MAX_TOKENS", value: "4096" },
      ]),
      "a command that is no secret": set("api", `${container}.args`, ["--password=$(PGPASSWORD)"]),
      "a variable made of another": set("api", env, [
        { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "api", key: "PGPASSWORD" } } },
        { name: "DATABASE_PASSWORD", value: "$(PGPASSWORD)" },
      ]),
      "an address whose password comes from elsewhere": set(
        "api-config",
        "data.DATABASE_URL",
        "postgres://app:$(DATABASE_PASSWORD)@db.internal/app",
      ),
    },
  },
};
