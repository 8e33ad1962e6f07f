import type { SoundSettings } from "./contradictions";
import type { Finding } from "./schema-problems";
import type { ServiceSettings } from "./service";

/**
 * Name under which the data of a service is kept and what people know it by from outside: the one
 * that it had at first.
 */
export function keptAs(
  name: string,
  { formerName }: Partial<Pick<ServiceSettings, "formerName">>,
): string {
  return formerName ?? name;
}

/** Refuses a former name that another service has or had: both would hold the same data. */
export function formerNamesThatAreFree({ services = {} }: SoundSettings): Finding[] {
  const renamed = Object.entries(services).flatMap(([name, { formerName }]) =>
    formerName === undefined ? [] : [{ name, formerName }],
  );
  return renamed.flatMap(({ name, formerName }, index): Finding[] => {
    const path = ["services", name, "formerName"];
    if (formerName === name) {
      return [{ path, given: `is ${formerName}`, allowed: "must be a name that it has no more" }];
    }
    const before = renamed.slice(0, index).find((one) => one.formerName === formerName);
    const holder = Object.hasOwn(services, formerName) ? formerName : before?.name;
    if (holder === undefined) return [];
    const allowed = `must be a name that no other service has or had: ${holder} keeps its data under it`;
    return [{ path, given: `is ${formerName}`, allowed, related: [["services", holder]] }];
  });
}
