import type { Statement } from "../../iam";
import type { WatchedPlace } from "./pattern";

/** What the function may do: look at the environment's entries without their values. */
export function watchPermissions({ path, accountId, region }: WatchedPlace): Statement[] {
  return [
    {
      Sid: "LookAtEntries",
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
      Resource: `arn:aws:secretsmanager:${region}:${accountId}:secret:${path}/*`,
    },
  ];
}
