import { backupRules } from "./backup-contradictions";
import { captchaRules } from "./captcha-contradictions";
import { cacheRules } from "./cache-contradictions";
import { capacityRules, databases, workloads } from "./capacity-contradictions";
import { hostRules } from "./external-hosts";
import { fileRules } from "./file-contradictions";
import { edgeRules } from "./edge-contradictions";
import { metricsThatTheAgentReads } from "./metrics";
import type { Finding } from "./schema-problems";
import { formerNamesThatAreFree } from "./former-name";
import { servicesThatNobodyShadows } from "./object-names";
import { queueRules } from "./queue-contradictions";
import { strategyRules } from "./strategy-contradictions";
import { serviceContradictions } from "./service-contradictions";
import { consumersThatCanRead } from "./shared-secrets";
import type { Settings } from "./stack";

/** Settings of which broken sections and services are left out. */
export type SoundSettings = Partial<Settings>;

/** Everything that each setting allows by itself and the settings together do not. */
export function contradictions(settings: SoundSettings): Finding[] {
  const services = Object.entries(settings.services ?? {});
  return [
    ...services.flatMap(([name, service]) => serviceContradictions(name, service)),
    ...stackRules.flatMap((rule) => rule(settings)),
  ];
}

const stackRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  whatTheClusterProvides,
  servicesThatNobodyShadows,
  metricsThatTheAgentReads,
  callsThatReachSomebody,
  databaseServersThatExist,
  databasesThatDiffer,
  targetsThatExist,
  escalationThatReachesSomebody,
  reviewersInRange,
  buildSecretsThatSomebodyReads,
  consumersThatCanRead,
  locksWithinRetention,
  recoveryDaysThatAreTaken,
  breakGlassOfTheAccount,
  ...backupRules,
  ...fileRules,
  ...hostRules,
  formerNamesThatAreFree,
  ...edgeRules,
  ...captchaRules,
  ...cacheRules,
  ...strategyRules,
  ...queueRules,
  ...capacityRules,
];

function whatTheClusterProvides(settings: SoundSettings): Finding[] {
  const [first] = workloads(settings);
  if (first === undefined || settings.cluster === undefined) return [];
  const { provides } = settings.cluster;
  const needed = [
    { part: "externalSecrets", use: "brings secrets to its pods" },
    { part: "reloader", use: "restarts its pods when a secret changes" },
    { part: "metricsServer", use: "feeds its autoscaler" },
    { part: "datadogAgent", use: "feeds its monitors" },
  ] as const;
  return needed.flatMap(({ part, use }) => {
    if (provides[part] !== undefined) return [];
    const allowed = `${first[0]} runs in the cluster and needs it: it ${use}`;
    return [{ path: ["cluster", "provides", part], given: "missing", allowed }];
  });
}

function callsThatReachSomebody(settings: SoundSettings): Finding[] {
  const callers = workloads(settings);
  const reached = callers.flatMap(([name, { kind }]) => (kind === "http" ? [name] : []));
  return callers.flatMap(([name, { calls }]) =>
    calls.flatMap((callee, index): Finding[] => {
      const others = reached.filter((other) => other !== name);
      if (others.includes(callee)) return [];
      const allowed = `must be another service of kind http: ${others.join(", ") || "there is none"}`;
      return [{ path: ["services", name, "calls", index], given: `is "${callee}"`, allowed }];
    }),
  );
}

function databaseServersThatExist(settings: SoundSettings): Finding[] {
  const { databaseServers } = settings;
  if (databaseServers === undefined) return [];
  const servers = Object.keys(databaseServers);
  return databases(settings).flatMap(([name, { server }]) => {
    if (servers.includes(server)) return [];
    const path = ["services", name, "database", "server"];
    const allowed = `must be one of databaseServers: ${servers.join(", ") || "none is declared"}`;
    return [
      {
        path,
        given: `is "${server}"`,
        allowed,
        related: [["databaseServers"]],
      },
    ];
  });
}

