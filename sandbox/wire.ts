import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isRecord, type Plain, Unknown, valueAt } from "./properties";

/** Keys that lead to a value inside properties. */
export type Path = readonly (string | number)[];

/** Properties as they travel: plain values beside the places that are secret. */
export interface Payload {
  readonly plain: Plain;
  readonly secrets: readonly Path[];
}

// Signatures of the engine's wire format: sdk/go/common/resource/sig.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const ASSETS: ReadonlySet<unknown> = new Set([
  "c44067f5952c0a294b673a41bacd8c17",
  "0def7320c3a5731c473e5ecbe6d01bc7",
]);

/** What the engine writes for a value that it does not know, one for each kind of value. */
export const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value is a file or archive. Its `hash` stands for its contents. */
export function isAsset(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && ASSETS.has(value[SIGNATURE]);
}

/** Reads properties off the wire. Assets and resource references stay as they are written there. */
export function decode(struct: Struct | undefined): Payload {
  const secrets: Path[] = [];
  return { plain: decodeFields(struct?.toJavaScript() ?? {}, [], secrets), secrets };
}

/** Writes properties for the wire, each place in `secrets` marked secret where it exists. */
export function encode({ plain, secrets }: Payload): Struct {
  // What is left is plain: neither a value that is not known nor one that is undefined.
  return Struct.fromJavaScript(encodeFields(plain, secrets) as Record<string, JavaScriptValue>);
}

/** A text in which no string of the secret places stands any more. */
export function redact(text: string, { plain, secrets }: Payload): string {
  const hidden = secrets.flatMap((path) => strings(valueAt(plain, path)));
  return hidden.reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
}

function strings(value: unknown): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  const below: readonly unknown[] = Array.isArray(value)
    ? value
    : isRecord(value)
      ? Object.values(value)
      : [];
  return below.flatMap(strings);
}

function decodeFields(fields: Plain, path: Path, secrets: Path[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      decodeValue(value, [...path, key], secrets),
    ]),
  );
}

function decodeValue(value: unknown, path: Path, secrets: Path[]): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? Unknown.value : value;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => decodeValue(item, [...path, index], secrets));
  }
  return isRecord(value) ? decodeRecord(value, path, secrets) : value;
}

function decodeRecord(fields: Plain, path: Path, secrets: Path[]): unknown {
  const signature = fields[SIGNATURE];
  if (signature !== SECRET && signature !== OUTPUT) return decodeFields(fields, path, secrets);
  if (signature === SECRET || fields["secret"] === true) secrets.push(path);
  const inner = fields["value"];
  return inner === undefined ? Unknown.value : decodeValue(inner, path, secrets);
}

function encodeFields(fields: Plain, secrets: readonly Path[]): Record<string, unknown> {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([key, value]) => [key, encodeAt(key, value, secrets)]));
}

function encodeAt(key: string | number, value: unknown, secrets: readonly Path[]): unknown {
  const below = secrets.filter((path) => path[0] === key).map((path) => path.slice(1));
  if (!below.some((path) => path.length === 0)) return encodeValue(value, below);
  return { [SIGNATURE]: SECRET, value: encodeValue(value, []) };
}

function encodeValue(value: unknown, secrets: readonly Path[]): unknown {
  if (value instanceof Unknown) return UNKNOWN_STRING;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => encodeAt(index, item, secrets));
  }
  return isRecord(value) ? encodeFields(value, secrets) : (value ?? null);
}
