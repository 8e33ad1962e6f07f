import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const disks: string[] = [];

/** A disk of so many megabytes; by default it has room for a server, and none for the database. */
export function smallDisk(megabytes = 44): string {
  const folder = mkdtempSync(join(tmpdir(), "plinth-disk-"));
  const mount = ["mount", "-t", "tmpfs", "-o", `size=${megabytes}m,mode=1777`, "tmpfs", folder];
  const [command = "", ...args] = process.getuid?.() === 0 ? mount : ["sudo", "-n", ...mount];
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  disks.push(folder);
  return folder;
}

/** Takes room of a disk until so many bytes are left; gives the way to free it again. */
export function fillUp(folder: string, left: number): () => void {
  const { bavail, bsize } = statfsSync(folder);
  const ballast = join(folder, "ballast");
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - left));
  return () => {
    rmSync(ballast);
  };
}

/** Ends the small disks of a test. */
export function removeDisks(): void {
  for (const folder of disks) {
    const unmount = ["umount", folder];
    const [command = "", ...args] = process.getuid?.() === 0 ? unmount : ["sudo", "-n", ...unmount];
    spawnSync(command, args);
    rmSync(folder, { recursive: true });
  }
}
