import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sandboxEnvironment } from "../../../cli/engine/environment";
import { makeStack, runEngine } from "../../../cli/engine/pulumi";
import { sandboxConfig } from "../../../cli/engine/stack-config";
import { plinth } from "../../../cli/program";
import { assertStack, openProject } from "../../../cli/project";
import { engineFlags } from "../../../cli/verbs/options";
import { assignment } from "../../../cli/verbs/sandbox";
import { settingsText } from "../../../cli/verbs/settings";
import { stateFile, workspaceOf } from "../../../cli/workspace";

const project = { directory: "/p", name: "shop", stacks: ["production", "staging"] };

describe("the command", () => {
  const verbs = plinth().commands.flatMap((verb) =>
    verb.commands.length === 0 ? [verb] : verb.commands,
  );

  it.each(verbs.map((verb) => [verb.name(), verb] as const))("%s explains itself", (_, verb) => {
    const help = verb.helpInformation();
    expect(verb.description()).toMatch(/[.:]$/m);
    expect(help).toContain("--project <folder>");
  });

  it.each([
    ["a verb that is misspelt", ["previev", "staging"], "(Did you mean preview?)"],
    ["a stack that is missing", ["preview"], "missing required argument 'stack'"],
    ["what lacks something, naming its help", ["sandbox", "env"], "(plinth sandbox env --help"],
    ["an option that is misspelt", ["settings", "staging", "--jsn"], "(Did you mean --json?)"],
    [
      "a tier that there is not",
      ["clone", "a", "b", "--tier", "x"],
      "production, staging, preview",
    ],
  ])("refuses %s", async (_, args, text) => {
    const written: string[] = [];
    const program = plinth();
    const all = [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)];
    for (const command of all) {
      command.configureOutput({ writeErr: (part) => written.push(part) });
    }
    await expect(program.parseAsync(args, { from: "user" })).rejects.toThrow();
    expect(written.join("")).toContain(text);
  });
});

describe("a stack", () => {
  it("without a file is refused, with the one that was meant", () => {
    expect(() => {
      assertStack(project, "stagin");
    }).toThrow(
      'no Pulumi.stagin.yaml: stacks have a file each, there are production, staging; did you mean "staging"?',
    );
  });

  it("is made once, whole, and never over what the engine has written", () => {
    const directory = mkdtempSync(join(tmpdir(), "plinth-cli-"));
    const own = { ...project, directory };
    const file = stateFile(workspaceOf(own), own, "staging");
    makeStack(own, "staging");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      version: 3,
      checkpoint: { stack: "organization/shop/staging" },
    });
    writeFileSync(file, "what the engine has written");
    makeStack(own, "staging");
    expect(readFileSync(file, "utf8")).toBe("what the engine has written");
    expect(readdirSync(dirname(file))).toEqual(["staging.json"]);
    rmSync(directory, { recursive: true });
  });

  it("is known by its file", () => {
    const directory = mkdtempSync(join(tmpdir(), "plinth-cli-"));
    writeFileSync(join(directory, "Pulumi.yaml"), "name: shop\n");
    writeFileSync(join(directory, "Pulumi.qa.yaml"), "config: {}\n");
    expect(openProject(directory)).toEqual({ directory, name: "shop", stacks: ["qa"] });
    rmSync(directory, { recursive: true });
  });

  it.each([
    ["Bad", 'the name of the new stack is "Bad"; must be lower-case letters'],
    ["../qa", 'the name of the new stack is "../qa"; must be lower-case letters'],
    ["q".repeat(40), "the name of the new stack makes 46 characters with the project's; may make"],
  ])("of a name that can't be is not cloned: %s", async (name, text) => {
    const args = ["clone", "staging", name, "--project", dirname(dirname(dirname(__dirname)))];
    await expect(plinth().parseAsync(args, { from: "user" })).rejects.toThrow(text);
  });

  it("that is no YAML is refused before the engine is asked", async () => {
    const directory = mkdtempSync(join(tmpdir(), "plinth-cli-"));
    writeFileSync(join(directory, "Pulumi.yaml"), "name: shop\n");
    writeFileSync(join(directory, "Pulumi.qa.yaml"), "config:\n\tshop:tier: staging\n");
    const args = ["preview", "qa", "--project", directory];
    await expect(plinth().parseAsync(args, { from: "user" })).rejects.toThrow(
      "Pulumi.qa.yaml: line 2: is indented by a tab",
    );
    rmSync(directory, { recursive: true });
  });

  it("outside of a project is refused", () => {
    expect(() => openProject(join(tmpdir(), "nowhere"))).toThrow("holds no Pulumi.yaml");
  });
});

