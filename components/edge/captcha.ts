import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { guarded, pathPattern, type Guarded } from "../../settings/captcha-contradictions";
import { hostsOf } from "../../settings/edge";
import type { Settings } from "../../settings/stack";

/** Inputs of {@link Captcha}. */
export interface CaptchaArgs {
  /** What asks for a CAPTCHA, in order. */
  readonly rules: readonly CaptchaRule[];
  /** Load balancer before the gateway; it has one web ACL at most. */
  readonly loadBalancerArn: string;
}

/** Paths of one service that people reach after a CAPTCHA alone. */
export interface CaptchaRule {
  /** Name of the service. */
  readonly service: string;
  /** Hosts of the service. */
  readonly hosts: readonly string[];
  /** Hosts whose pages call the service from elsewhere. */
  readonly callers: readonly string[];
  /** Paths, with all below them. */
  readonly paths: readonly string[];
  /** How long who solved one is let through, in seconds. */
  readonly immunitySeconds: number;
}

/** Asks people for a CAPTCHA on sensitive paths (NS-W4), before a request reaches the gateway. */
export class Captcha extends pulumi.ComponentResource {
  constructor(name: string, args: CaptchaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Captcha", name, args, opts);
    const acl = new aws.wafv2.WebAcl(name, webAclArgs(name, args.rules), { parent: this });
    new aws.wafv2.WebAclAssociation(
      `${name}-association`,
      { resourceArn: args.loadBalancerArn, webAclArn: acl.arn },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** What the settings ask for; nothing where no service does. */
export function captchaArgs(settings: Settings): CaptchaArgs | undefined {
  const rules = guarded(settings).map((one) => ruleOf(one, settings.domain));
  const loadBalancerArn = settings.cluster.provides.gateway?.loadBalancerArn;
  return rules.length === 0 || loadBalancerArn === undefined
    ? undefined
    : { rules, loadBalancerArn };
}

function ruleOf({ name, edge, captcha }: Guarded, domain: string | undefined): CaptchaRule {
  const hosts = hostsOf(name, edge, domain);
  const callers = (edge.cors?.origins ?? []).map((origin) => new URL(origin).hostname);
  return { service: name, hosts, callers, ...captcha };
}

/**
 * A web ACL that lets everything pass but what a rule holds up. A token counts where it was earned:
 * on the service's hosts and those of the pages that call it.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge.html
 */
export function webAclArgs(name: string, rules: readonly CaptchaRule[]): aws.wafv2.WebAclArgs {
  const domains = rules.flatMap(({ hosts, callers }) => [...hosts, ...callers]);
  return {
    description: "Asks people for a CAPTCHA on sensitive paths",
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    tokenDomains: [...new Set(domains)],
    visibilityConfig: visibility(name),
    rules: rules.map((rule, priority) => ({
      name: rule.service,
      priority,
      action: { captcha: {} },
      captchaConfig: { immunityTimeProperty: { immunityTime: rule.immunitySeconds } },
      statement: statementOf(rule),
      visibilityConfig: visibility(`${name}-${rule.service}`),
    })),
  };
}

function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

/** A browser asks OPTIONS by itself before it calls another origin, and nobody could solve anything then. */
function statementOf({ hosts, paths }: CaptchaRule) {
  const [first, ...others] = hosts.map(hostMatch);
  const ofHost =
    others.length === 0 || first === undefined
      ? first
      : { orStatement: { statements: [first, ...others] } };
  const options = {
    byteMatchStatement: {
      fieldToMatch: { method: {} },
      positionalConstraint: "EXACTLY",
      searchString: "OPTIONS",
      textTransformations: [{ priority: 0, type: "NONE" }],
    },
  };
  return {
    andStatement: {
      statements: [
        ...(ofHost === undefined ? [] : [ofHost]),
        { regexMatchStatement: pathMatch(paths) },
        { notStatement: { statement: options } },
      ],
    },
  };
}

/** By its start, as a client may name the port; in any case, as the gateway takes it. */
function hostMatch(host: string) {
  return {
    byteMatchStatement: {
      fieldToMatch: { singleHeader: { name: "host" } },
      positionalConstraint: "STARTS_WITH",
      searchString: host,
      textTransformations: [{ priority: 0, type: "LOWERCASE" }],
    },
  };
}

/** Decoded and without dots and doubled slashes, so that no spelling of a path goes round it. */
function pathMatch(paths: readonly string[]) {
  return {
    fieldToMatch: { uriPath: {} },
    regexString: pathPattern(paths),
    textTransformations: [
      { priority: 0, type: "URL_DECODE" },
      { priority: 1, type: "NORMALIZE_PATH" },
    ],
  };
}
