import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../toolchain/lock.mjs";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plinth-lock-"));
  file = join(folder, "deeper", "setup.lock");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function neverWaits(holder: string): never {
  throw new Error(`waited for ${holder}`);
}

describe("the lock", () => {
  test("names its holder while the work runs and is gone afterwards", async () => {
    const held = await withLock(
      file,
      () => Promise.resolve(readFileSync(file, "utf8")),
      neverWaits,
    );
    expect(held).toBe(`${process.pid} ${hostname()}`);
    expect(existsSync(file)).toBe(false);
  });

  test("is released when the work fails", async () => {
    const work = () => Promise.reject(new Error("no disk"));
    await expect(withLock(file, work, neverWaits)).rejects.toThrow("no disk");
    expect(existsSync(file)).toBe(false);
  });

  test("lets one run after the other, and says once for whom it waits", async () => {
    const order: string[] = [];
    const holders: string[] = [];
    let finishFirst: () => void = () => undefined;
    const first = withLock(
      file,
      () => new Promise<void>((done) => (finishFirst = done)).then(() => order.push("first")),
      neverWaits,
    );
    const second = withLock(
      file,
      () => Promise.resolve(order.push("second")),
      (holder) => {
        holders.push(holder);
        finishFirst();
      },
    );
    await Promise.all([first, second]);
    expect(order).toEqual(["first", "second"]);
    expect(holders).toEqual([`${process.pid} ${hostname()}`]);
  });

  test("tells people who holds it, where it is, and when to delete it", async () => {
    let finishFirst: () => void = () => undefined;
    const told = jest.spyOn(process.stderr, "write").mockImplementation(() => {
      finishFirst();
      return true;
    });
    const first = withLock(file, () => new Promise<void>((done) => (finishFirst = done)));
    await Promise.all([first, withLock(file, () => Promise.resolve())]);
    const lines = told.mock.calls.map(([line]) => line);
    told.mockRestore();
    const holder = `${process.pid} ${hostname()}`;
    expect(lines).toEqual([
      `… waiting for another set-up: ${holder} holds ${file}; delete it if none runs\n`,
    ]);
  });

  test("of a process that is gone is taken over", async () => {
    await withLock(file, () => Promise.resolve(), neverWaits);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(file, `${pid} ${hostname()}`);
    await expect(withLock(file, () => Promise.resolve("done"), neverWaits)).resolves.toBe("done");
  });
});
