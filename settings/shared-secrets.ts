import { workloads } from "./capacity-contradictions";
import type { SoundSettings } from "./contradictions";
import type { Path } from "./problem";
import type { Finding } from "./schema-problems";
import { variablesOf, type SecretSettings } from "./secret";
import { claimsOf, ownerOf, type Claim } from "./service-contradictions";
import type { WorkloadSettings } from "./service";

/** An entry of one service that another reads as well. */
export interface SharedSecret {
  /** Service that has the entry. */
  readonly owner: string;
  /** Name of the entry among the owner's. */
  readonly key: string;
  /** Service that reads it too. */
  readonly consumer: string;
  /** Its place among the consumers of the entry. */
  readonly index: number;
  /** What the owner says of it. */
  readonly secret: SecretSettings;
}

/** Every sharing of an entry between two services of an environment (NS-S1). */
export function sharedSecrets(settings: SoundSettings): SharedSecret[] {
  return workloads(settings).flatMap(([owner, { secrets }]) =>
    Object.entries(secrets).flatMap(([key, secret]) =>
      secret.consumers.map((consumer, index) => ({ owner, key, consumer, index, secret })),
    ),
  );
}

function pathOf({ owner, key, index }: SharedSecret): Path {
  return ["services", owner, "secrets", key, "consumers", index];
}

/** Refuses to share with what has no pods here, and what its pods have another value for. */
export function consumersThatCanRead(settings: SoundSettings): Finding[] {
  const services = new Map(workloads(settings));
  const shared = sharedSecrets(settings);
  return shared.flatMap((one, index): Finding[] => {
    const { owner, consumer } = one;
    const service = owner === consumer ? undefined : services.get(consumer);
    if (service !== undefined) return variableClash(one, service, shared.slice(0, index));
    const others = [...services.keys()].filter((name) => name !== owner);
    const allowed = `must be another service in the cluster: ${others.join(", ") || "there is none"}`;
    const related = [["services", consumer]];
    return [{ path: pathOf(one), given: `is "${consumer}"`, allowed, related }];
  });
}

/** A pod has one value of a variable. */
function variableClash(
  one: SharedSecret,
  service: WorkloadSettings,
  before: readonly SharedSecret[],
): Finding[] {
  const { consumer, key, secret } = one;
  const claims: Claim[] = [
    ...claimsOf(["services", consumer], service),
    ...before.filter((other) => other.consumer === consumer).flatMap(claimsOfShared),
  ];
  const given = `is "${consumer}"`;
  const related = [["services", consumer]];
  for (const variable of variablesOf(key, secret)) {
    const owner = ownerOf(variable, service);
    const setter = owner ?? claims.find((claim) => claim.variable === variable)?.path.join(".");
    if (setter === undefined) continue;
    const allowed = `its pods have another ${variable} already, which is set by ${setter}`;
    return [{ path: pathOf(one), given, allowed, related }];
  }
  return [];
}

function claimsOfShared(shared: SharedSecret): Claim[] {
  const path = pathOf(shared).slice(0, -2);
  return variablesOf(shared.key, shared.secret).map((variable) => ({ variable, path }));
}
