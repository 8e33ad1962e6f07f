import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { parse } from "yaml";
import { plinth } from "../../../cli/program";
import { catalogue } from "../../../policies/catalogue";
import { entriesOf, isTree } from "../../../settings/tree";
import { limitedConfiguration } from "../../support/limited-settings";
import { problemsOf, type Configuration } from "../../support/settings";
import { stagingTree } from "../../support/stack-tree";
import packageFile from "../../../package.json";

const root = join(__dirname, "../../..");
const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
const files = [
  "README.md",
  "CONTRIBUTING.md",
  "policies/README.md",
  ...docs.filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`),
].map((file) => file.replaceAll("\\", "/"));

const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const withoutCode = (text: string) => text.replace(/^ *```[^]*?^ *```$/gm, "");

/** Blocks of code in a language, of every page: where each stands, and what it says. */
const blocks = (language: string) =>
  files.flatMap((file) =>
    [...textOf(file).matchAll(/^( *)```(\w+)\n([^]*?)^ *```$/gm)]
      .filter(([, , name]) => name === language)
      .map(([, indent = "", , text = ""]) => ({
        file,
        text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      })),
  );

describe("links of the documentation", () => {
  it.each(files)("%s leads to pages and sections that exist", (file) => {
    const links = [...withoutCode(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, link = ""]) => link,
    );
    expect(links.filter((link) => !/^https?:/.test(link) && !leads(file, link))).toEqual([]);
  });
});

function leads(from: string, link: string): boolean {
  const [path = "", section] = link.split("#");
  const target = path === "" ? from : relative(root, join(root, dirname(from), path));
  if (!existsSync(join(root, target))) return false;
  return section === undefined || sectionsOf(textOf(target)).includes(section);
}

/** Anchors of a page's headings, as GitHub makes them. */
function sectionsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("commands in the documentation", () => {
  const commands = ["sh", "bash"].flatMap(blocks).flatMap(({ file, text }) =>
    text
      .replaceAll("\\\n", " ")
      .split("\n")
      .map((line) => ({ file, line: line.replace(/ +#.*$/, "") })),
  );
  const inText = files.flatMap((file) =>
    [...withoutCode(textOf(file)).matchAll(/`((?:npx plinth|npm) [^`]+)`/g)].map(
      ([, line = ""]) => ({ file, line: line.replaceAll("\n", " ") }),
    ),
  );
  const lines = [...commands, ...inText].flatMap(({ file, line }) =>
    line.split(/ && |\$\(| \| /).map((part) => ({ file, part: part.trim() })),
  );

  const verbs = lines.flatMap(({ file, part }) => {
    const [, words] = /^(?:npx )?plinth (.+)$/.exec(part) ?? [];
    return words === undefined ? [] : [{ file, words: wordsOf(words) }];
  });
  const scripts = lines.flatMap(({ file, part }) => {
    const [, script] = /^npm (?:run (?:-s )?)?([a-z:]+)/.exec(part) ?? [];
    return script === undefined ? [] : [{ file, script }];
  });

  it("are of the command line as it is", () => {
    expect(verbs.length).toBeGreaterThan(30);
    const wrong = verbs.flatMap(({ file, words }) =>
      isCommand(plinth(), words) ? [] : [`${file}: plinth ${words.join(" ")}`],
    );
    expect(wrong).toEqual([]);
  });

  it("name scripts that exist", () => {
    const known = [...Object.keys(packageFile.scripts), "ci", "install"];
    expect(scripts.length).toBeGreaterThan(5);
    expect(scripts.filter(({ script }) => !known.includes(script))).toEqual([]);
  });
});

