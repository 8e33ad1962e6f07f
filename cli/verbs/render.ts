import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { withSession } from "../engine/session";
import { assertStack } from "../project";
import { declaredResources, previewErrors } from "../render/declared";
import { renderedFiles } from "../render/files";
import { exitCode } from "../wrong-use";
import { projectOf, withProject, type ProjectOption } from "./options";

/** Adds `render`: what a stack declares, as files to read and to compare. */
export function addRender(program: Command): void {
  const summary =
    "write what a stack declares as files: objects of Kubernetes, policies, resources";
  const command = program
    .command("render")
    .summary(summary)
    .description(
      `On the sandbox: ${summary}.\nSecrets read "[secret]", what is not known before an update "[unknown]".`,
    )
    .argument("<stack>", "stack, such as staging")
    .requiredOption("--out <folder>", "folder to write to; what was rendered there before goes");
  withProject(command).action(render);
}

async function render(stack: string, options: ProjectOption & { readonly out: string }) {
  const project = projectOf(options);
  assertStack(project, stack);
  const flags = ["--json", "--show-sames", "--non-interactive"];
  const { code, output } = await withSession({ project, stack, judged: false }, (session) =>
    session.capture("preview", flags),
  );
  if (code !== 0) {
    process.stderr.write(previewErrors(output));
    process.exitCode = exitCode.finding;
    return;
  }
  const files = renderedFiles(declaredResources(output));
  const folder = resolve(options.out);
  for (const part of ["manifests", "iam"]) {
    rmSync(join(folder, part), { recursive: true, force: true });
  }
  for (const { path, text } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  process.stdout.write(`${files.length} files in ${options.out}\n`);
}
