import { startSandbox, type Sandbox } from "../../sandbox/client";
import type { Project } from "../project";
import { workspaceOf } from "../workspace";
import { sandboxEnvironment } from "./environment";
import { makeStack, runEngine, type Outcome } from "./pulumi";
import { writeStackConfig } from "./stack-config";

/** The engine with the sandbox attached to it, for one project. */
export class Session {
  readonly project: Project;
  readonly #sandbox: Promise<Sandbox>;

  constructor(project: Project, sandbox: Promise<Sandbox>) {
    this.project = project;
    this.#sandbox = sandbox;
  }

  /** Runs a verb of the engine on a stack, which is made first where it is new; gives the exit code. */
  async run(verb: string, stack: string, flags: readonly string[]): Promise<number> {
    return (await this.#onStack([verb, "--stack", stack, ...flags], stack, false)).code;
  }

  /** Runs a verb of the engine on a stack and keeps what it prints. */
  async capture(verb: string, stack: string, flags: readonly string[]): Promise<Outcome> {
    return this.#onStack([verb, "--stack", stack, ...flags], stack, true);
  }

  async #onStack(args: readonly string[], stack: string, capture: boolean): Promise<Outcome> {
    const { project } = this;
    const workspace = workspaceOf(project);
    // A stack is made without a provider, so while the sandbox starts.
    const [sandbox] = await Promise.all([
      this.#sandbox,
      makeStack(project, stack, sandboxEnvironment(workspace, {})),
    ]);
    const environment = sandboxEnvironment(workspace, sandbox.environment);
    const config = writeStackConfig(workspace, project, stack);
    const own = [...args, "--config-file", config];
    return runEngine({ args: own, directory: project.directory, environment, capture });
  }
}

/** Opens a session for as long as a body takes; the sandbox ends with it, its cloud stays. */
export async function withSession<T>(
  project: Project,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const sandbox = startSandbox({ directory: workspaceOf(project).cloud });
  try {
    return await body(new Session(project, sandbox));
  } finally {
    await (await sandbox).stop();
  }
}
