import type { CloudObject, Context, Effects, Given } from "../rule";

/** Type of a version of an entry. */
export const versionType = "aws:secretsmanager/secretVersion:SecretVersion";

/**
 * What a new version's labels do to the other versions: a label stands on one version only, the one
 * that was current becomes the previous one, and what has no label left is gone.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function labelEffects(
  version: Pick<CloudObject, "id" | "properties">,
  { cloud }: Pick<Context, "cloud">,
): Effects {
  const taken = version.properties.strings("versionStages");
  const isCurrent = taken.includes("AWSCURRENT");
  const others = cloud
    .list(versionType, { secretId: version.properties.string("secretId") })
    .filter(({ id }) => id !== version.id);
  const changes = others.map((object) => {
    const labels = object.properties.strings("versionStages");
    const kept = labels.filter((label) => !taken.includes(label));
    const left = isCurrent ? kept.filter((label) => label !== "AWSPREVIOUS") : kept;
    const wasCurrent = isCurrent && labels.includes("AWSCURRENT");
    return { object, labels, left: wasCurrent ? [...left, "AWSPREVIOUS"] : left };
  });
  const changed = changes.filter(({ labels, left }) => labels.join() !== left.join());
  return {
    sets: changed
      .filter(({ left }) => left.length > 0)
      .map(({ object, left }) => ({ object, properties: { versionStages: left } })),
    removes: changed.filter(({ left }) => left.length === 0).map(({ object }) => object),
  };
}

/**
 * Id of a version that the provider writes: it names each itself, in 36 characters. What people and
 * functions set has a UUID.
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/secretsmanager/secret_version.go
 */
export function providedVersionId({ hex }: Pick<Context, "hex">): string {
  return `terraform-${hex("version", 26)}`;
}

/** A version with a random value, as a rotation function leaves it. */
export function rotatedVersion(secretId: string, context: Context): Given {
  const versionId = context.uuid("rotated");
  const secretString = context.letters("rotated", 48);
  const properties = { secretId, versionId, secretString, versionStages: ["AWSCURRENT"] };
  return { type: versionType, id: `${secretId}|${versionId}`, properties };
}
