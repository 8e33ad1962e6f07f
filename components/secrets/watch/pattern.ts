/** Which entries are watched, and where they are. */
export interface WatchedPlace {
  /** Path of the environment's entries without trailing slash: project, environment. */
  readonly path: string;
  /** Account of the entries. */
  readonly accountId: string;
  /** Region of the entries. */
  readonly region: string;
  /**
   * Region that they are copied to; its reads are passed on to this one.
   * @default - none
   */
  readonly copiedTo?: string | undefined;
}

/**
 * What a rule says that sees those reads. A read is a management event that only reads: rules see none of
 * these otherwise.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
 */
export function readRule(place: WatchedPlace) {
  return {
    eventPattern: JSON.stringify(readPattern(place)),
    state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
  };
}

/**
 * Events of reads of an environment's entries, refused ones among them. A caller names an entry by name
 * or ARN; a batch shows as one read for each entry, and as itself where it is refused, and a refused
 * call may say in its message alone what it asked for.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function readPattern({ path, accountId, region, copiedTo }: WatchedPlace) {
  const regions = copiedTo === undefined ? [region] : [region, copiedTo];
  const named = [
    { prefix: `${path}/` },
    // A copy has the entry's ARN but for the region.
    ...regions.map((one) => ({
      prefix: `arn:aws:secretsmanager:${one}:${accountId}:secret:${path}/`,
    })),
  ];
  return {
    source: ["aws.secretsmanager"],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      eventSource: ["secretsmanager.amazonaws.com"],
      eventName: ["GetSecretValue", "BatchGetSecretValue"],
      $or: [
        { requestParameters: { secretId: named } },
        { requestParameters: { secretIdList: named } },
        { errorMessage: [{ wildcard: `*${path}/*` }] },
      ],
    },
  };
}
