import { arch, availableParallelism, loadavg, platform, totalmem } from "node:os";
import type { BackupRuns } from "./backups";
import type { Measurement } from "./measure";
import { fit, median, slope, type Point } from "./statistics";

/** Most that a first preview may take, as a share of what the default template takes. */
const templateShare = 0.5;
/** Most that a further service may add, in seconds. */
const secondsPerService = 0.3;

/** Most that a dump or a verification may take, as a multiple of the bare tool. */
const bareShare = 1.3;

/** What the previews were measured on. */
export interface Machine {
  /** Version of the engine. */
  readonly engine: string;
  /** Load of the machine before the first run: how many processes wanted to run. */
  readonly load: number;
}

/** Runs of one program, by its name. */
export type Runs = Readonly<
  Record<"empty" | "template" | "compiled" | "first" | "again", Measurement[]>
>;

/** Runs by the number of services. */
export type Growth = ReadonlyMap<number, Measurement[]>;

/** The machine that this process runs on. */
export function thisMachine(engine: string): Machine {
  return { engine, load: loadavg()[0] ?? NaN };
}

/** Everything measured, as Markdown. */
export function report(machine: Machine, runs: Runs, growth: Growth): string {
  return [
    shape(machine),
    "## A preview of `staging`",
    comparison(runs),
    "## Each further service",
    growthTable(growth),
    growthLine(growth),
  ].join("\n\n");
}

/** Backups beside the bare tools, as Markdown. */
export function backupReport(runs: BackupRuns): string {
  const pairs = [
    { bare: "pg_dump", runs: runs.pgDump, ours: "dump.sh", others: runs.dump },
    { bare: "pg_restore", runs: runs.pgRestore, ours: "verify.sh", others: runs.verify },
  ].map((pair) => ({ ...pair, share: seconds(pair.others) / seconds(pair.runs) }));
  const rows = pairs.flatMap((pair) => [
    [`\`${pair.bare}\``, `${seconds(pair.runs).toFixed(1)} s`, "1.00"],
    [`\`${pair.ours}\``, `${seconds(pair.others).toFixed(1)} s`, pair.share.toFixed(2)],
  ]);
  const size = `A database of ${Math.round(runs.bytes / 1e6)} MB, on a local PostgreSQL and a local S3.`;
  const targets = pairs.map(
    ({ ours, bare, share }) =>
      `\`${ours}\` takes ${share.toFixed(2)} times as long as \`${bare}\`; ${verdict(share, bareShare)}.`,
  );
  const head = ["", "wall time", "÷ bare"];
  return ["## A backup and its verification", size, table(head, rows), targets.join("\n")].join(
    "\n\n",
  );
}

function shape({ engine, load }: Machine): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const node = process.versions.node;
  return (
    `${availableParallelism()} cores, ${gigabytes} GB, ${platform()} ${arch()}, Node ${node}, ` +
    `engine ${engine}, load before the first run ${load.toFixed(1)}.`
  );
}

function comparison(runs: Runs): string {
  const names = {
    empty: "empty program",
    template: "default template, five resources",
    compiled: "set-up compiles the program",
    first: "`plinth preview staging`, first",
    again: "`plinth preview staging`, again",
  };
  const empty = seconds(runs.empty);
  const template = seconds(runs.template);
  const rows = (["empty", "template", "compiled", "first", "again"] as const).map((name) => {
    const wall = seconds(runs[name]);
    const ratios = [(wall / empty).toFixed(1), (wall / template).toFixed(2)];
    return [names[name], `${wall.toFixed(1)} s`, memory(runs[name]), ...ratios];
  });
  const share = seconds(runs.first) / template;
  const target = `The first preview takes ${share.toFixed(2)} of the default template's time; ${verdict(share, templateShare)}`;
  const head = ["", "wall time", "peak memory", "÷ empty", "÷ template"];
  return `${table(head, rows)}\n\n${target}.`;
}

function growthTable(growth: Growth): string {
  const rows = [...growth].map(([count, runs]) => [
    String(count),
    `${seconds(runs).toFixed(1)} s`,
    memory(runs),
  ]);
  return table(["services", "wall time", "peak memory"], rows);
}

function growthLine(growth: Growth): string {
  const points = [...growth].map(([x, runs]): Point => ({ x, y: seconds(runs) }));
  const { slope: perService, rSquared } = fit(points);
  const bend = slope(points.slice(-2)) / slope([points[0], points.at(-2)]);
  return (
    `Each further service adds ${perService.toFixed(2)} s (least squares, R² ${rSquared.toFixed(3)}; ` +
    `the last half is ${bend.toFixed(2)} times as steep as the first); ${verdict(perService, secondsPerService)} s.`
  );
}

function verdict(value: number, limit: number): string {
  return `the target, ${value <= limit ? "met" : "missed"}, is at most ${limit}`;
}

function seconds(runs: readonly Measurement[]): number {
  return median(runs.map((run) => run.seconds));
}

function memory(runs: readonly Measurement[]): string {
  const known = runs.flatMap(({ megabytes }) => megabytes ?? []);
  return known.length === 0 ? "not measured" : `${Math.round(median(known))} MB`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
