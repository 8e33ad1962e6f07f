import fc from "fast-check";

const keyArn = (place: string) => `arn:aws:kms:${place}:key/1a2b`;

/** How a server of databases is kept, besides by dumps. */
export const recovery = fc.option(
  fc.record(
    {
      retentionDays: fc.integer({ min: 1, max: 35 }),
      lagMinutes: fc.integer({ min: 1, max: 60 }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

/** Where dumps are copied to. */
export const replica = fc.constantFrom(
  undefined,
  { region: "eu-west-1" },
  {
    region: "eu-west-1",
    foreign: {
      accountId: "444455556666",
      bucket: "acme-replicas",
      keyArn: keyArn("eu-west-1:444455556666"),
    },
  },
);

/** Stores whose files are copied: with an endpoint elsewhere, without one of AWS. */
export const fileStores = (slug: fc.Arbitrary<string>) =>
  fc.dictionary(
    slug,
    fc.record(
      {
        endpoint: fc.constant("https://files.example.com/storage/v1/s3"),
        bucket: slug.map((bucket) => `acme-${bucket}`),
      },
      { requiredKeys: ["bucket"] },
    ),
    { maxKeys: 2 },
  );

/** Hosts on the internet. */
export const externalHosts = fc.subarray([
  "api.stripe.com",
  "*.maps.example.com",
  "smtp.example.com:587",
]);

/** What the network of the cluster tells hosts by. */
export const fqdnPolicies = fc.constantFrom(undefined, { kind: "cilium", version: "1.18.2" });

const cachePlace = {
  subnets: fc.constant(["subnet-0a1b2c3d", "subnet-1a2b3c4d"]),
  securityGroups: fc.constant(["sg-0a1b2c3d"]),
  nodes: fc.integer({ min: 1, max: 6 }),
  version: fc.constantFrom("7.2", "8.2", "9.0"),
};
/** Caches of either use. */
export const caches = fc.record({
  sessions: fc.record(
    { use: fc.constant("sessions"), ...cachePlace, snapshotDays: fc.integer({ min: 0, max: 35 }) },
    { requiredKeys: ["use", "subnets", "securityGroups"] },
  ),
  lookups: fc.record(
    { use: fc.constant("cache"), ...cachePlace, network: fc.constant("10.20.0.0/16") },
    { requiredKeys: ["use", "subnets", "securityGroups"] },
  ),
});
