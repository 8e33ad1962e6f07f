import { workloads } from "./capacity-contradictions";
import type { SoundSettings } from "./contradictions";
import { isOlder } from "./edge-contradictions";
import { placeOf } from "./queue";
import type { Finding } from "./schema-problems";
import { queueOf } from "./service";

/** Rules of workers that scale by what waits for them. */
export const queueRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  whatQueuesNeed,
  queuesWithinReach,
];

/** First version that an autoscaler can tell to take over. */
const kedaVersion = "2.14";

function whatQueuesNeed(settings: SoundSettings): Finding[] {
  const [first] = workloads(settings).filter(([, service]) => queueOf(service) !== undefined);
  if (first === undefined || settings.cluster === undefined) return [];
  const path = ["cluster", "provides", "keda"];
  const related = [["services", first[0], "queue"]];
  const { keda } = settings.cluster.provides;
  if (keda === undefined) {
    return [{ path, given: "missing", allowed: `the queue of ${first[0]} needs it`, related }];
  }
  if (!isOlder(keda.version, kedaVersion)) return [];
  const allowed = `must be at least ${kedaVersion}, the first that takes over from an autoscaler without a gap`;
  return [{ path: [...path, "version"], given: `is ${keda.version}`, allowed, related }];
}

/** A role reaches a queue of another account only where that one lets it, which is not seen here. */
function queuesWithinReach(settings: SoundSettings): Finding[] {
  return workloads(settings).flatMap(([name, service]): Finding[] => {
    const queue = queueOf(service);
    const at = ["services", name, "queue"];
    if (queue?.kind === "list" && service.cache === undefined) {
      const allowed = `needs a cache: the list is kept in that of ${name}`;
      const related = [["services", name, "cache"]];
      return [{ path: [...at, "kind"], given: "is list", allowed, related }];
    }
    const own = settings.aws?.accountId;
    if (queue?.kind !== "sqs" || own === undefined) return [];
    const { accountId } = placeOf(queue);
    if (accountId === own) return [];
    const allowed = `must be in the account ${own}, whose roles read it`;
    const related = [["aws", "accountId"]];
    return [{ path: [...at, "url"], given: `is in ${accountId}`, allowed, related }];
  });
}
