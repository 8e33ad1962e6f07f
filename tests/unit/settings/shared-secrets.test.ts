import { withValue } from "../../../sandbox/plain";
import {
  problemsOf,
  settingsOf,
  smallConfiguration,
  type Configuration,
} from "../../support/settings";
import { sharedSecrets } from "../../../settings/shared-secrets";
import type { Tree } from "../../../settings/tree";

const image = { repository: "ghcr.io/acme/jobs", digest: `sha256:${"0".repeat(64)}` };
const key = { purpose: "signs tokens", kind: "generated", rotation: { everyDays: 90 } };
const at = "Pulumi.yaml: config.services.default.api.secrets.jwt.consumers";

/** The small configuration whose `api` shares its key, with `jobs` and `mail` beside it. */
function sharing(consumers: unknown, change: Tree = {}): Configuration {
  const small = smallConfiguration();
  const jobs = { kind: "worker", image, ...change };
  const mail = { kind: "worker", image };
  const added = [
    { path: ["services", "api", "secrets", "jwt", "consumers"], value: consumers },
    { path: ["services", "jobs"], value: jobs },
    { path: ["services", "mail"], value: mail },
  ];
  const catalogue = added.reduce<unknown>(
    (tree, { path, value }) => withValue(tree, path, value),
    small.catalogue,
  );
  return { ...small, catalogue: catalogue as Tree }; // of the same shape
}

/** The same, with what the stack says of `api`. */
function overridden(configuration: Configuration, secrets: unknown): Configuration {
  const path = ["overrides", "api", "secrets"];
  return { ...configuration, stack: withValue(configuration.stack, path, secrets) as Tree }; // of the same shape
}

const others = "must be another service in the cluster: jobs, mail";

test.each<[string, Configuration, string[]]>([
  ["with another service", sharing(["jobs"]), []],
  ["with two", sharing(["jobs", "mail"]), []],
  ["with nobody", sharing([]), []],
  [
    "with a service that has an entry of the same name, in another variable",
    sharing(["jobs"], { secrets: { jwt: { ...key, variable: "OWN_KEY" } } }),
    [],
  ],
  ["with the service itself", sharing(["api"]), [`${at}[0]: is "api"; ${others}`]],
  ["with what is no service", sharing(["jobs", "jbos"]), [`${at}[1]: is "jbos"; ${others}`]],
  ["with a front end, which has no pods", sharing(["web"]), [`${at}[0]: is "web"; ${others}`]],
  [
    "twice with the same",
    sharing(["jobs", "jobs"]),
    [`${at}: is a list of 2; must name nothing twice`],
  ],
  [
    "with more than a tag can name",
    sharing(["aa", "ab", "ac", "ad", "ae", "af"]),
    [`${at}: is a list of 6; must be a list of 0 to 5`],
  ],
  [
    "with a service whose variable it would take",
    sharing(["jobs"], { environment: { JWT: "x" } }),
    [
      `${at}[0]: is "jobs"; its pods have another JWT already, which is set by services.jobs.environment.JWT`,
    ],
  ],
  [
    "with a service that has an entry of the same name",
    sharing(["jobs"], { secrets: { jwt: key } }),
    [
      `${at}[0]: is "jobs"; its pods have another JWT already, which is set by services.jobs.secrets.jwt`,
    ],
  ],
  [
    "with a service that has the variable of the value before",
    sharing(["jobs"], { environment: { JWT_PREVIOUS: "x" } }),
    [
      `${at}[0]: is "jobs"; its pods have another JWT_PREVIOUS already, which is set by services.jobs.environment.JWT_PREVIOUS`,
    ],
  ],
  [
    "with a service that shares one of its own in return",
    sharing(["jobs"], { secrets: { "from-jobs": { ...key, consumers: ["api"] } } }),
    [],
  ],
])("a secret that is shared %s", (_, configuration, problems) => {
  expect(problemsOf(configuration)).toEqual(problems);
});

test("two secrets of one variable are not shared with the same service", () => {
  const both = sharing(["mail"], { secrets: { jwt: { ...key, consumers: ["mail"] } } });
  expect(problemsOf(both)).toEqual([
    `Pulumi.yaml: config.services.default.jobs.secrets.jwt.consumers[0]: is "mail"; its pods have another JWT already, which is set by services.api.secrets.jwt`,
  ]);
});

test("a variable that a service gets for its cache or database is not shared with it", () => {
  const database = { server: "main", name: "jobs" };
  const owned = sharing(["jobs"], { database });
  const named = overridden(owned, { jwt: { variable: "DATABASE_KEY" } });
  const catalogue = withValue(named.catalogue, ["services", "api", "database"], undefined) as Tree; // of the same shape
  expect(problemsOf({ ...named, catalogue })).toEqual([
    `${at}[0]: is "jobs"; its pods have another DATABASE_KEY already, which is set by plinth, from \`database\``,
  ]);
});

test("the secret of a build is shared with nobody", () => {
  const small = smallConfiguration();
  const shared = { ...key, consumers: ["api"] };
  const path = ["services", "web", "build", "secrets", "token"];
  const catalogue = withValue(small.catalogue, path, shared) as Tree; // of the same shape
  const stack = { ...small.stack, delivery: { branches: ["main"] } };
  expect(problemsOf({ ...small, catalogue, stack })).toEqual([
    "Pulumi.yaml: config.services.default.web.build.secrets.token.consumers: unknown key; known are purpose, owner, kind, variable, rotation, minimumLength",
  ]);
});

test("an environment says for itself with whom a secret is shared", () => {
  const shares = (configuration: Configuration) =>
    sharedSecrets(settingsOf(configuration)).map(({ consumer }) => consumer);
  const given = sharing(["jobs", "mail"]);
  expect(shares(given)).toEqual(["jobs", "mail"]);
  expect(shares(overridden(given, { jwt: { consumers: ["mail"] } }))).toEqual(["mail"]);
  expect(shares(overridden(given, { jwt: { consumers: [] } }))).toEqual([]);
});

test("of a service that is wrong by itself nothing else is said for those who share with it", () => {
  const problems = problemsOf(sharing(["jobs"], { port: 80 }));
  expect(problems).toEqual([expect.stringContaining("default.jobs.port")]);
});
