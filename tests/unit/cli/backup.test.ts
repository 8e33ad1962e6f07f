import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { CommandBench, type Ended } from "../../support/command";

const bench = new CommandBench();
let directory: string;
const before = { PATH: process.env["PATH"], KUBECTL_DIR: process.env["KUBECTL_DIR"] };

const state = (type: string) => ({
  metadata: { name: "api-restore" },
  status: { conditions: [{ type, status: "True" }] },
});

const cronJob = {
  metadata: { name: "api-verify", uid: "1-2-3" },
  spec: {
    schedule: "0 2 * * *",
    jobTemplate: {
      metadata: { labels: { "app.kubernetes.io/name": "api-verify" } },
      spec: {
        backoffLimit: 1,
        template: {
          metadata: { labels: { "app.kubernetes.io/name": "api-verify" } },
          spec: {
            serviceAccountName: "api-verify",
            containers: [
              {
                name: "verify",
                command: ["bash", "/script/verify.sh"],
                env: [
                  { name: "WAIT_SECONDS", value: "3600" },
                  { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
                ],
              },
            ],
          },
        },
      },
    },
  },
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "plinth-kubectl-"));
  answer("cronjob.json", cronJob);
  answer("ended.json", state("Complete"));
  writeFileSync(join(directory, "log"), "backup complete\n");
  const fake = join(__dirname, "../../support/kubectl");
  process.env["PATH"] = [fake, before.PATH].join(delimiter);
  process.env["KUBECTL_DIR"] = directory;
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

afterAll(() => {
  Object.assign(process.env, before);
  bench.remove();
});

function answer(name: string, object: unknown): void {
  writeFileSync(join(directory, name), JSON.stringify(object));
}

function asked(): string[] {
  const file = join(directory, "asked");
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
}

function created(): unknown {
  return JSON.parse(readFileSync(join(directory, "created.json"), "utf8"));
}

const backup = (verb: string, ...args: string[]): Promise<Ended> =>
  bench.plinth("backup", verb, "staging", ...args);

function podOf(env: readonly object[], command = "verify.sh"): object {
  const [password] = cronJob.spec.jobTemplate.spec.template.spec.containers[0]?.env.slice(1) ?? [];
  const container = { name: "verify", command: ["bash", `/script/${command}`] };
  return {
    spec: {
      backoffLimit: 1,
      template: {
        spec: {
          serviceAccountName: "api-verify",
          containers: [{ ...container, env: [password, ...env] }],
        },
      },
    },
  };
}

describe("plinth backup", () => {
  test("SA-B1: now starts the scheduled job at once, as it is", async () => {
    const { code, err } = await backup("now", "shop");
    expect(asked()[0]).toBe("--namespace plinth-staging get cronjob api-backup --output json");
    expect(created()).toMatchObject({
      kind: "Job",
      metadata: { annotations: { "cronjob.kubernetes.io/instantiate": "manual" } },
      spec: cronJob.spec.jobTemplate.spec,
    });
    expect(err).toContain("backup complete");
    expect(code).toBe(0);
  });

  test("SA-B3: verify takes the newest backup, and waits for none", async () => {
    const { code } = await backup("verify", "shop");
    expect(created()).toMatchObject(podOf([{ name: "WAIT_SECONDS", value: "0" }]));
    expect(code).toBe(0);
  });

  test("SA-B3: list asks the vault by who may read it, and prints JSON", async () => {
    writeFileSync(join(directory, "log"), "2026-01-31T02-00-01Z\t42 bytes\tgood since 2026\n");
    const { out } = await backup("list", "shop", "--json");
    expect(JSON.parse(out)).toEqual([{ name: "2026-01-31T02-00-01Z", bytes: 42, good: true }]);
    expect(created()).toMatchObject({
      spec: { template: { spec: { containers: [{ command: ["bash", "/script/list.sh"] }] } } },
    });
  });

  test("SA-B3: restore of protected data asks for its name, and does nothing without", async () => {
    for (const confirm of [[], ["--confirm", "shop"], ["--confirm", "production/shop"]]) {
      const { code, err } = await backup("restore", "shop", ...confirm);
      expect(err).toContain('confirm by typing "staging/shop"');
      expect(code).toBe(2);
    }
    expect(asked()).toEqual([]);
  });

  test("SA-B3: restore to a point in time starts one Job by a name of its own", async () => {
    const time = "2026-01-31T23:59:00Z";
    const { code } = await backup("restore", "shop", "--confirm", "staging/shop", "--before", time);
    expect(created()).toMatchObject({ metadata: { name: "api-restore" } });
    expect(JSON.stringify(created())).toContain(`{"name":"RESTORE_BEFORE","value":"${time}"}`);
    expect(JSON.stringify(created())).toContain('{"name":"WITHOUT_SAFETY_COPY","value":"no"}');
    expect(code).toBe(0);
  });

  test("a restore that runs is followed, not started again", async () => {
    answer("job.json", { metadata: { name: "api-restore" } });
    const { err } = await backup("restore", "shop", "--confirm", "staging/shop");
    expect(err).toContain("a restore is running already: following it");
    expect(asked().filter((line) => line.includes("create"))).toEqual([]);
  });

  test("a restore that ended makes room for the next", async () => {
    answer("job.json", state("Failed"));
    await backup("restore", "shop", "--confirm", "staging/shop", "--no-safety-copy");
    expect(asked().map((line) => line.split(" ")[2])).toEqual([
      "get",
      "delete",
      "get",
      "create",
      "logs",
      "get",
    ]);
    expect(JSON.stringify(created())).toContain('{"name":"WITHOUT_SAFETY_COPY","value":"yes"}');
  });

  test("a Job that fails is a finding", async () => {
    answer("ended.json", state("Failed"));
    const { code } = await backup("verify", "shop");
    expect(code).toBe(1);
  });

  test("tells what kubectl complains of, without the log of its libraries", async () => {
    const refused = "The connection to the server localhost:8080 was refused";
    const log = 'E1122 10:24:22.130689   21513 memcache.go:265] "Unhandled Error"';
    writeFileSync(join(directory, "complaint"), `${log}\n${log}\n${refused}\n`);
    const { code, err } = await backup("now", "shop");
    expect([code, err]).toEqual([1, `error: ${refused}\n`]);
  });

  test("names the databases that there are", async () => {
    const { code, err } = await backup("list", "shopp");
    expect(err).toContain('no database "shopp"; there is shop, jobs');
    expect(code).toBe(2);
  });
});
