/** AWS's own image of its command line, 2.37.4, on Amazon Linux. */
export const awsCliImage =
  "public.ecr.aws/aws-cli/aws-cli@sha256:fdd8d1fcbea9c371678dee5a40df8b178c7a781b4586605756ee28114c97ead6";

/** The official image of rclone, 1.75.1, on Alpine. */
export const rcloneImage =
  "docker.io/rclone/rclone@sha256:45401ad7410db1d67ffdb58e19059ad20b0d8e0285a60e38bbec55cc1019c7a5";

/** The official image of PostgreSQL on Debian 12, by major version: the newest release of each. */
const postgresDigests: Readonly<Record<number, string>> = {
  13: "sha256:f0cffcc050a9f1f3c78a9968e221badc1cdd02e2ae15b1de9b12bee1ba5ea2db",
  14: "sha256:185c7c7a36448bcb7e0d3d6aef97ac973ddfae0cc4fa29581ce4e789988a74b1",
  15: "sha256:5d1d70e254e3c5d7d76847a9deebb18478cd518df37abf6b278d4bdb1fe5d96c",
  16: "sha256:bb3e1a57e5407e0a5280b4211980a5e537f4abd234a87014ac979849a78dd825",
  17: "sha256:051f7b7b3abdd564d5d1bd1e8c4b9c1b6e77087d1dd22020ede611c096a272e0",
  18: "sha256:1c59e2c3c818eaa0f0628f695b36e7c9e362d6b219b36a54a32df645cbd7e1af",
};

/** Image with the tools of a major version: pg_dump refuses a server that is newer than itself. */
export function postgresImage(version: number): string {
  const digest = postgresDigests[version];
  if (digest === undefined) {
    const known = Object.keys(postgresDigests).join(", ");
    throw new Error(`no image for PostgreSQL ${version}; there is one for ${known}`);
  }
  return `docker.io/library/postgres@${digest}`;
}
