import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { awsTools, provideAws } from "../../../toolchain/aws.mjs";
import { postgres } from "../../../toolchain/postgres.mjs";

const environment = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plinth-parts-"));
  mkdirSync(join(folder, "bin"));
  process.env["XDG_CACHE_HOME"] = join(folder, "cache");
});

afterEach(() => {
  process.env = { ...environment };
  rmSync(folder, { recursive: true });
});

function install(name: string, script: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

describe("the stand-in for AWS", () => {
  /** Puts a Python on the PATH whose environments take no time; its pip writes down what it is to install. */
  function installPython(pipResult: number) {
    const pip = `#!/bin/sh\\necho "$@" >> ${folder}/calls\\nexit ${pipResult}`;
    install(
      "python3",
      `mkdir -p "$3/bin"; printf '${pip}' > "$3/bin/python"; chmod +x "$3/bin/python"`,
    );
    process.env["PATH"] = [join(folder, "bin"), "/usr/bin", "/bin"].join(delimiter);
  }

  test("is installed once, of pinned content alone", async () => {
    installPython(0);
    expect(() => awsTools()).toThrow(
      "There is no stand-in for AWS: run `npm test -- --tier live`.",
    );
    await provideAws();
    await provideAws();
    expect(existsSync(awsTools())).toBe(true);
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    expect(calls).toEqual([expect.stringContaining("--require-hashes")]);
  });

  test("is not taken for whole when its installation failed", async () => {
    installPython(1);
    await expect(provideAws()).rejects.toThrow(/python -m ended with 1/);
    expect(() => awsTools()).toThrow("There is no stand-in for AWS");
  });

  test("names no registry", () => {
    const requirements = join(__dirname, "../../../toolchain/aws/requirements.txt");
    expect(readFileSync(requirements, "utf8")).not.toMatch(/^\s*(?:--.*index|--find|http)/m);
  });
});

describe("the PostgreSQL of a machine", () => {
  /** Installs the programs of a version where `pg_config` says. */
  function installPostgres(version: string) {
    const programs = join(folder, "bin");
    for (const name of ["initdb", "pg_dump", "psql"]) install(name, "exit 1");
    install("postgres", `echo 'postgres (PostgreSQL) ${version}'`);
    install("pg_config", `echo ${programs}`);
    process.env["PATH"] = programs;
    return programs;
  }

  test("is the newest one", () => {
    const programs = installPostgres("99.1 (Debian 99.1-1)");
    expect(postgres()).toEqual({ programs, version: 99 });
  });
});
