/** Keeps Node's warnings about its own experimental parts from the user, who can do nothing about them. */
export function withoutExperimentalWarnings(): void {
  const emit = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== "ExperimentalWarning") Reflect.apply(emit, process, [warning, ...rest]);
  };
}
