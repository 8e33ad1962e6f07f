import type {
  DescribeSecretCommandOutput,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { seedStage } from "../../components/secrets/entry";
import { standingOf } from "../../components/secrets/watch/program/standing.mjs";
import type { DeclaredEntry } from "./catalogue";

/** Where a stack's entries are. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** What Secrets Manager says of an entry; its value is not among it. */
export interface EntryFacts {
  /** Never: no such entry; deleted: until its recovery window ends; placeholder: nobody has set it. */
  readonly state: "never" | "deleted" | "placeholder" | "set";
  /** When the current value was put. */
  readonly changed?: Date | undefined;
  /** Whether a function exchanges the value by itself. */
  readonly rotates?: boolean | undefined;
  /** When the function does so next. */
  readonly next?: Date | undefined;
  /** Copies in other regions that have failed, each with its region and why. */
  readonly failedCopies?: readonly string[];
}

/** Secrets Manager, as far as people need it; asks for no value, ever. */
export class SecretStore {
  readonly #client: SecretsManagerClient;
  readonly #place: Place;

  private constructor(client: SecretsManagerClient, place: Place) {
    this.#client = client;
    this.#place = place;
  }

  /** Signs in as AWS's command line does. */
  static async open(place: Place): Promise<SecretStore> {
    const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    return new SecretStore(new SecretsManagerClient({ region: place.region }), place);
  }

  /** What is known of an entry. */
  async facts({ name }: DeclaredEntry): Promise<EntryFacts> {
    const found = await this.#described(name);
    if (found === undefined) return { state: "never" };
    this.#assertOwn(found.ARN ?? "");
    if (found.DeletedDate !== undefined) return { state: "deleted" };
    return { ...(await this.#versionFacts(name, found)), failedCopies: failedCopies(found) };
  }

  async #described(name: string): Promise<DescribeSecretCommandOutput | undefined> {
    const { DescribeSecretCommand, ResourceNotFoundException } =
      await import("@aws-sdk/client-secrets-manager");
    try {
      return await this.#client.send(new DescribeSecretCommand({ SecretId: name }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw this.#notTold(error);
    }
  }

  /** Puts a value as the current one; what was current before stays as the previous one. */
  async put({ name }: DeclaredEntry, value: string): Promise<void> {
    const { PutSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
    const command = new PutSecretValueCommand({ SecretId: name, SecretString: value });
    try {
      await this.#client.send(command);
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : "unknown error";
      throw new Error(text.replaceAll(value, "[secret]"));
    }
  }

  async #versionFacts(
    name: string,
    found: { RotationEnabled?: boolean | undefined; NextRotationDate?: Date | undefined },
  ): Promise<EntryFacts> {
    const { paginateListSecretVersionIds } = await import("@aws-sdk/client-secrets-manager");
    const versions = [];
    const pages = paginateListSecretVersionIds({ client: this.#client }, { SecretId: name });
    for await (const page of pages) versions.push(...(page.Versions ?? []));
    const { state, changed } = standingOf(versions, seedStage);
    if (changed === undefined) return { state };
    return {
      ...{ state, changed },
      rotates: found.RotationEnabled === true,
      next: found.NextRotationDate,
    };
  }

  /** Why Secrets Manager says nothing, with what would help where nobody is signed in. */
  #notTold(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const { accountId, region } = this.#place;
    const place = `Secrets Manager of ${accountId} in ${region}`;
    const missing = error.name === "CredentialsProviderError";
    const help = missing ? " (sign in as for AWS's command line, such as by AWS_PROFILE)" : "";
    return new Error(`${place} can't be asked: ${error.message}${help}`, { cause: error });
  }

  /** The same name may stand in another account, where it is another secret. */
  #assertOwn(arn: string): void {
    const account = arn.split(":")[4];
    const { accountId } = this.#place;
    if (account === accountId) return;
    throw new Error(`signed in to account ${account ?? "?"}; the stack is in ${accountId}`);
  }
}

function failedCopies({ ReplicationStatus = [] }: DescribeSecretCommandOutput): string[] {
  return ReplicationStatus.flatMap(({ Region = "", Status, StatusMessage = "no reason given" }) =>
    Status === "Failed" ? [`${Region}: ${StatusMessage}`] : [],
  );
}
