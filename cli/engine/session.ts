import { startSandbox } from "../../sandbox/client";
import type { Project } from "../project";
import { assertReadable } from "../stack-settings";
import { workspaceOf } from "../workspace";
import { sandboxEnvironment } from "./environment";
import { policyFlags } from "./policy";
import { makeStack, runEngine, type Outcome } from "./pulumi";
import { writeStackConfig } from "./stack-config";

/** What a session is about. */
export interface Subject {
  /** Project of the stack. */
  readonly project: Project;
  /** Stack, which is made first where it is new. */
  readonly stack: string;
  /** Whether the policy pack judges it. */
  readonly judged: boolean;
}

/** The engine with the sandbox attached to it, for one stack. */
export class Session {
  readonly #subject: Subject;
  readonly #attached: Readonly<Record<string, string>>;
  readonly #policies: readonly string[];

  constructor(
    subject: Subject,
    attached: Readonly<Record<string, string>>,
    policies: readonly string[],
  ) {
    this.#subject = subject;
    this.#attached = attached;
    this.#policies = policies;
  }

  /** Runs a verb of the engine; gives the exit code. */
  async run(verb: string, flags: readonly string[]): Promise<number> {
    return (await this.#run([verb, ...flags], false)).code;
  }

  /** Runs a verb of the engine and keeps what it prints. */
  async capture(verb: string, flags: readonly string[]): Promise<Outcome> {
    return this.#run([verb, ...flags], true);
  }

  async #run(words: readonly string[], capture: boolean): Promise<Outcome> {
    const { project, stack } = this.#subject;
    const workspace = workspaceOf(project);
    const config = writeStackConfig(workspace, project, stack);
    return runEngine({
      args: [...words, "--stack", stack, "--config-file", config, ...this.#policies],
      directory: project.directory,
      environment: sandboxEnvironment(workspace, this.#attached),
      capture,
    });
  }
}

/** Opens a session for as long as a body takes; the sandbox ends with it, its cloud stays. */
export async function withSession<T>(
  subject: Subject,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const { project, stack, judged } = subject;
  assertReadable(project, stack);
  const workspace = workspaceOf(project);
  const sandbox = startSandbox({ directory: workspace.cloud });
  try {
    // Neither takes a provider, so both while the sandbox starts.
    makeStack(project, stack);
    const policies = judged ? policyFlags(project, stack) : [];
    return await body(new Session(subject, (await sandbox).environment, policies));
  } finally {
    await (await sandbox).stop();
  }
}
