import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../../bench/checkout";

const checkout = new Checkout();
afterAll(() => {
  checkout.remove();
});

/** What is kept of compiled files and of types that were read. */
function kept(): string[] {
  return ["compiled", "user-cache"].flatMap((name) =>
    readdirSync(join(checkout.directory, ".plinth", name), { recursive: true }).map(String),
  );
}

test("set-up compiles and reads all that the first preview needs", async () => {
  await checkout.compile();
  const before = kept();
  await checkout.preview();
  expect(kept().filter((file) => !before.includes(file))).toEqual([]);
  expect(before.length).toBeGreaterThan(500);
});
