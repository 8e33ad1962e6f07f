import { credentialsStayOutOfPlainText } from "./across/credentials-stay-out-of-plain-text";
import { dsnStaysInSecretsManager } from "./across/dsn-stays-in-secrets-manager";
import { externalSecretsAreDeclared } from "./across/external-secrets-are-declared";
import { monitorHandlesHaveOwners } from "./across/monitor-handles-have-owners";
import { noStaticCloudCredentials } from "./across/no-static-cloud-credentials";
import { pipelineRolesMatchEnvironments } from "./across/pipeline-roles-match-environments";
import { providersNameTheirAccount } from "./across/providers-name-their-account";
import { secretsReachAConsumer } from "./across/secrets-reach-a-consumer";
import { secretsRotate } from "./across/secrets-rotate";
import { serviceAccountRolesMatch } from "./across/service-account-roles-match";
import { statefulResourcesAreProtected } from "./across/stateful-resources-are-protected";
import { workloadsAreWatched } from "./across/workloads-are-watched";
import { backupsStayAsWritten } from "./aws/backups-stay-as-written";
import { bucketsBlockPublicAccess } from "./aws/buckets-block-public-access";
import { bucketsEncryptWithOwnKey } from "./aws/buckets-encrypt-with-own-key";
import { bucketsRefusePlainHttp } from "./aws/buckets-refuse-plain-http";
import { keysRotate } from "./aws/keys-rotate";
import { pipelineTrustIsPinned } from "./aws/pipeline-trust-is-pinned";
import { policiesNameTheirCallers } from "./aws/policies-name-their-callers";
import { rolesAreBounded } from "./aws/roles-are-bounded";
import { secretsCanBeRecovered } from "./aws/secrets-can-be-recovered";
import { secretsNameTheirReaders } from "./aws/secrets-name-their-readers";
import { secretsUseOwnKey } from "./aws/secrets-use-own-key";
import { monitorsDecideOnSilence } from "./datadog/monitors-decide-on-silence";
import { monitorsSayWhatToDo } from "./datadog/monitors-say-what-to-do";
import { monitorsWatchOneEnvironment } from "./datadog/monitors-watch-one-environment";
import { environmentsRestrictBranches } from "./github/environments-restrict-branches";
import { productionNeedsApproval } from "./github/production-needs-approval";
import { autoscaledWorkloadsOmitReplicas } from "./kubernetes/autoscaled-workloads-omit-replicas";
import { containersHaveReadOnlyRoot } from "./kubernetes/containers-have-read-only-root";
import { containersHoldNoPrivileges } from "./kubernetes/containers-hold-no-privileges";
import { containersStateResources } from "./kubernetes/containers-state-resources";
import { cronjobsCannotPileUp } from "./kubernetes/cronjobs-cannot-pile-up";
import { disruptionBudgetsLetPodsGo } from "./kubernetes/disruption-budgets-let-pods-go";
import { imagesArePinned } from "./kubernetes/images-are-pinned";
import { podReferencesExist } from "./kubernetes/pod-references-exist";
import { podsRunAsNonRoot } from "./kubernetes/pods-run-as-non-root";
import { podsStayOffTheHost } from "./kubernetes/pods-stay-off-the-host";
import { podsUseSeccomp } from "./kubernetes/pods-use-seccomp";
import { probesAreDistinct } from "./kubernetes/probes-are-distinct";
import { servicesReachAPort } from "./kubernetes/services-reach-a-port";
import { workloadsHaveOneAutoscaler } from "./kubernetes/workloads-have-one-autoscaler";
import { escalationsGoOn } from "./pagerduty/escalations-go-on";
import { incidentsStayOpen } from "./pagerduty/incidents-stay-open";
import { keysAreRateLimited } from "./sentry/keys-are-rate-limited";
import { retiredAlertsAreRefused } from "./sentry/retired-alerts-are-refused";
import type { Rule } from "./lib/rule";

/** Every rule of the pack, by provider and name. */
export const catalogue: readonly Rule[] = [
  credentialsStayOutOfPlainText,
  dsnStaysInSecretsManager,
  externalSecretsAreDeclared,
  monitorHandlesHaveOwners,
  noStaticCloudCredentials,
  pipelineRolesMatchEnvironments,
  providersNameTheirAccount,
  secretsReachAConsumer,
  secretsRotate,
  serviceAccountRolesMatch,
  statefulResourcesAreProtected,
  workloadsAreWatched,
  backupsStayAsWritten,
  bucketsBlockPublicAccess,
  bucketsEncryptWithOwnKey,
  bucketsRefusePlainHttp,
  keysRotate,
  pipelineTrustIsPinned,
  policiesNameTheirCallers,
  rolesAreBounded,
  secretsCanBeRecovered,
  secretsNameTheirReaders,
  secretsUseOwnKey,
  monitorsDecideOnSilence,
  monitorsSayWhatToDo,
  monitorsWatchOneEnvironment,
  environmentsRestrictBranches,
  productionNeedsApproval,
  autoscaledWorkloadsOmitReplicas,
  containersHaveReadOnlyRoot,
  containersHoldNoPrivileges,
  containersStateResources,
  cronjobsCannotPileUp,
  disruptionBudgetsLetPodsGo,
  imagesArePinned,
  podReferencesExist,
  podsRunAsNonRoot,
  podsStayOffTheHost,
  podsUseSeccomp,
  probesAreDistinct,
  servicesReachAPort,
  workloadsHaveOneAutoscaler,
  escalationsGoOn,
  incidentsStayOpen,
  keysAreRateLimited,
  retiredAlertsAreRefused,
];
