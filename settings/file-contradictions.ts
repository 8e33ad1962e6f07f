import { workloads } from "./capacity-contradictions";
import type { SoundSettings } from "./contradictions";
import { cronGaps } from "./cron";
import { storeObjectName, volumeObjectName, type CopySettings } from "./file-copy";
import type { Path } from "./problem";
import type { Finding } from "./schema-problems";

/** What the settings of file copies allow one by one and not together. */
export const fileRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  copiesThatAreDaily,
  copiesThatOutlastTheirLock,
  volumesThatCanBeCopied,
  storesThatAreReached,
  namesThatCronJobsTake,
];

interface Copy {
  readonly copy: CopySettings;
  readonly at: Path;
}

function copies(settings: SoundSettings): Copy[] {
  const stores = Object.entries(settings.fileStores ?? {}).map(([name, copy]): Copy => ({
    copy,
    at: ["fileStores", name],
  }));
  const volumes = volumesOf(settings).flatMap(({ volume, at }): Copy[] =>
    volume.backup.notNeeded === undefined ? [{ copy: volume.backup, at: [...at, "backup"] }] : [],
  );
  return [...stores, ...volumes];
}

function volumesOf(settings: SoundSettings) {
  return workloads(settings).flatMap(([name, { volumes }]) =>
    Object.entries(volumes).map(([key, volume]) => ({
      volume,
      at: ["services", name, "volumes", key],
    })),
  );
}

/** E9-B2: a day at most between two starts, and each run ends before the next. */
function copiesThatAreDaily(settings: SoundSettings): Finding[] {
  return copies(settings).flatMap(({ copy, at }): Finding[] => {
    const path = [...at, "schedule"];
    const gaps = cronGaps(copy.schedule);
    if (gaps === undefined) {
      const allowed = "must name a time that comes: minute, hour, day, month, day of the week";
      return [{ path, given: `is "${copy.schedule}"`, allowed }];
    }
    if (gaps.longest > 1440) {
      const given = `leaves up to ${gaps.longest} minutes between starts`;
      return [{ path, given, allowed: "files are copied at least every 1440 minutes" }];
    }
    if (copy.runMinutes <= gaps.shortest) return [];
    const given = `starts a copy every ${gaps.shortest} minutes`;
    const allowed = `a run may take ${copy.runMinutes} minutes, and the next would not start: lower runMinutes or start less often`;
    return [{ path, given, allowed, related: [[...at, "runMinutes"]] }];
  });
}

/** SA-B2: what is to be removed is not locked any longer. */
function copiesThatOutlastTheirLock(settings: SoundSettings): Finding[] {
  const lockDays = settings.data?.lockDays ?? 0;
  return copies(settings).flatMap(({ copy, at }): Finding[] => {
    if (lockDays <= copy.retentionDays) return [];
    const related = [["data", "lockDays"]];
    const path = [...at, "retentionDays"];
    const allowed = `must be at least the ${lockDays} days of data.lockDays`;
    return [{ path, given: `is ${copy.retentionDays}`, allowed, related }];
  });
}

/** CB-W5: a volume that no other pod may mount can't be copied by one. */
function volumesThatCanBeCopied(settings: SoundSettings): Finding[] {
  return volumesOf(settings).flatMap(({ volume, at }): Finding[] => {
    if (volume.accessMode !== "ReadWriteOncePod" || volume.backup.notNeeded !== undefined) {
      return [];
    }
    const allowed =
      "needs backup.notNeeded with the reason, or accessMode ReadWriteMany: no job can read what one pod alone may hold";
    return [{ path: [...at, "backup"], given: "can't be copied", allowed }];
  });
}

/** A store's settings fit to where it is, and its objects' names are free. */
function storesThatAreReached({ fileStores = {}, services = {} }: SoundSettings): Finding[] {
  return Object.entries(fileStores).flatMap(([name, { endpoint, keyArn }]): Finding[] => {
    const at = ["fileStores", name];
    const taken = Object.hasOwn(services, storeObjectName(name));
    const allowed = `the service ${storeObjectName(name)} has objects of this name`;
    const strange = endpoint !== undefined && keyArn !== undefined;
    return [
      ...(taken ? [{ path: at, given: "is no free name", allowed }] : []),
      ...(strange
        ? [
            {
              path: [...at, "keyArn"],
              given: "is a key of AWS",
              allowed: "the endpoint is not AWS",
            },
          ]
        : []),
    ];
  });
}

/** Longest name of a CronJob: a job's own adds eleven characters. @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ */
const longestName = 52;

function namesThatCronJobsTake(settings: SoundSettings): Finding[] {
  return volumesOf(settings).flatMap(({ volume, at }): Finding[] => {
    const name = volumeObjectName(String(at[1]), String(at[3]));
    if (volume.backup.notNeeded !== undefined || name.length <= longestName) return [];
    const allowed = `may have ${longestName}: the job that copies it is called ${name}`;
    return [{ path: at, given: `makes a name of ${name.length} characters`, allowed }];
  });
}
