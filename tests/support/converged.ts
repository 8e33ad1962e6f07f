import type { Workbench } from "./engine";
import { labelOf } from "./outcome";

/** Expects a stack to be whole, and that nothing is left to do. */
export async function expectConverged(workbench: Workbench, stack: string): Promise<void> {
  expect(Object.keys((await workbench.up(stack)).changes)).toEqual(["same"]);
  await expectWhole(workbench, stack);
}

/** Expects each object of the state to be in the cloud once, and nothing else that was declared. */
export async function expectWhole(workbench: Workbench, stack: string): Promise<void> {
  const inState = (await workbench.state(stack)).filter(
    ({ id, type }) => id !== undefined && !type.startsWith("pulumi:"),
  );
  expect(await workbench.objects()).toEqual(inState.map(({ urn }) => labelOf(urn)).sort());
}
