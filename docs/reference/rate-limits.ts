import { join } from "node:path";
import { limitsOf } from "../../components/edge/limiter/limits";
import { hostsOf } from "../../settings/edge";
import { readGiven } from "../../settings/read";
import { resolveSettings } from "../../settings/resolve";
import type { Settings } from "../../settings/stack";
import { codes, table } from "./markdown";

const root = join(__dirname, "../..");

/** Page of the limits that production declares, for those who call its services (SA-W1). */
export function rateLimitsPage(settings: Settings): string {
  const { hosts } = limitsOf(settings);
  const services = Object.entries(settings.services).flatMap(([name, service]) => {
    if (service.kind !== "http" || service.edge?.rateLimits === undefined) return [];
    const own = hostsOf(name, service.edge, settings.domain);
    const declared = own[0] === undefined ? undefined : hosts[own[0]];
    if (declared === undefined) return [];
    const rows = Object.entries(declared.limits).map(([limit, { paths, requests, windowMs }]) => [
      limit,
      codes(paths),
      requests,
      duration(windowMs),
    ]);
    const exempt = `Not limited: ${codes([...new Set(declared.exempt)])}, with all below them.`;
    return [`## ${name}`, `Hosts: ${codes(own)}.`, table(["limit", "paths", "requests", "in any"], rows), exempt];
  });
  return `${[intro, ...services].join("\n\n")}\n`;
}

const intro = `<!-- Written by \`npm run docs\` from the settings of production. -->

# Rate limits

Each client has a number of requests that are served in any window of the length below: the window slides, and
begins at no fixed time. A path counts with all below it, whatever its case, against every limit that lists it. The
request after the last one is answered with \`429 Too Many Requests\`, the header \`Retry-After\` in seconds, and

\`\`\`json
{ "error": "Too many requests", "message": "Please try again later", "retryAfter": 42 }
\`\`\`

A refused request is not counted. A client is an IPv4 address, or an IPv6 network of 64 bits. The application has
the same numbers as \`RATE_LIMIT_<NAME>_REQUESTS\` and \`RATE_LIMIT_<NAME>_WINDOW_MS\`.`;

function duration(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes % 60 !== 0) return `${minutes} minutes`;
  return minutes === 60 ? "hour" : `${minutes / 60} hours`;
}

/** The page of the repository's own production. */
export function ownPage(): string {
  const resolution = resolveSettings(readGiven(root, "production"));
  if (!resolution.ok) throw new Error("the settings of production are not valid");
  return rateLimitsPage(resolution.settings);
}
