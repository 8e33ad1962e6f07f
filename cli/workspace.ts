import { join } from "node:path";
import type { Project } from "./project";

/** Where everything lies that the sandbox and the engine keep for a project; none of it belongs into the repository. */
export interface Workspace {
  /** Folder of all of it. */
  readonly directory: string;
  /** Cloud of the sandbox. */
  readonly cloud: string;
  /** Backend of the engine: a state file per stack. */
  readonly state: string;
  /** Home of the engine, apart from the user's own. */
  readonly home: string;
  /** Configuration of the sandbox's stacks: the stack file and the salt of their secrets. */
  readonly stacks: string;
  /** Record of the sandbox that runs in the background. */
  readonly background: string;
}

/** The workspace of a project; `PLINTH_WORKSPACE` moves it. */
export function workspaceOf({ directory }: Project): Workspace {
  const { PLINTH_WORKSPACE: moved = "" } = process.env;
  const own = moved === "" ? join(directory, ".plinth") : moved;
  return {
    directory: own,
    cloud: join(own, "cloud"),
    state: join(own, "state"),
    home: join(own, "home"),
    stacks: join(own, "stacks"),
    background: join(own, "sandbox.json"),
  };
}

/** The state file that the engine's backend keeps of a stack. */
export function stateFile({ state }: Workspace, { name }: Project, stack: string): string {
  return join(state, ".pulumi", "stacks", name, `${stack}.json`);
}
