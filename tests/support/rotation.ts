import { randomUUID } from "node:crypto";
import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import {
  rotate,
  seedStage,
  type Clients,
  type Entry,
  type Step,
} from "../../components/secrets/rotation/program/rotate.mjs";
import { placeholder } from "../../components/secrets/entry";
import type { Moto } from "./moto";

/** Steps of a rotation, in the order of Secrets Manager. */
export const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;

/** Secrets Manager's side of a rotation, over moto, which calls no function by itself. */
export class Rotations {
  /** Speaks to moto. */
  readonly secrets: SecretsManagerClient;
  /** What the function calls, hardly pausing. */
  readonly clients: Clients;

  constructor(moto: Moto, caches: ElastiCacheClient) {
    this.secrets = new SecretsManagerClient(clientOf(moto.endpoint));
    this.clients = { secrets: this.secrets, caches, pauseMs: 5, longestMs: 5000 };
  }

  /** An entry as `up` leaves it: its placeholder is current and labelled as the seed. */
  async entry(name: string): Promise<string> {
    const create = new CreateSecretCommand({ Name: name });
    const { ARN: arn = "" } = await this.secrets.send(create);
    await this.put(arn, placeholder, [seedStage, "AWSCURRENT"]);
    return arn;
  }

  /** Puts a version, as a person or `up` does. */
  async put(arn: string, value: string, stages: readonly string[]): Promise<void> {
    const input = { SecretId: arn, SecretString: value, VersionStages: [...stages] };
    await this.secrets.send(new PutSecretValueCommand(input));
  }

  /** Stages a version without value, as RotateSecret does before it calls the function. */
  async begin(arn: string): Promise<string> {
    await this.#endBefore(arn);
    const version = randomUUID();
    const input = {
      SecretId: arn,
      ClientRequestToken: version,
      // moto stages the version, then fails to find the function, which the test calls itself.
      RotationLambdaARN: "arn:aws:lambda:eu-central-1:123456789012:function:rotation",
    };
    await this.secrets.send(new RotateSecretCommand(input)).catch((error: unknown) => {
      if (!String(error).includes("Resource not found for ARN")) throw error;
    });
    return version;
  }

  /**
   * Takes the label off what a rotation made current, as Secrets Manager does at its end and moto does not.
   * @see https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas/pull/145
   */
  async #endBefore(SecretId: string): Promise<void> {
    const VersionStage = "AWSPENDING";
    const [RemoveFromVersionId] = Object.entries(await this.stages(SecretId)).flatMap(
      ([version, labels]) =>
        labels.includes("AWSCURRENT") && labels.includes(VersionStage) ? [version] : [],
    );
    if (RemoveFromVersionId === undefined) return;
    const input = { SecretId, VersionStage, RemoveFromVersionId };
    await this.secrets.send(new UpdateSecretVersionStageCommand(input));
  }

  /** One step, as Secrets Manager asks for it. */
  step(secretId: string, version: string, [step, entry]: [Step, Entry]): Promise<void> {
    return rotate(this.clients, { step, secretId, version, entry });
  }

  /** A whole rotation. */
  async rotation(arn: string, entry: Entry): Promise<string> {
    const version = await this.begin(arn);
    for (const step of steps) await this.step(arn, version, [step, entry]);
    return version;
  }

  /** Makes the nth call from now fail, before it is made or after it was answered; `end` says whether it came to it. */
  failing(nth: number, moment: "before" | "after"): { readonly end: () => boolean } {
    let calls = 0;
    const name = "failing";
    for (const client of [this.secrets, this.clients.caches]) {
      // The two clients' stacks differ in the types of their commands alone.
      const { middlewareStack } = client as SecretsManagerClient;
      middlewareStack.add(
        (next) => async (args) => {
          calls += 1;
          if (calls === nth && moment === "before") throw new Error("made to fail");
          const mine = calls;
          const answer = await next(args);
          if (mine === nth) throw new Error("made to fail");
          return answer;
        },
        { step: "initialize", name },
      );
    }
    const end = () => {
      this.secrets.middlewareStack.remove(name);
      this.clients.caches.middlewareStack.remove(name);
      return calls >= nth;
    };
    return { end };
  }

  /** The value of a label; nothing where no version has it. */
  async value(arn: string, stage: string): Promise<string | undefined> {
    const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage });
    return await this.secrets.send(command).then(
      ({ SecretString }) => SecretString,
      () => undefined,
    );
  }

  /** Labels by version. */
  async stages(arn: string): Promise<Record<string, string[]>> {
    const { VersionIdsToStages } = await this.secrets.send(
      new DescribeSecretCommand({ SecretId: arn }),
    );
    return VersionIdsToStages ?? {};
  }
}

/** How a client of the SDK speaks to a stand-in. */
export function clientOf(endpoint: string) {
  const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };
  return { endpoint, region: "eu-central-1", credentials, maxAttempts: 1 };
}
