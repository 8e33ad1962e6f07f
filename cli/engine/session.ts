import { startSandbox } from "../../sandbox/client";
import type { Project } from "../project";
import { workspaceOf } from "../workspace";
import { sandboxEnvironment } from "./environment";
import { makeStack, runEngine, type Outcome } from "./pulumi";
import { writeStackConfig } from "./stack-config";

/** The engine with the sandbox attached to it, for one project. */
export class Session {
  readonly project: Project;
  readonly environment: NodeJS.ProcessEnv;

  constructor(project: Project, environment: NodeJS.ProcessEnv) {
    this.project = project;
    this.environment = environment;
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
    const { project, environment } = this;
    await makeStack(project, stack, environment);
    const config = writeStackConfig(workspaceOf(project), project, stack);
    const own = [...args, "--config-file", config];
    return runEngine({ args: own, directory: project.directory, environment, capture });
  }
}

/** Opens a session for as long as a body takes; the sandbox ends with it, its cloud stays. */
export async function withSession<T>(
  project: Project,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const workspace = workspaceOf(project);
  const sandbox = await startSandbox({ directory: workspace.cloud });
  try {
    return await body(new Session(project, sandboxEnvironment(workspace, sandbox.environment)));
  } finally {
    await sandbox.stop();
  }
}
