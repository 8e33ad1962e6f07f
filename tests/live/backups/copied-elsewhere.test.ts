import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Moto } from "../../support/moto";
import { S3Gate } from "../../support/s3-gate";

const script = join(__dirname, "../../../components/backups/scripts/copy-files.sh");

let vault: Moto;
let gate: S3Gate;
let directory: string;

beforeAll(async () => {
  vault = await Moto.start();
  gate = await S3Gate.start(vault.endpoint);
  vault.aws("s3", "mb", "s3://vault");
  directory = mkdtempSync(join(tmpdir(), "plinth-files-"));
  mkdirSync(join(directory, "source"));
  writeFileSync(join(directory, "source", "a.txt"), "a");
  // Stands for the Agent: keeps what it is sent.
  writeFileSync(join(directory, "nc"), '#!/bin/sh\ncat >>"$HOME/heard"\n', { mode: 0o755 });
});

afterAll(async () => {
  await gate.stop();
  await vault.stop();
  rmSync(directory, { recursive: true });
});

/** Name of a summary that was written some minutes ago. */
function summaryOf(minutesAgo: number): string {
  const time = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return `${time.replace(/\.\d+Z$/, "Z").replaceAll(":", "-")}.json`;
}

/** Copies the files of a volume where S3 says something of an earlier summary. */
async function copyAfter(minutesAgo: number, state: string, region = "eu-west-1") {
  const files = `uploads-${state}-${minutesAgo}-${region}`;
  const summary = summaryOf(minutesAgo);
  vault.aws("s3api", "put-object", "--bucket", "vault", "--key", `${files}/summaries/${summary}`);
  const header = state === "None" ? "x-none" : "x-amz-replication-status";
  gate.headers = (call) => (call.includes(summary) ? { [header]: state } : {});
  rmSync(join(directory, "heard"), { force: true });
  const child = spawn("sh", [script], {
    env: {
      ...vault.env,
      PATH: [directory, vault.env["PATH"]].join(delimiter),
      HOME: directory,
      FILES: files,
      SOURCE: join(directory, "source"),
      TARGET: `vault:vault/${files}`,
      MAX_LOSS_PERCENT: "50",
      REPLICA_REGION: region,
      DD_AGENT_HOST: "agent",
      RCLONE_CONFIG_VAULT_TYPE: "s3",
      RCLONE_CONFIG_VAULT_PROVIDER: "AWS",
      RCLONE_CONFIG_VAULT_ENDPOINT: gate.endpoint,
      RCLONE_CONFIG_VAULT_FORCE_PATH_STYLE: "true",
      RCLONE_CONFIG_VAULT_REGION: "eu-central-1",
      RCLONE_CONFIG_VAULT_ENV_AUTH: "true",
      RCLONE_CONFIG_VAULT_NO_CHECK_BUCKET: "true",
      RCLONE_CONFIG_VAULT_USE_DATA_INTEGRITY_PROTECTIONS: "false",
      RCLONE_CONFIG_VAULT_USE_UNSIGNED_PAYLOAD: "true",
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  await once(child, "close");
  const heard = join(directory, "heard");
  const figures = existsSync(heard) ? readFileSync(heard, "utf8") : "";
  const [, unreplicated] = /plinth\.files\.unreplicated:(\d)/.exec(figures) ?? [];
  return { code: child.exitCode, output, summary, files, unreplicated };
}

test.each([
  { state: "COMPLETED", unreplicated: "0" },
  { state: "FAILED", unreplicated: "1" },
  { state: "PENDING", unreplicated: "1" },
  { state: "None", unreplicated: "1" },
])(
  "TS-B1: a copy of files tells people of one that is $state after half an hour",
  async ({ state, unreplicated }) => {
    const run = await copyAfter(31, state);
    const complaint =
      `NOT COPIED: the files of ${run.files} from ${run.summary.replace(".json", "")} ` +
      `are not in eu-west-1; S3 says: ${state}`;
    expect(run.output.includes(complaint)).toBe(unreplicated === "1");
    expect(run.output).toContain(`copy of ${run.files} complete: 1 files`);
    expect(run.unreplicated).toBe(unreplicated);
    expect(run.code).toBe(0);
  },
);

test.each([
  { where: "the first one had no half an hour yet", minutesAgo: 5, region: "eu-west-1" },
  { where: "there is no other region", minutesAgo: 31, region: "" },
])("TS-B1: asks nothing where $where", async ({ minutesAgo, region }) => {
  const run = await copyAfter(minutesAgo, "FAILED", region);
  expect(run.output).not.toContain("NOT COPIED");
  expect(run.unreplicated).toBeUndefined();
  expect(run.code).toBe(0);
});
