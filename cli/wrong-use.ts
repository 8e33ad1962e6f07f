/** A command that cannot be carried out as given: exit code 2. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}

/** Exit codes of every verb. */
export const exitCode = { good: 0, finding: 1, wrongUse: 2 } as const;
