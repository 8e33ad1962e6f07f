import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { Plain } from "../../sandbox/properties";
import type { Registration } from "./record";

/** Account and region of the repository's own stacks. */
export const accountId = "111122223333";
export const region = "eu-central-1";

/** A call of AWS. */
export interface Call {
  /** Who calls: the logical name of a role of the stack, or the ARN of another. */
  readonly by: string;
  /** Service and action. */
  readonly action: string;
  /** ARN of what it is about. */
  readonly on: string;
  /** Context of the request, beside what every request carries. */
  readonly context?: Readonly<Record<string, string>>;
  /**
   * What IAM lets them do who are no role of the stack.
   * @default - everything, as an administrator
   */
  readonly grants?: unknown;
}

/** Whether IAM lets a call through, by the policies that a program has recorded and no others. */
export async function isAllowed(recorded: readonly Registration[], call: Call): Promise<boolean> {
  const simulation = simulationOf(recorded, call);
  const result = await runSimulation(simulation, {});
  if (result.resultType === "error") throw new Error(JSON.stringify(result.errors));
  return result.overallResult === "Allowed";
}

/**
 * The simulator knows no key with a part of its own. A condition on it is asked as one on a key of
 * the same kind that it does know.
 */
function knownKeys(text: string): string {
  return text.replaceAll("kms:EncryptionContext:SecretARN", "aws:SourceArn");
}

function simulationOf(recorded: readonly Registration[], call: Call): Simulation {
  const isForeign = call.by.startsWith("arn:");
  const principal = isForeign ? call.by : `arn:aws:iam::${accountId}:role/${call.by}`;
  return {
    request: {
      principal,
      action: call.action,
      resource: { resource: call.on, accountId },
      contextVariables: {
        "aws:PrincipalAccount": principal.split(":")[4] ?? "",
        "aws:PrincipalArn": principal,
        "aws:PrincipalIsAWSService": "false",
        "aws:SecureTransport": "true",
        "s3:TlsVersion": "1.3",
        ...Object.fromEntries(
          Object.entries(call.context ?? {}).map(([key, value]) => [knownKeys(key), value]),
        ),
      },
    },
    identityPolicies: isForeign
      ? [{ name: "own", policy: documentOf(JSON.stringify(call.grants ?? everything)) }]
      : policiesOf(recorded, call.by),
    resourcePolicy: resourcePolicy(recorded, call.on),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

/** Somebody else's administrator: only what a resource's own policy refuses is refused. */
const everything = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** Logical names of the roles that a program has recorded. */
export function rolesOf(recorded: readonly Registration[]): string[] {
  return recorded.filter(({ type }) => type === "aws:iam/role:Role").map(({ name }) => name);
}

function policiesOf(recorded: readonly Registration[], role: string) {
  return recorded
    .filter(({ type, inputs }) => type.endsWith(":RolePolicy") && inputs["role"] === role)
    .map(({ name, inputs }) => ({ name, policy: documentOf(inputs["policy"]) }));
}

/** The policy of the entry, bucket or key that an ARN names. */
function resourcePolicy(recorded: readonly Registration[], arn: string): unknown {
  const owner = recorded.find(
    ({ type, name, inputs }) =>
      (type === "aws:kms/key:Key" && arn.endsWith(`:key/${name}`)) ||
      (type.endsWith(":SecretPolicy") && inputs["secretArn"] === arn) ||
      (type.endsWith(":BucketPolicy") && isInBucket(arn, inputs)),
  );
  const isForeignKey = owner === undefined && arn.startsWith("arn:aws:kms:");
  return isForeignKey ? leftToIam : owner && documentOf(owner.inputs["policy"]);
}

/** The policy that a key has by default. @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const leftToIam = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ],
};

function isInBucket(arn: string, { bucket }: Plain): boolean {
  return [arn, arn.split("/")[0]].includes(`arn:aws:s3:::${String(bucket)}`);
}

function documentOf(text: unknown): unknown {
  return JSON.parse(knownKeys(String(text)));
}
