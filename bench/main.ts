import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { format } from "prettier";
import { repositoryDirectory } from "../toolchain/engine.mjs";
import { measureBackups, prepareBackups } from "./backups";
import { platformOf, sizes } from "./catalogue";
import { Checkout } from "./checkout";
import { Comparison, defaultTemplate, emptyProgram } from "./comparisons";
import { measure, run, type Measurement } from "./measure";
import { backupReport, report, thisMachine, type Growth, type Runs } from "./report";

const preface = `# Benchmarks

Written by \`npm run bench -- --write\`. Everything is measured in one run, on one machine, in turn; figures are medians.
Ratios travel between machines, seconds do not.

- **First** means: set-up is done, nothing has run, no stack, no sandbox. Set-up **compiles** the program while it brings
  the engine, which takes longer. **Again** is the same command straight after.
- A preview of plinth contains the sandbox, the engine, the program and the policy pack.
- The **empty program** and the **default template** run on the same sandbox, whose caches are warm, without policies. The
  template is what \`pulumi new aws-typescript\` gives, with one bare resource of each of five SDKs; it is compiled and its
  types are checked, as whenever a file has changed.
- A dump and its verification run as their jobs run, by turns with the bare tool: what they do besides is upload, count,
  hash and compare, and to make a server. The bare tools work on the database's own server, which has PostgreSQL's settings
  but that nothing is forced to the disk; the server of a verification, besides, keeps no journal of what it restores.
  The local S3 hands out the parts of a dump from memory: moto would read all of it for each, 8 s of CPU for 28 parts of
  224 MB, which S3 spends on machines of its own. \`npm run bench -- --only backups\` measures them alone.
- Peak memory is the resident memory of all processes of a run together.
- Services of the generated catalogue are by turns reached, workers and front ends, with secrets and databases. Their
  stacks are new, caches are warm.
`;

interface Options {
  readonly runs: number;
  readonly only?: "previews" | "backups";
  readonly write?: boolean;
}

/** Measures everything, or one part, and prints it; a page is written of everything only. */
async function bench({ runs, write, only }: Options): Promise<void> {
  if (only !== "previews") await prepareBackups();
  const parts = [
    ...(only === "backups" ? [] : [await previews(runs)]),
    ...(only === "previews" ? [] : [backupReport(await measureBackups(runs, timed))]),
  ];
  const text = parts.join("\n\n");
  process.stdout.write(`\n${text}\n`);
  if (write !== true) return;
  const page = await format(`${preface}\n${text}\n`, { parser: "markdown", printWidth: 100 });
  writeFileSync(join(repositoryDirectory, "docs", "benchmarks.md"), page);
}

/** Measures previews against other programs and as the catalogue grows. */
async function previews(runs: number): Promise<string> {
  const checkout = new Checkout();
  try {
    const { environment, directory } = checkout;
    const engine = await run({ words: ["pulumi", "version"], directory, environment });
    const machine = thisMachine(engine.trim().replace(/^v/, ""));
    const compared = await compare(checkout, runs);
    return report(machine, compared, await grow(checkout, runs));
  } finally {
    checkout.remove();
  }
}

/** Runs all programs in turn, so that what else the machine does falls on all alike. */
async function compare(checkout: Checkout, runs: number): Promise<Runs> {
  const { environment, directory } = checkout;
  const empty = await Comparison.make(join(directory, "empty"), emptyProgram, environment);
  const template = await Comparison.make(join(directory, "template"), defaultTemplate, environment);
  const all: Runs = { empty: [], template: [], compiled: [], first: [], again: [] };
  for (let index = 1; index <= runs; index++) {
    const label = (name: string) => `${name}, run ${index} of ${runs}`;
    checkout.forget();
    all.compiled.push(await timed(label("compiled"), () => checkout.compile()));
    all.first.push(await timed(label("first"), () => checkout.preview()));
    all.again.push(await timed(label("again"), () => checkout.preview()));
    // The sandbox learns the template's types once, outside of what is measured.
    if (index === 1) await template.preview();
    template.forget();
    all.template.push(await timed(label("template"), () => template.preview()));
    all.empty.push(await timed(label("empty"), () => empty.preview()));
  }
  return all;
}

async function grow(checkout: Checkout, runs: number): Promise<Growth> {
  const growth = new Map(sizes.map((size): [number, Measurement[]] => [size, []]));
  for (let index = 1; index <= runs; index++) {
    for (const [size, measured] of growth) {
      checkout.use(platformOf(size));
      checkout.forgetStacks();
      const label = `${size} services, run ${index} of ${runs}`;
      measured.push(await timed(label, () => checkout.preview()));
    }
  }
  return growth;
}

async function timed(label: string, body: () => Promise<void>): Promise<Measurement> {
  const measured = await measure(body);
  process.stderr.write(`${label}: ${measured.seconds.toFixed(1)} s\n`);
  return measured;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("must be a whole number above 0");
}

void new Command("bench")
  .description("Measures previews on the sandbox, and backups on a real PostgreSQL.")
  .addOption(
    new Option("--only <part>", "measure one part")
      .choices(["previews", "backups"])
      .conflicts("write"),
  )
  .option("--runs <number>", "runs of each program", positive, 3)
  .option("--write", "write docs/benchmarks.md")
  .action(bench)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
