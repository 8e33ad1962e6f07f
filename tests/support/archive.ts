import * as pulumi from "@pulumi/pulumi";

/** The texts of an archive, by file. */
export async function archivedTexts(
  archive: pulumi.asset.AssetArchive,
): Promise<Record<string, string>> {
  const texts = Object.entries(await archive.assets).map(async ([file, asset]) => {
    if (!(asset instanceof pulumi.asset.StringAsset)) throw new Error(`${file} is no text`);
    return [file, await asset.text] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
