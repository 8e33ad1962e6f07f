/** Which entries are watched, and where they are. */
export interface WatchedPlace {
  /** Path of the environment's entries without trailing slash: project, environment. */
  readonly path: string;
  /** Account of the entries. */
  readonly accountId: string;
  /** Region of the entries. */
  readonly region: string;
}

/**
 * Events of reads of an environment's entries, refused ones among them. A caller names an entry by name
 * or ARN; a batch shows as one read for each entry, and as itself where it is refused, and a refused
 * call may say in its message alone what it asked for.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function readPattern({ path, accountId, region }: WatchedPlace) {
  const named = [
    { prefix: `${path}/` },
    { prefix: `arn:aws:secretsmanager:${region}:${accountId}:secret:${path}/` },
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
