import { AlertRouting } from "./components/alerting/alert-routing";
import { declareTrail } from "./components/audit/trail";
import { declareBackupScripts } from "./components/backups/backup-scripts";
import { declareVaults } from "./components/backups/backup-replica";
import { declareStoreCopies } from "./components/backups/file-copies";
import { declareCaches } from "./components/cache/caches";
import { declarePipelineRole } from "./components/delivery/pipeline-role";
import { namespaceArgs, retentionByPrefix, sharedOnDemand } from "./components/environment";
import { sentryTeamOf } from "./components/errors/sentry-team";
import { namesOf } from "./components/names";
import { declareDelivery } from "./components/pipeline";
import { cloudProviders, replicaProvider } from "./components/providers";
import { declareWatch } from "./components/secret-watch";
import { declareSecretsKeys } from "./components/secrets/secrets-key";
import { declareRotation } from "./components/service-secrets";
import { declareServices } from "./components/services";
import { EnvironmentNamespace } from "./components/workload/environment-namespace";
import { loadSettings } from "./settings/load";

const { settings, environment: env, project } = loadSettings();
const names = namesOf({ project, env });
const providers = cloudProviders(settings, env);
const opts = { providers };

// What the services of the environment share.
const ground = new EnvironmentNamespace("namespace", namespaceArgs(settings, names, env), opts);
const onGround = { ...opts, dependsOn: ground };
const elsewhere = replicaProvider(settings, env);
const secretsKeys = declareSecretsKeys({ settings, names, elsewhere }, opts);
const secretsKeyArn = secretsKeys.key.arn;
const secretsReplica = secretsKeys.replica;
const retention = retentionByPrefix(settings);
const { vault, replica } = declareVaults({ settings, names, retention, elsewhere }, opts);
const alerting = new AlertRouting(
  "alerting",
  { pagerService: names.pager, alerting: settings.alerting },
  opts,
);
const sentryTeam = sentryTeamOf(settings, providers.sentry);
const pipelineRole = declarePipelineRole(settings, env, opts);

// The catalogue.
const caches = declareCaches({ settings, env, names, alerting }, opts);
const rotation = declareRotation({ settings, env, names, alerting, secretsKeys }, opts);
const { namespace } = ground;
const onCluster = { provider: providers.kubernetes };
const scriptName = declareBackupScripts({ settings, env, namespace }, onCluster);
const declared = { namespace, secretsKeyArn, secretsReplica, vault, alerting, sentryTeam };
const pipelineRoleArn = pipelineRole?.arn;
const shared = { settings, env, names, caches, rotation, scriptName, pipelineRoleArn, ...declared };
const beside = [sharedOnDemand(shared, onGround), declareStoreCopies(shared, onGround)];
const services = declareServices(shared, onGround);

// What the pipeline may touch.
declareDelivery({ settings, env, services, secretsKeyArn, pipelineRole }, opts);

// Who reads secrets, and which of them nobody renews.
const readers = [...beside, ...Object.values(services).map((service) => service.readers)];
declareTrail(settings, names, opts);
const watch = { readers, pipelineRoleArn, rotation, elsewhere };
declareWatch({ settings, env, names, alerting, ...watch }, opts);

// An output that is undefined is warned about at every run.
export const namespaceName = namespace;
export const backupBucket = vault.bucketName;
export const replicationRoleArn = replica?.roleArn ?? null;
export const deployRoleArn = pipelineRoleArn ?? null;
