// @ts-check

/**
 * What CloudTrail tells of a call, as far as it matters here.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * @typedef {{
 *   userIdentity?: {
 *     arn?: string, invokedBy?: string, type?: string,
 *     sessionContext?: { sessionIssuer?: { arn?: string } },
 *   },
 *   errorCode?: string,
 *   errorMessage?: string,
 *   requestParameters?: { secretId?: string, secretIdList?: string[], versionId?: string } | null,
 * }} Call
 */
/**
 * Who reads what. `path`: of the environment's entries, without trailing slash. `readers`: names of the
 * account's roles that read, by the entry's first segment below the path. `rotated`: names of the entries that
 * the role `rotation` reads as well. `entries`: with the names that others who read one have among
 * `readers`. `breakGlass`: ARNs that may read in need; a final `*` stands for any text.
 * @typedef {{
 *   accountId: string,
 *   path: string,
 *   readers: Readonly<Record<string, string>>,
 *   rotated: readonly string[],
 *   rotation: string | undefined,
 *   entries: Readonly<Record<string, { consumers?: readonly string[] }>>,
 *   breakGlass: readonly string[],
 *   ownVersions: string,
 * }} Readers
 */
/** @typedef {"expected" | "break-glass" | "denied" | "unusual"} Verdict */

/**
 * What is to be thought of a read; nothing of one that is not of this environment or came to nothing.
 * @param {Call} call
 * @param {Readers} readers
 * @returns {{ verdict: Verdict, entry: string, reader: string } | undefined}
 */
export function judge(call, readers) {
  const entry = entryOf(call, readers.path);
  if (entry === undefined) return undefined;
  const reader = readerOf(call);
  const verdict = verdictOf(call, { entry, reader, readers });
  return verdict && { verdict, entry, reader };
}

/**
 * A refusal counts whoever is refused: a service that may not read its own entry is not well either.
 * @param {Call} call
 * @param {{ entry: string, reader: string, readers: Readers }} read
 * @returns {Verdict | undefined}
 */
function verdictOf({ errorCode, requestParameters }, { entry, reader, readers }) {
  if (errorCode !== undefined) {
    return /^(AccessDenied|DecryptionFailure)/.test(errorCode) ? "denied" : undefined;
  }
  if (isExpected(entry, reader, readers)) return "expected";
  // What an update wrote itself, it reads again: a seed, or a value that state holds anyway.
  if (isMeant(readers.ownVersions, requestParameters?.versionId ?? "")) return "expected";
  return readers.breakGlass.some((arn) => isMeant(arn, reader)) ? "break-glass" : "unusual";
}

/**
 * @param {string} entry
 * @param {string} reader
 * @param {Readers} readers
 */
function isExpected(entry, reader, { accountId, path, readers, rotated, rotation, entries }) {
  const holder = entry.slice(path.length + 1).split("/")[0] ?? "";
  const holders = [holder, ...(entries[entry]?.consumers ?? [])];
  const own = holders.map((name) => (Object.hasOwn(readers, name) ? readers[name] : undefined));
  const roles = [...own, rotated.includes(entry) ? rotation : undefined];
  return roles.some((role) => role && reader === `arn:aws:iam::${accountId}:role/${role}`);
}

/**
 * @param {string} pattern
 * @param {string} text
 */
function isMeant(pattern, text) {
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/**
 * The role of a session, else who called.
 * @param {Call} call
 */
function readerOf({ userIdentity = {} }) {
  const { sessionContext, arn, invokedBy, type } = userIdentity;
  return sessionContext?.sessionIssuer?.arn ?? arn ?? invokedBy ?? type ?? "unknown";
}

/**
 * Name of the entry. A refused call may tell what it asked for in its message alone.
 * @param {Call} call
 * @param {string} path
 */
function entryOf({ requestParameters, errorMessage }, path) {
  const asked = [requestParameters?.secretId, ...(requestParameters?.secretIdList ?? [])];
  const told = /on resource: (\S+)/.exec(errorMessage ?? "")?.[1];
  return [...asked, told].map((id) => nameOf(id ?? "")).find((name) => name.startsWith(`${path}/`));
}

/**
 * The name in an ARN, to which AWS adds a hyphen and six characters; a name as it is.
 * @param {string} id
 */
function nameOf(id) {
  const inArn = /:secret:(.+)$/.exec(id)?.[1];
  return inArn === undefined ? id : inArn.replace(/-[A-Za-z0-9]{6}$/, "");
}
