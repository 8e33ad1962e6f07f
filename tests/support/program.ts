import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { transformSync } from "@swc/core";
import type { Plain } from "../../sandbox/properties";
import type { LoadedSettings } from "../../settings/load";
import { record, type Registration } from "./record";

const filename = join(dirname(dirname(__dirname)), "index.ts");
const load = createRequire(filename);

/** The program's code, compiled once; what it imports stays loaded from run to run. */
const { code } = transformSync(readFileSync(filename, "utf8"), {
  filename,
  jsc: { parser: { syntax: "typescript" }, target: "es2023" },
  module: { type: "commonjs" },
});
const run = compileFunction(code, ["exports", "require"], { filename }) as (
  exports: object,
  require: (id: string) => unknown,
) => void; // as the parameters say

const place = "eu-central-1:111122223333";

/** Computed outputs that the program reads. */
const outputs = {
  "aws:kms/key:Key": (name: string) => ({ arn: `arn:aws:kms:${place}:key/${name}` }),
  "aws:secretsmanager/secret:Secret": (_: string, { name }: Plain) => ({
    arn: `arn:aws:secretsmanager:${place}:secret:${String(name)}-a1B2c3`,
  }),
  "aws:iam/role:Role": (name: string) => ({ arn: `arn:aws:iam::111122223333:role/${name}`, name }),
  "aws:elasticache/replicationGroup:ReplicationGroup": (name: string) => ({
    primaryEndpointAddress: `master.${name}.euc1.cache.amazonaws.com`,
  }),
  "sentry:index/sentryKey:SentryKey": () => ({ dsnPublic: "https://public@o1.ingest.sentry.io/2" }),
  "kubernetes:core/v1:ConfigMap": (name: string) => ({ metadata: { name: `${name}-1a2b3c4d` } }),
};

/** What `index.ts` registers for these settings, on the mock monitor. */
export async function declare(loaded: LoadedSettings): Promise<Registration[]> {
  const settings = { loadSettings: () => loaded };
  const require = (id: string): unknown => (id === "./settings/load" ? settings : load(id));
  const { stackTraceLimit } = Error;
  // The SDK notes a stack trace for every promise, which takes longer than the rest.
  Error.stackTraceLimit = 0;
  try {
    return await record(() => {
      run({}, require);
    }, outputs);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