/** The words of a command, up to what is for the engine. */
function wordsOf(text: string): string[] {
  const words: readonly string[] = text.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  const end = words.indexOf("--");
  return (end === -1 ? words : words.slice(0, end)).map((word) => word.replaceAll(/["')]/g, ""));
}

function isCommand(program: Command, [name, ...words]: readonly string[]): boolean {
  if (name === "VERB" || name === "--help") return true;
  const verb = program.commands.find((command) => command.name() === name);
  if (verb === undefined) return false;
  if (verb.commands.length > 0 && words.length > 0) return isCommand(verb, words);
  const known = verb.options.flatMap(({ long, short }) => [long, short]);
  return words.every((word) => !word.startsWith("-") || known.includes(word));
}

describe("settings in the documentation", () => {
  const snippets = blocks("yaml").flatMap(({ file, text }) => {
    const [, kind] = /^# (catalogue|stack)\n/.exec(text) ?? [];
    const parsed: unknown = parse(text);
    return kind === undefined ? [] : [{ file, kind, parsed }];
  });

  it("are several of each kind", () => {
    const count = (wanted: string) => snippets.filter(({ kind }) => kind === wanted).length;
    expect(count("catalogue")).toBeGreaterThan(2);
    expect(count("stack")).toBeGreaterThan(2);
  });

  it.each(snippets.map((one) => [`${one.kind} of ${one.file}`, one] as const))(
    "%s holds as it stands",
    (_, { kind, parsed }) => {
      expect(problemsOf(kind === "stack" ? stackOf(parsed) : catalogueOf(parsed))).toEqual([]);
    },
  );
});

const image = { digest: `sha256:${"0".repeat(64)}` };

/** A configuration whose catalogue has what a snippet says beside `api`. */
function catalogueOf(snippet: unknown): Configuration {
  const limited = limitedConfiguration();
  const services = { ...treeOf(limited.catalogue["services"]), ...treeOf(snippet) };
  const running = entriesOf(services).filter(
    ([, service]) => treeOf(service)["kind"] !== "browser",
  );
  const overrides = Object.fromEntries(running.map(([name]) => [name, { image }]));
  const delivery = { branches: ["main"] };
  const catalogue = { ...limited.catalogue, services };
  return { ...limited, catalogue, stack: { ...limited.stack, delivery, overrides } };
}

/** A configuration that says what a snippet says, of services that the catalogue may lack. */
function stackOf(snippet: unknown): Configuration {
  const limited = limitedConfiguration();
  const said = Object.fromEntries(
    entriesOf(snippet).map(([key, value]) => [key.replace(/^\w+:/, ""), value]),
  );
  // What holds in the stack that it is like is this configuration's.
  const { like: _, overrides, ...sections } = said;
  const repository = "ghcr.io/acme/other";
  const added = entriesOf(overrides).map(([name]): [string, unknown] => [
    name,
    { kind: "worker", image: { repository } },
  ]);
  const services = { ...Object.fromEntries(added), ...treeOf(limited.catalogue["services"]) };
  const own = entriesOf(overrides).map(([name, override]): [string, unknown] => [
    name,
    { image, ...treeOf(override) },
  ]);
  const base = treeOf(limited.stack["overrides"]);
  return {
    ...limited,
    catalogue: { ...limited.catalogue, services },
    stack: { ...limited.stack, ...sections, overrides: { ...base, ...Object.fromEntries(own) } },
  };
}

function treeOf(value: unknown) {
  return isTree(value) ? value : {};
}

describe("what the documentation says of itself", () => {
  it.each(["decisions", "how-to"])("the index names every page of %s", (folder) => {
    const index = folder === "decisions" ? "docs/decisions/README.md" : "docs/README.md";
    const pages = readdirSync(join(root, "docs", folder)).filter((file) => file !== "README.md");
    const named = folder === "decisions" ? pages : pages.map((file) => `${folder}/${file}`);
    expect(named.filter((file) => !textOf(index).includes(`](${file})`))).toEqual([]);
  });

  it("the README counts the rules of the pack as they are", () => {
    expect(/\*\*Policies\*\*: (\d+) rules/.exec(textOf("README.md"))?.[1]).toBe(
      String(catalogue.length),
    );
  });

  it("the README and the tutorial count the resources that staging has", () => {
    const all = stagingTree.split("\n").length;
    const counted = (page: string) =>
      [...textOf(page).matchAll(/ (\d+) (?:to create|created|unchanged)$/gm)].map(([, count]) =>
        Number(count),
      );
    expect(counted("README.md")).toEqual([all]);
    expect(counted("docs/tutorial.md").slice(0, 3)).toEqual([all, all, all]);
  });

  it("the README names folders that exist", () => {
    const [, folders = ""] = textOf("README.md").split("## Where things are");
    const named = [...folders.matchAll(/^\| (`.*?) *\|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    );
    expect(named.length).toBeGreaterThan(7);
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});