function databasesThatDiffer(settings: SoundSettings): Finding[] {
  const all = databases(settings);
  return all.flatMap(([name, { server, name: database }], index) => {
    const first = all
      .slice(0, index)
      .find(([, other]) => other.server === server && other.name === database);
    if (first === undefined) return [];
    const path = ["services", name, "database", "name"];
    const allowed = `${first[0]} uses this database of "${server}" already`;
    return [
      {
        path,
        given: `is "${database}"`,
        allowed,
        related: [["services", first[0]]],
      },
    ];
  });
}

function targetsThatExist({ alerting }: SoundSettings): Finding[] {
  if (alerting === undefined) return [];
  return Object.entries(alerting.routes).flatMap(([priority, targets]) =>
    targets.flatMap((target, index) => {
      const section = target === "pagerduty" ? "pagerduty" : "slack";
      if (target.startsWith("email:") || alerting[section] !== undefined) return [];
      const path = ["alerting", "routes", priority, index];
      const related = [["alerting", section]];
      return [{ path, given: `is "${target}"`, allowed: `needs alerting.${section}`, related }];
    }),
  );
}

function escalationThatReachesSomebody({ alerting }: SoundSettings): Finding[] {
  return (alerting?.pagerduty?.escalation ?? []).flatMap(({ users, schedules }, index) => {
    if (users.length + schedules.length > 0) return [];
    const path = ["alerting", "pagerduty", "escalation", index];
    return [
      {
        path,
        given: "calls nobody",
        allowed: "name at least one of users or schedules",
      },
    ];
  });
}

function reviewersInRange({ delivery }: SoundSettings): Finding[] {
  if (delivery?.reviewers === undefined) return [];
  const { teams, users } = delivery.reviewers;
  const count = teams.length + users.length;
  if (count >= 1 && count <= 6) return [];
  const allowed = "GitHub takes 1 to 6 teams and users in all; leave the section out for none";
  return [{ path: ["delivery", "reviewers"], given: `names ${count}`, allowed }];
}

function buildSecretsThatSomebodyReads({ services = {}, delivery }: SoundSettings): Finding[] {
  if (delivery !== undefined) return [];
  return Object.entries(services).flatMap(([name, service]) => {
    if (service.kind !== "browser" || Object.keys(service.build.secrets).length === 0) return [];
    const allowed = "needs delivery: the pipeline's role reads them";
    const path = ["services", name, "build", "secrets"];
    return [{ path, given: "are read by nobody", allowed, related: [["delivery"]] }];
  });
}

function locksWithinRetention(settings: SoundSettings): Finding[] {
  const { data } = settings;
  if (data === undefined) return [];
  return databases(settings).flatMap(([name, { backup }]) => {
    if (data.lockDays <= backup.retentionDays) return [];
    const path = ["data", "lockDays"];
    const allowed = `must be at most the ${backup.retentionDays} days that dumps of ${name} are kept`;
    const related = [["services", name, "database", "backup", "retentionDays"]];
    return [{ path, given: `is ${data.lockDays}`, allowed, related }];
  });
}

function recoveryDaysThatAreTaken({ data }: SoundSettings): Finding[] {
  const days = data?.secretRecoveryDays ?? 0;
  if (days === 0 || days >= 7) return [];
  const allowed = "Secrets Manager takes 0 for none, or 7 to 30";
  return [{ path: ["data", "secretRecoveryDays"], given: `is ${days}`, allowed }];
}

/** Other accounts are refused whatever they are called. */
function breakGlassOfTheAccount({ aws, breakGlass = [] }: SoundSettings): Finding[] {
  if (aws === undefined) return [];
  return breakGlass.flatMap((arn, index): Finding[] => {
    if (arn.split(":")[4] === aws.accountId) return [];
    const allowed = `must be of account ${aws.accountId}: no other may read its secrets`;
    const related = [["aws", "accountId"]];
    return [{ path: ["breakGlass", index], given: `is "${arn}"`, allowed, related }];
  });
}
