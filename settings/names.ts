import type { SoundSettings } from "./contradictions";
import type { Given } from "./layers";
import type { Problem } from "./problem";
import type { Finding } from "./schema-problems";

/** Name of the limiter of requests among the services of an environment. */
export const limiterName = "request-limiter";

/** Name of the keys by which new pods are judged, among the services of an environment. */
export const analysisName = "rollout-analysis";

/** Most characters of project and stack together: the bucket `<project>-<stack>-backups-<account>` may have 63. */
export const longestScope = 63 - "--backups-".length - 12;

/** Most characters of a project's name in Sentry, which is `<project>-<stack>-<service>`. */
export const longestErrorProject = 50;

const pattern = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** What is wrong with the names of project and stack, which physical names are built from. */
export function scopeProblems({ project, environment, stack }: Given): Problem[] {
  const allowed = "must be lower-case letters, digits and hyphens, starting with a letter";
  const names = [
    { file: project.file, path: "name", name: project.project },
    { file: stack.file, path: "(name of the stack)", name: environment },
  ];
  const malformed = names
    .filter(({ name }) => !pattern.test(name))
    .map(({ file, path, name }) => ({
      file,
      path,
      given: name === "" ? "missing" : `is "${name}"`,
      allowed,
    }));
  const length = project.project.length + environment.length;
  if (length <= longestScope) return malformed;
  const given = `makes ${length} characters with the project's`;
  const most = `may make ${longestScope}: a bucket carries both`;
  return [...malformed, { file: stack.file, path: "(name of the stack)", given, allowed: most }];
}

/** Services whose names are too long for what carries project, stack and service. */
export function crowdedServices(scope: string, { services = {} }: SoundSettings): Finding[] {
  const room = longestErrorProject - scope.length - 2;
  return Object.keys(services)
    .filter((service) => service.length > room)
    .map((service) => ({
      path: ["services", service],
      given: `has ${service.length} characters`,
      allowed: `may have ${room}: its project in Sentry also carries project and stack, ${longestErrorProject} at most`,
    }));
}
