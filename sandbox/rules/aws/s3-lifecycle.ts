import type { Properties } from "../../properties";
import type { ResourceRule } from "../rule";
import { apiError, each, lengthBetween, numberBetween, oneOf } from "./common";
import { configuration, doingTo, s3Api } from "./s3-configuration";

const title = "Lifecycle Configuration";
const malformed =
  "The XML you provided was not well-formed or did not validate against our published schema";
const actions = [
  ...["abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration"],
  ...["noncurrentVersionTransitions", "transitions"],
];
const storageClasses = [
  ...["GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"],
];

/** What becomes of objects in time. A rule without filter and prefix holds for all: only a warning. */
export const s3Lifecycle: ResourceRule = configuration("BucketLifecycleConfiguration", title, {
  source: `${s3Api}/API_PutBucketLifecycleConfiguration.html`,
  check: (props) => [
    ...(Array.isArray(props.get("rules")) && props.list("rules").length === 0
      ? [{ property: "rules", reason: "list must contain at least 1 elements, got: 0" }]
      : []),
    ...each(props, "rules", (rule) => [
      ...lengthBetween(rule, "id", 1, 255),
      ...oneOf(rule, "status", ["Enabled", "Disabled"]),
      ...numberBetween(rule, "noncurrentVersionExpiration.noncurrentDays", 1, 2 ** 31 - 1),
      ...numberBetween(rule, "noncurrentVersionExpiration.newerNoncurrentVersions", 1, 100),
      ...each(rule, "transitions", (one) => oneOf(one, "storageClass", storageClasses)),
      ...each(rule, "noncurrentVersionTransitions", (one) =>
        oneOf(one, "storageClass", storageClasses),
      ),
    ]),
  ],
  refuse: (props) => {
    const rules = props.list("rules");
    const fault = rules.map(ruleFault).find((one) => one !== undefined) ?? idFault(rules);
    return fault && apiError(doingTo(title, props), ...fault);
  },
});

type Fault = readonly [code: string, message: string];

function idFault(rules: readonly Properties[]): Fault | undefined {
  const ids = new Set(rules.map((rule) => rule.string("id")));
  if (rules.length > 1000) return ["MalformedXML", malformed];
  if (ids.size === rules.length) return undefined;
  return ["InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule"];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html */
function ruleFault(rule: Properties): Fault | undefined {
  const filters = Object.keys(rule.object("filter").plain).length;
  if (filters > 1 || (rule.has("filter") && (rule.string("prefix") ?? "") !== "")) {
    return ["MalformedXML", malformed];
  }
  if (!actions.some((action) => rule.has(action))) {
    return ["InvalidRequest", "At least one action needs to be specified in a rule"];
  }
  return expirationFault(rule) ?? uploadFault(rule) ?? transitionFault(rule);
}

function expirationFault(rule: Properties): Fault | undefined {
  if (!rule.has("expiration")) return undefined;
  const expiration = rule.object("expiration");
  const marker = expiration.boolean("expiredObjectDeleteMarker") === true;
  const given = [expiration.has("date"), expiration.has("days"), marker].filter(Boolean);
  if (given.length !== 1) return ["MalformedXML", malformed];
  if ((expiration.number("days") ?? 1) < 1) {
    return ["InvalidArgument", "'Days' for Expiration action must be a positive integer"];
  }
  if (!marker || !isTagged(rule)) return undefined;
  return ["InvalidRequest", "ExpiredObjectDeleteMarker cannot be specified with Tags."];
}

function uploadFault(rule: Properties): Fault | undefined {
  if (!rule.has("abortIncompleteMultipartUpload")) return undefined;
  const action = "AbortIncompleteMultipartUpload";
  if (isTagged(rule)) return ["InvalidRequest", `${action} cannot be specified with Tags.`];
  const days = rule.number("abortIncompleteMultipartUpload.daysAfterInitiation") ?? 0;
  if (days > 0) return undefined;
  const message = `'DaysAfterInitiation' for ${action} action must be a positive integer`;
  return ["InvalidArgument", message];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
function transitionFault(rule: Properties): Fault | undefined {
  const transitions = rule.list("transitions").filter((one) => one.has("days"));
  const early = transitions
    .filter((one) => (one.number("days") ?? 0) < 30)
    .map((one) => one.string("storageClass") ?? "")
    .find((storageClass) => storageClass.endsWith("_IA"));
  if (early !== undefined) {
    const message = `'Days' in Transition action must be greater than or equal to 30 for storageClass '${early}'`;
    return ["InvalidArgument", message];
  }
  const expiry = rule.number("expiration.days") ?? Infinity;
  if (transitions.every((one) => (one.number("days") ?? 0) < expiry)) return undefined;
  const message =
    `'Days' in the Expiration action for filter '(prefix=${rule.string("filter.prefix") ?? ""})' ` +
    "must be greater than 'Days' in the Transition action";
  return ["InvalidArgument", message];
}

function isTagged(rule: Properties): boolean {
  return rule.has("filter.tag") || rule.has("filter.and.tags");
}
