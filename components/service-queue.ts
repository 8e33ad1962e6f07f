import { keptAs } from "../settings/former-name";
import { queueOf } from "../settings/service";
import { keyPrefix } from "./cache/access";
import type { Running } from "./service-args";
import type { WorkQueue } from "./workload/scaled-object";

/** The queue of a worker, and how KEDA gets to it; settings refuse one that it cannot get to. */
export function workQueue(running: Running): WorkQueue | undefined {
  const { identity, settings, environment, secretName } = running;
  const queue = queueOf(settings);
  if (queue === undefined) return undefined;
  if (queue.kind === "sqs") {
    const { aws, cluster } = environment.settings;
    const { keda } = cluster.provides;
    if (keda === undefined) throw new Error(`nothing measures the queue of "${identity.service}"`);
    const { namespace, serviceAccount: name } = keda;
    const { accountId } = aws;
    return { ...queue, reader: { accountId, oidcIssuer: cluster.oidcIssuer, namespace, name } };
  }
  const cache = environment.caches[settings.cache?.server ?? ""];
  if (cache === undefined) throw new Error(`no cache for the queue of "${identity.service}"`);
  const user = keptAs(identity.service, settings);
  const password = { name: secretName, key: "REDIS_PASSWORD" };
  const { host, port } = cache;
  return { ...queue, host, port, user, prefix: keyPrefix(user), password };
}
