import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as cache from "../../../../sandbox/schema/cache";

const folder = mkdtempSync(join(tmpdir(), "plinth-cache-"));
process.env["XDG_CACHE_HOME"] = folder;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The cache as another process sees it: with an empty memory. */
function anotherProcess(): typeof cache {
  jest.resetModules();
  return jest.requireActual<typeof cache>("../../../../sandbox/schema/cache");
}

const never = (): never => {
  throw new Error("made again");
};

test("a value is made once and read by every later process", () => {
  expect(anotherProcess().cached("a/b", () => ({ made: 1 }))).toEqual({ made: 1 });
  expect(anotherProcess().cached("a/b", never)).toEqual({ made: 1 });
});

test("a value is read from memory within one process", () => {
  const { cached } = anotherProcess();
  expect(cached("memory", () => [1])).toBe(cached("memory", never));
});

test("a file that is not whole is made again, and no unfinished one stays behind", () => {
  anotherProcess().cached("broken", () => "first");
  const files = join(folder, "plinth", ...readdirSync(join(folder, "plinth")));
  writeFileSync(join(files, "broken.json"), '"fir');
  expect(anotherProcess().cached("broken", () => "second")).toBe("second");
  expect(anotherProcess().cached("broken", never)).toBe("second");
  expect(readdirSync(files).filter((name) => name.startsWith("broken"))).toEqual(["broken.json"]);
});

test("a folder that cannot be written to costs no failure", () => {
  process.env["XDG_CACHE_HOME"] = join(folder, "file");
  writeFileSync(join(folder, "file"), "");
  expect(anotherProcess().cached("c", () => 1)).toBe(1);
  process.env["XDG_CACHE_HOME"] = folder;
});
