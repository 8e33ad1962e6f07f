import fc from "fast-check";

/** Stores whose files are copied: with an endpoint elsewhere, without one of AWS. */
export function generatedStores(name: fc.Arbitrary<string>) {
  return fc.dictionary(
    name,
    fc.record(
      {
        endpoint: fc.constant("https://files.example.com/storage/v1/s3"),
        bucket: name.map((bucket) => `acme-${bucket}`),
      },
      { requiredKeys: ["bucket"] },
    ),
    { maxKeys: 2 },
  );
}
