import { cacheServer, cacheWith } from "../../support/cache-settings";
import { resolveSettings } from "../../../settings/resolve";
import { entriesOf, without } from "../../../settings/tree";
import {
  apiWith,
  givenOf,
  problemsOf,
  smallConfiguration,
  stackWith,
  type Configuration,
} from "../../support/settings";

const at = "Pulumi.staging.yaml: shop:";
const pagerduty = { escalation: [{ delayMinutes: 10, users: ["PABC123"] }] };
const routes = (target: string) =>
  Object.fromEntries(["P1", "P2", "P3", "P4", "P5"].map((priority) => [priority, [target]]));

describe("a configuration is refused", () => {
  it.each<[string, Configuration, string]>([
    [
      "that replaces the catalogue",
      stackWith({ services: {} }),
      `${at}services: replaces services; it stands in Pulumi.yaml and is the same everywhere; what differs goes into overrides`,
    ],
    [
      "that overrides what is no service",
      stackWith({ overrides: { api: { image: { digest: `sha256:${"0".repeat(64)}` } }, wbe: {} } }),
      `${at}overrides.wbe: names no service; services of the catalogue are api, web; did you mean "web"?`,
    ],
    [
      "that overrides the kind of a service",
      apiWith({ kind: "worker" }),
      `${at}overrides.api.kind: replaces the kind; a service is of one kind everywhere, that of Pulumi.yaml`,
    ],
    [
      "that removes what is not there",
      apiWith({ volumes: null }),
      `${at}overrides.api.volumes: removes what is not there; null removes a key that comes from elsewhere; leave the line out`,
    ],
    [
      "with a secret of Pulumi in it",
      apiWith({ environment: { LOG_LEVEL: { secure: "v1:abc" } } }),
      `${at}overrides.api.environment.LOG_LEVEL: is a secret; settings hold none: declare it under a service's \`secrets\` and put its value into Secrets Manager`,
    ],
    [
      "with a plain variable that is a secret by its name",
      apiWith({ environment: { SMTP_PASSWORD: "hunter2" } }),
      `${at}overrides.api.environment.SMTP_PASSWORD: is a secret by its name; declare it under \`secrets\``,
    ],
    [
      "with a variable that carries a bucket's name",
      apiWith({
        environment: { BUCKET_MEDIA: "other" },
        buckets: { media: { name: "acme-media", access: "read" } },
      }),
      `${at}overrides.api.environment.BUCKET_MEDIA: sets BUCKET_MEDIA; BUCKET_MEDIA is set by plinth, from \`buckets\``,
    ],
    [
      "with fewer replicas at most than at least",
      apiWith({ replicas: { min: 5, max: 4 } }),
      `${at}overrides.api.replicas.min: is 5; must be at most replicas.max, which is 4`,
    ],
    [
      "with a default that contradicts what is said",
      apiWith({ replicas: { max: 1 } }),
      `${at}overrides.api.replicas.min: is 2 by default; must be at most replicas.max, which is 1`,
    ],
    [
      "with a cache that no server has",
      cacheWith({}, { server: "mian" }),
      `${at}overrides.api.cache.server: is "mian"; must be one of caches: main`,
    ],
    [
      "with nodes of a cache in one zone",
      cacheWith({ nodes: 2, subnets: ["subnet-0a1b2c3d"] }),
      `${at}caches.main.subnets: names 1; 2 nodes need subnets in at least 2 zones`,
    ],
    [
      "with snapshots of what can be computed again",
      cacheWith({ use: "cache", snapshotDays: 7 }),
      `${at}caches.main.snapshotDays: unknown key; known are use, version, nodeType, subnets, securityGroups, network, nodes, thresholds`,
    ],
    [
      "with a cache whose name does not fit its server's",
      stackWith({ caches: { "a-name-of-twenty-seven-chars": cacheServer } }),
      `${at}caches.a-name-of-twenty-seven-chars: has 28 characters; may have 26: ElastiCache takes 40 with what plinth adds`,
    ],
    [
      "with a variable that the cache sets",
      cacheWith({}, {}, { environment: { REDIS_HOST: "localhost" } }),
      `${at}overrides.api.environment.REDIS_HOST: sets REDIS_HOST; REDIS_HOST is set by plinth, from \`cache\``,
    ],
    [
      "with a CPU request above the limit",
      apiWith({ resources: { cpu: { request: "1.5", limit: "500m" } } }),
      `${at}overrides.api.resources.cpu.request: is 1.5; must be at most the limit, which is 500m`,
    ],
    [
      "with a memory request above the limit",
      apiWith({ resources: { memory: { request: "1Gi", limit: "1000Mi" } } }),
      `${at}overrides.api.resources.memory.request: is 1Gi; must be at most the limit, which is 1000Mi`,
    ],
    [
      "with one path for readiness and liveness",
      apiWith({ health: { readiness: "/up", liveness: "/up" } }),
      `${at}overrides.api.health.liveness: is /up; must differ from health.readiness: a pod that waits for a dependency would be restarted`,
    ],
    [
      "with a volume for one pod under several replicas",
      apiWith({
        volumes: {
          data: {
            mountPath: "/data",
            size: "1Gi",
            accessMode: "ReadWriteOncePod",
            backup: { notNeeded: "It can be made again." },
          },
        },
      }),
      `${at}overrides.api.volumes.data.accessMode: is ReadWriteOncePod; must be ReadWriteMany, or replicas.max 1 instead of 4`,
    ],
    [
      "with two volumes at one path",
      apiWith({
        volumes: {
          a1: { mountPath: "/data", size: "1Gi" },
          b1: { mountPath: "/data", size: "1Gi" },
        },
      }),
      `${at}overrides.api.volumes.b1.mountPath: is /data; "a1" is mounted there`,
    ],
    [
      "with a variable that two claim",
      apiWith({ environment: { JWT: "x" } }),
      "Pulumi.yaml: config.services.default.api.secrets.jwt: sets JWT; environment.JWT sets it already",
    ],
    [
      "with a variable of the Datadog Agent",
      apiWith({ environment: { DD_ENV: "x" } }),
      `${at}overrides.api.environment.DD_ENV: sets DD_ENV; DD_ENV is set by plinth, for the Datadog Agent`,
    ],
    [
      "with a variable of its own database",
      apiWith({ environment: { DATABASE_HOST: "x" } }),
      `${at}overrides.api.environment.DATABASE_HOST: sets DATABASE_HOST; DATABASE_HOST is set by plinth, from \`database\``,
    ],
    [
      "with the variable of its own port",
      apiWith({ environment: { PORT: "1" } }),
      `${at}overrides.api.environment.PORT: sets PORT; PORT is set by plinth, from \`port\``,
    ],
    [
      "with a Slack workspace that no handle can carry",
      stackWith({
        alerting: { routes: routes("slack:#a"), slack: { account: "Acme Corporation" } },
      }),
      `${at}alerting.slack.account: is "Acme Corporation"; must be letters, digits, dots, hyphens and underscores: the handle @slack-ACCOUNT-CHANNEL ends at a space`,
    ],
    [
      "with a rotation of what somebody else checks",
      apiWith({
        secrets: { stripe: { purpose: "charges", kind: "issued", rotation: { everyDays: 30 } } },
      }),
      `${at}overrides.api.secrets.stripe.rotation.everyDays: is 30, and the secret is issued; plinth rotates what is of kind: generated; else say cannotRotate: the reason, and renewDays`,
    ],
    [
      "with a variable that carries the value before a rotation",
      apiWith({
        environment: { COOKIE_PREVIOUS: "x" },
        secrets: { cookie: { purpose: "signs", kind: "generated", rotation: { everyDays: 30 } } },
      }),
      `${at}overrides.api.secrets.cookie: sets COOKIE_PREVIOUS; environment.COOKIE_PREVIOUS sets it already`,
    ],
    [
      "with a secret that plinth keeps itself",
      apiWith({
        secrets: {
          "database-password": {
            purpose: "opens it",
            variable: "PW",
            kind: "issued",
            rotation: { cannotRotate: "It is somebody else's." },
          },
        },
      }),
      `${at}overrides.api.secrets.database-password: is no free name; plinth keeps an entry of this name itself`,
    ],
    [
      "with a database on no server",
      apiWith({ database: { server: "mian" } }),
      `${at}overrides.api.database.server: is "mian"; must be one of databaseServers: main`,
    ],
    [
      "with a dump that is locked for longer than it is kept",
      stackWith({ data: { lockDays: 31 } }),
      `${at}data.lockDays: is 31; must be at most the 30 days that dumps of api are kept`,
    ],
    [
      "with recovery days that Secrets Manager does not take",
      stackWith({ data: { secretRecoveryDays: 3 } }),
      `${at}data.secretRecoveryDays: is 3; Secrets Manager takes 0 for none, or 7 to 30`,
    ],
    [
      "whose glass somebody of another account breaks",
      stackWith({ breakGlass: ["arn:aws:iam::999988887777:role/break-glass"] }),
      `${at}breakGlass[0]: is "arn:aws:iam::999988887777:role/break-glass"; must be of account 111122223333: no other may read its secrets`,
    ],
    [
      "that pages without a pager",
      stackWith({ alerting: { routes: { ...routes("email:a@acme.example"), P1: ["pagerduty"] } } }),
      `${at}alerting.routes.P1[0]: is "pagerduty"; needs alerting.pagerduty`,
    ],
    [
      "that tells a channel without a workspace",
      stackWith({ alerting: { routes: { ...routes("email:a@acme.example"), P2: ["slack:#a"] } } }),
      `${at}alerting.routes.P2[0]: is "slack:#a"; needs alerting.slack`,
    ],
    [
      "with a level of escalation that calls nobody",
      stackWith({
        alerting: {
          routes: routes("pagerduty"),
          pagerduty: { ...pagerduty, escalation: [{ delayMinutes: 5 }] },
        },
      }),
      `${at}alerting.pagerduty.escalation[0]: calls nobody; name at least one of users or schedules`,
    ],
    [
      "with reviewers of whom there is none",
      stackWith({ delivery: { branches: ["main"], reviewers: {} } }),
      `${at}delivery.reviewers: names 0; GitHub takes 1 to 6 teams and users in all; leave the section out for none`,
    ],
    [
      "with more reviewers than GitHub takes",
      stackWith({
        delivery: { branches: ["main"], reviewers: { teams: [1, 2, 3, 4], users: [5, 6, 7] } },
      }),
      `${at}delivery.reviewers: names 7; GitHub takes 1 to 6 teams and users in all; leave the section out for none`,
    ],
    [
      "of a stack whose name cannot stand in a bucket's",
      { ...smallConfiguration(), environment: "QA" },
      'Pulumi.QA.yaml: (name of the stack): is "QA"; must be lower-case letters, digits and hyphens, starting with a letter',
    ],
    [
      "with names that are too long together",
      { ...smallConfiguration(), environment: "s".repeat(38) },
      `Pulumi.${"s".repeat(38)}.yaml: (name of the stack): makes 42 characters with the project's; may make 41: a bucket carries both`,
    ],
  ])("%s", (_, configuration, line) => {
    expect(problemsOf(configuration)).toContain(line);
  });

  it.each(["externalSecrets", "reloader", "metricsServer", "datadogAgent"])(
    "whose cluster lacks %s",
    (part) => {
      const cluster = without(smallConfiguration().stack["cluster"], ["provides", part]);
      const lines = problemsOf(stackWith({ cluster }));
      expect(lines).toEqual([
        expect.stringMatching(`^${at}cluster.provides.${part}: missing; api runs`),
      ]);
    },
  );

  it("with two services on one database", () => {
    const small = smallConfiguration();
    const entries = Object.fromEntries(entriesOf(small.catalogue["services"]));
    const database = { server: "main", name: "api" };
    const jobs = { kind: "worker", image: { repository: "ghcr.io/acme/jobs" }, database };
    const image = { digest: `sha256:${"0".repeat(64)}` };
    const lines = problemsOf({
      ...small,
      catalogue: { ...small.catalogue, services: { ...entries, jobs } },
      stack: { ...small.stack, overrides: { api: { image }, jobs: { image } } },
    });
    expect(lines).toEqual([
      'Pulumi.yaml: config.services.default.jobs.database.name: is "api"; api uses this database of "main" already',
    ]);
  });

  it("with keys of a namespace that nothing reads", () => {
    const given = givenOf(smallConfiguration());
    const problems = [{ file: "f", path: "aws:region", given: "nothing reads this key" }];
    const resolution = resolveSettings({ ...given, stack: { ...given.stack, problems } });
    expect(resolution).toEqual({ ok: false, problems });
  });
});
