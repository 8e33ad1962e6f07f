import type { SoundSettings } from "./contradictions";
import { hostsOf, type EdgeSettings } from "./edge";
import { edges } from "./edge-contradictions";
import type { Path } from "./problem";
import type { Finding } from "./schema-problems";

/** Rules of what asks people for a CAPTCHA (NS-W4). */
export const captchaRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  whatItStandsOn,
  patternsThatFit,
  capacityThatSuffices,
];

/** A service some of whose paths are behind a CAPTCHA. */
export interface Guarded {
  readonly name: string;
  readonly edge: EdgeSettings;
  readonly captcha: NonNullable<EdgeSettings["captcha"]>;
}

/** Every such service. */
export function guarded(settings: SoundSettings): Guarded[] {
  return edges(settings).flatMap(([name, edge]): Guarded[] =>
    edge.captcha === undefined ? [] : [{ name, edge, captcha: edge.captcha }],
  );
}

/** Most characters of a pattern. @see https://docs.aws.amazon.com/waf/latest/APIReference/API_RegexMatchStatement.html */
const longestPattern = 512;

/** Pattern of paths with all below them, as the gateway takes prefixes. */
export function pathPattern(paths: readonly string[]): string {
  const prefixes = paths.map((path) =>
    path.replace(/\/+$/, "").replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"),
  );
  return `^(${prefixes.join("|")})(/|$)`;
}

/** Most capacity units of a web ACL. @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html */
const capacity = 5000;

/**
 * Capacity units that a service takes: a match by start or of the whole costs 2, by a pattern 3, and
 * each transformation before it 10.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-string-match.html
 */
function unitsOf(hosts: number): number {
  return hosts * (2 + 10) + (3 + 10 + 10) + 2;
}

function whatItStandsOn(settings: SoundSettings): Finding[] {
  const [first] = guarded(settings);
  const gateway = settings.cluster?.provides.gateway;
  if (first === undefined || gateway === undefined) return [];
  const related = [at(first)];
  const path = ["cluster", "provides", "gateway", "loadBalancerArn"];
  const { loadBalancerArn } = gateway;
  if (loadBalancerArn === undefined) {
    const allowed = `the CAPTCHA of ${first.name} needs it: the web ACL is asked there`;
    return [{ path, given: "missing", allowed, related }];
  }
  const [, , , region, accountId] = loadBalancerArn.split(":");
  const { aws } = settings;
  if (aws === undefined || (region === aws.region && accountId === aws.accountId)) return [];
  const allowed = `must be in ${aws.region} of ${aws.accountId}, where the web ACL is`;
  return [{ path, given: `is in ${region ?? ""} of ${accountId ?? ""}`, allowed, related }];
}

function patternsThatFit(settings: SoundSettings): Finding[] {
  return guarded(settings).flatMap((one): Finding[] => {
    const { length } = pathPattern(one.captcha.paths);
    if (length <= longestPattern) return [];
    const allowed = `may make ${longestPattern}: one pattern holds them all`;
    return [
      { path: [...at(one), "paths"], given: `make a pattern of ${length} characters`, allowed },
    ];
  });
}

function capacityThatSuffices(settings: SoundSettings): Finding[] {
  const all = guarded(settings);
  const units = all.map(({ name, edge }) => unitsOf(hostsOf(name, edge, settings.domain).length));
  const sum = units.reduce((total, one) => total + one, 0);
  const [first] = all;
  if (first === undefined || sum <= capacity) return [];
  const allowed = `may take ${capacity}, as much as a web ACL has`;
  const given = `of ${all.length} services takes ${sum} capacity units`;
  return [{ path: at(first), given, allowed }];
}

function at({ name }: Guarded): Path {
  return ["services", name, "edge", "captcha"];
}