describe("the engine on the sandbox", () => {
  const before = { ...process.env };

  afterEach(() => {
    process.env = { ...before };
  });

  it("sees none of the user's own accounts, backends and clusters", () => {
    const own = {
      AWS_PROFILE: "mine",
      GITHUB_TOKEN: "mine",
      KUBECONFIG: "/home/me/.kube/config",
      PULUMI_ACCESS_TOKEN: "mine",
      PULUMI_BACKEND_URL: "https://mine",
    };
    Object.assign(process.env, own);
    const environment = sandboxEnvironment(workspaceOf(project), {});
    const values = Object.keys(own).map((name) => environment[name]);
    expect(values.join(" ")).not.toMatch(/mine|\/home\/me/);
    expect(environment["PATH"]).toContain(before["PATH"]?.split(":").at(-1));
  });

  it("lays out its files as the sandbox reads them, however the user's own backend does", () => {
    const own = { PULUMI_SELF_MANAGED_STATE_GZIP: "true", PULUMI_DIY_BACKEND_LEGACY_LAYOUT: "1" };
    Object.assign(process.env, own);
    // The engine asks for the former name where the new one is not set.
    expect(sandboxEnvironment(workspaceOf(project), {})).toMatchObject({
      PULUMI_DIY_BACKEND_GZIP: "false",
      PULUMI_DIY_BACKEND_LEGACY_LAYOUT: "false",
      PULUMI_DIY_BACKEND_ZSTD: "false",
    });
  });

  it("keeps its cloud in the project where PLINTH_WORKSPACE is empty, as where it is not set", () => {
    process.env["PLINTH_WORKSPACE"] = "";
    expect(workspaceOf(project).directory).toBe(join("/p", ".plinth"));
  });

  it("reads what the stack file says, without how a real stack keeps its secrets", () => {
    const file = "secretsprovider: awskms://x\nencryptedkey: abc\nconfig:\n  shop:tier: staging\n";
    expect(sandboxConfig(file)).toMatch(
      /^config:\n {2}shop:tier: staging\nencryptionsalt: v1:\S+\n$/,
    );
  });

  it("reads a stack file that is no YAML as it is, to refuse it itself", () => {
    expect(sandboxConfig("config: {")).toBe("config: {");
  });

  it("that is not there says how it comes back", async () => {
    const environment = { PATH: "/nowhere" };
    await expect(
      runEngine({ args: ["version"], directory: "/", environment, capture: true }),
    ).rejects.toThrow(
      /^the engine can't be run \(.*spawn pulumi ENOENT\): `npm start` brings it again$/,
    );
  });

  it("that a signal ends fails with the signal's name", async () => {
    const directory = mkdtempSync(join(tmpdir(), "plinth-cli-"));
    writeFileSync(join(directory, "pulumi"), "#!/bin/sh\nkill -SEGV $$\n", { mode: 0o755 });
    const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const environment = { PATH: `${directory}:/bin` };
    const { code } = await runEngine({ args: [], directory, environment, capture: true });
    expect([code, said.mock.calls]).toEqual([1, [["error: the engine was ended by SIGSEGV\n"]]]);
    said.mockRestore();
    rmSync(directory, { recursive: true });
  });

  it("takes flags after -- and nothing else", () => {
    expect(engineFlags(["--diff", "--target", "urn"])).toEqual(["--diff", "--target", "urn"]);
    expect(() => engineFlags(["production"])).toThrow('unexpected argument "production"');
  });
});

describe("a property to drift", () => {
  it.each([
    ["spec.replicas=9", ["spec.replicas", 9]],
    ["labels.x=null", ["labels.x", null]],
    ["description=a=b", ["description", "a=b"]],
  ])("%s is read as path and value", (text, expected) => {
    expect(assignment(text)).toEqual(expected);
  });

  it("without a path is refused", () => {
    expect(() => assignment("=9")).toThrow("--set takes path=value");
  });
});

describe("settings as text", () => {
  it("stand in columns below the section or service that they belong to", () => {
    const text = settingsText([
      { path: "tier", value: "staging", source: "Pulumi.staging.yaml: shop:tier" },
      { path: "services.api.port", value: 8080, source: "default" },
      { path: "services.api.replicas.min", value: 2, source: "default of tier staging" },
    ]);
    expect(text.split("\n")).toEqual([
      "tier",
      "  -             staging  Pulumi.staging.yaml",
      "",
      "services.api",
      "  port          8080     default",
      "  replicas.min  2        default of tier staging",
      "",
    ]);
  });
});
