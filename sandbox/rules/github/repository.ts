import { createHash } from "node:crypto";
import type { Properties } from "../../properties";
import type { Context, InvokeRule } from "../rule";

const repositoryType = "github:index/repository:Repository";

/** Largest text that a secret or variable may hold, in bytes. */
export const longestValue = 48 * 1024;

/** An error of the API as the provider reports it. */
export function restError(
  request: string,
  { owner }: Context,
  ...[path, status]: [path: string, status: string]
): string {
  return `${request} https://api.github.com/repos/${owner}/${path}: ${status} []`;
}

/**
 * Whether the owner has a repository. Stacks refer to repositories that none of them makes: as long
 * as the cloud lists none of an owner, each that is named is taken to exist.
 */
export function repositoryExists(name: string, { cloud, scope }: Context): boolean {
  const listed = cloud.list(repositoryType, { scope });
  return listed.length === 0 || listed.some(({ id }) => id === name);
}

/** Number of a repository, the same for everything in it. */
export function repositoryId(name: string, { cloud, owner, scope }: Context): number {
  const listed = cloud.find(repositoryType, { id: name, scope })?.properties.number("repoId");
  const digest = createHash("sha256").update(`${owner}/${name}`.toLowerCase()).digest();
  return listed ?? 100_000_000 + (digest.readUInt32BE(0) % 900_000_000);
}

/** A time as the provider writes it. */
export function timestamp(iso: string): string {
  return `${iso.replace("T", " ").replace(/\.\d+Z$/, "")} +0000 UTC`;
}

/** A part of an id: `:` separates them. */
export function idPart(text: string): string {
  return text.replaceAll(":", "??");
}

/** What is known of a repository that no stack makes. */
export const getRepository: InvokeRule = {
  token: "github:index/getRepository:getRepository",
  source: "https://docs.github.com/en/rest/repos/repos#get-a-repository",
  call: (args, context) => {
    const [owner, fullName] = args.string("fullName")?.split("/") ?? [];
    const name = args.string("name") ?? fullName ?? "";
    const place = { ...context, owner: owner ?? context.owner };
    if (!repositoryExists(name, place)) return restError("GET", place, name, "404 Not Found");
    const path = `${place.owner}/${name}`;
    const repoId = repositoryId(name, place);
    return {
      ...{ id: name, name, fullName: path, repoId, private: true, visibility: "private" },
      nodeId: `R_${Buffer.from(`repository:${repoId}`).toString("base64url")}`,
      defaultBranch: "main",
      ...{ archived: false, fork: false, isTemplate: false, topics: [], description: "" },
      htmlUrl: `https://github.com/${path}`,
      httpCloneUrl: `https://github.com/${path}.git`,
      sshCloneUrl: `git@github.com:${path}.git`,
    };
  },
};

/** Whether one of the properties is given and no other; true while that is not known. */
export function exactlyOne(props: Properties, names: readonly string[]): boolean {
  const known = names.filter((name) => props.get(name) !== undefined).length;
  return known === 1 || (known === 0 && names.some((name) => props.isUnknown(name)));
}
