import { awsCliImage, postgresImage } from "../../../components/backups/images";

const pinned = /^[a-z.]+\/[a-z/-]+@sha256:[0-9a-f]{64}$/;

describe("the images of the jobs", () => {
  test.each([13, 14, 15, 16, 17, 18])("pin PostgreSQL %d by digest", (version) => {
    expect(postgresImage(version)).toMatch(pinned);
  });

  test("differ by version", () => {
    const images = [13, 14, 15, 16, 17, 18].map(postgresImage);
    expect(new Set(images).size).toBe(images.length);
  });

  test("pin AWS's command line by digest", () => {
    expect(awsCliImage).toMatch(pinned);
  });

  test("refuse a version without image and name those with one", () => {
    expect(() => postgresImage(12)).toThrow(
      "no image for PostgreSQL 12; there is one for 13, 14, 15, 16, 17, 18",
    );
  });
});
