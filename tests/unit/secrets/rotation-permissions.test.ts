import { rotationPermissions } from "../../../components/secrets/rotation/permissions";

const key = (region: string) =>
  `arn:aws:kms:${region}:111122223333:key/1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d`;
const place = { accountId: "111122223333", region: "eu-central-1", keyArn: key("eu-central-1") };
const replica = { region: "eu-west-1", keyArn: key("eu-west-1") };

/** What a service with a cache rotates, under long names. */
const rotatedBy = (service: string) => {
  const path = `truststream/production/${service}`;
  return {
    [`${path}/jwt`]: { length: 48 },
    [`${path}/session`]: { length: 48 },
    [`${path}/cache-password`]: { length: 48, cacheUser: `truststream-production-${service}` },
  };
};

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
test("NS-S2: what rotates three secrets each of ten services, copies among them, fits into one role", () => {
  const services = Array.from({ length: 10 }, (_, index) => rotatedBy(`notifications-${index}`));
  const entries = Object.assign({}, ...services) as ReturnType<typeof rotatedBy>; // of the same shape
  const statements = rotationPermissions({ entries, ...place, replica });
  const document = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  expect(Object.keys(entries)).toHaveLength(30);
  expect(document.length).toBeLessThan(10_240);
});
