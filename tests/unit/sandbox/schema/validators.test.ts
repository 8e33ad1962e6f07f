import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkInputs } from "../../../../sandbox/schema";
import { locatePackage } from "../../../../sandbox/schema/packages";
import { loadValidator, type Validator } from "../../../../sandbox/schema/validators";

const load = createRequire(__filename);
// What is kept for these tests alone goes with them.
const cache = mkdtempSync(join(tmpdir(), "plinth-"));
process.env["XDG_CACHE_HOME"] = cache;
afterAll(() => {
  rmSync(cache, { recursive: true });
});

/** What is said of a policy's text for the log. */
const logged = (value: string) =>
  checkInputs("kubernetes:cilium.io/v2:CiliumNetworkPolicy", {
    kind: "CiliumNetworkPolicy",
    spec: { log: { value } },
  }).filter(({ property }) => property === "spec.log.value");

test("a pattern that Go writes its own way holds", () => {
  expect(logged("allowed")).toEqual([]);
  expect(logged("a\u0007b")).toEqual([
    {
      property: "spec.log.value",
      reason: "should match '^\\PC*$'",
    },
  ]);
});

test("a length is counted in characters, of however many units", () => {
  expect(logged("😀".repeat(32))).toEqual([]);
  expect(logged("😀".repeat(33))).toEqual([
    {
      property: "spec.log.value",
      reason: "Too long: may not be more than 32 bytes",
    },
  ]);
});

/** Kinds that plinth declares, by the package that describes them. */
const kinds: readonly (readonly [string, readonly string[]])[] = [
  ["argo-rollouts", ["AnalysisTemplate", "Rollout"]],
  ["cert-manager", ["Certificate"]],
  ["cilium", ["CiliumNetworkPolicy"]],
  ["external-secrets", ["ExternalSecret", "SecretStore"]],
  ["gateway-api", ["Gateway", "HTTPRoute"]],
  ["keda", ["ScaledObject", "TriggerAuthentication"]],
];
/** Values of every kind, most of them wrong somewhere. */
const values: readonly unknown[] = [
  {},
  { apiVersion: "x", kind: "y", metadata: { name: 1 }, spec: {} },
  { name: "x".repeat(500), replicas: 1.5, port: 99_999_999, value: "\u0007" },
  ...["", "text", "2001-01-01T00:00:00Z", -1, 1.5, [], [1, "a"]],
];

test.each(kinds)(
  "kept as one file, kinds of %s are refused what their own files refuse",
  (name, own) => {
    const packageName = `@kubernetes-models/${name}`;
    const folder = join(locatePackage(packageName).folder, "_schemas");
    const files = readdirSync(folder).filter((file) =>
      own.some((kind) => new RegExp(`V[0-9][a-z0-9]*${kind}\\.js$`).test(file)),
    );
    const differing = files.filter((file) => {
      const kept = loadValidator(packageName, join(folder, file));
      // What every file of such a folder exports.
      const { validate } = load(join(folder, file)) as { validate: Validator };
      return values.some((value) => found(kept, value) !== found(validate, value));
    });
    expect(files.length).toBeGreaterThanOrEqual(own.length);
    expect(differing).toEqual([]);
  },
);

/** What a validator finds, formats apart. */
function found(validate: Validator, value: unknown): string {
  validate(value);
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "format");
  return JSON.stringify(
    errors.map(({ instancePath, keyword, params }) => [instancePath, keyword, params]),
  );
}
