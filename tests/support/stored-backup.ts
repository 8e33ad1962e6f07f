import { type Backups, bucket } from "./backups";

/** Milliseconds of a day. */
export const day = 86_400_000;

/** What a backup consists of. */
export interface Stored {
  /** The dump, if there is one. */
  readonly dump: Buffer | undefined;
  /** The manifest, if there is one. */
  readonly manifest: string | undefined;
}

/** Name of a backup that was taken some minutes ago. */
function nameOf(minutesAgo: number): string {
  const time = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return time.replace(/\.\d+Z$/, "Z").replaceAll(":", "-");
}

/** A backup and its place. */
export interface Placed {
  /** Prefix of its key, with trailing slash. */
  readonly prefix: string;
  /** What it consists of. */
  readonly stored: Stored;
  /** Bucket. */
  readonly in?: string;
  /** When it was taken. */
  readonly minutesAgo?: number;
  /** How the dump is locked and encrypted. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Puts a backup into the vault, locked as the vault locks. */
export async function place(backups: Backups, placed: Placed): Promise<string> {
  const { stored, minutesAgo = 5, headers } = placed;
  const prefix = `${placed.in ?? bucket}/${placed.prefix}`;
  const name = nameOf(minutesAgo);
  if (stored.dump !== undefined) {
    await backups.put(`${prefix}${name}/dump`, stored.dump, headers ?? lockedFor(7 * day));
  }
  if (stored.manifest !== undefined) {
    await backups.put(`${prefix}${name}/manifest.json`, stored.manifest);
  }
  return name;
}

/** Headers with which S3 locks an object for some time. */
export function lockedFor(milliseconds: number): Record<string, string> {
  return {
    "x-amz-object-lock-mode": "GOVERNANCE",
    "x-amz-object-lock-retain-until-date": new Date(Date.now() + milliseconds).toISOString(),
  };
}
