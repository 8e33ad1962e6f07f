import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
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
  return { plain: struct === undefined ? {} : decodeFields(struct, [], secrets), secrets };
}

/** Writes properties for the wire, each place in `secrets` marked secret where it exists. */
export function encode({ plain, secrets }: Payload): Struct {
  return encodeRecord(plain, secrets);
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

function decodeFields(struct: Struct, path: Path, secrets: Path[]): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  struct.getFieldsMap().forEach((value: Value, key: string) => {
    entries.push([key, decodeValue(value, [...path, key], secrets)]);
  });
  return Object.fromEntries(entries);
}

function decodeValue(value: Value, path: Path, secrets: Path[]): unknown {
  const [list, struct] = [value.getListValue(), value.getStructValue()];
  if (list !== undefined) {
    return list.getValuesList().map((item, index) => decodeValue(item, [...path, index], secrets));
  }
  if (struct !== undefined) return decodeStruct(struct, path, secrets);
  if (value.hasNumberValue()) return value.getNumberValue();
  if (value.hasBoolValue()) return value.getBoolValue();
  const text = value.hasStringValue() ? value.getStringValue() : null;
  return text !== null && UNKNOWNS.has(text) ? Unknown.value : text;
}

function decodeStruct(struct: Struct, path: Path, secrets: Path[]): unknown {
  const fields = struct.getFieldsMap();
  const signature = fields.get(SIGNATURE)?.getStringValue();
  if (signature !== SECRET && signature !== OUTPUT) return decodeFields(struct, path, secrets);
  const inner = fields.get("value");
  if (signature === SECRET || fields.get("secret")?.getBoolValue() === true) secrets.push(path);
  return inner === undefined ? Unknown.value : decodeValue(inner, path, secrets);
}

function encodeRecord(record: Plain, secrets: readonly Path[]): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(record)) {
    if (value !== undefined) fields.set(key, encodeAt(key, value, secrets));
  }
  return struct;
}

function encodeAt(key: string | number, value: unknown, secrets: readonly Path[]): Value {
  const below = secrets.filter((path) => path[0] === key).map((path) => path.slice(1));
  if (!below.some((path) => path.length === 0)) return encodeValue(value, below);
  const secret = new Struct();
  secret
    .getFieldsMap()
    .set(SIGNATURE, encodeValue(SECRET, []))
    .set("value", encodeValue(value, []));
  return new Value().setStructValue(secret);
}

function encodeValue(value: unknown, secrets: readonly Path[]): Value {
  const wire = new Value();
  if (value instanceof Unknown) return wire.setStringValue(UNKNOWN_STRING);
  if (typeof value === "string") return wire.setStringValue(value);
  if (typeof value === "number") return wire.setNumberValue(value);
  if (typeof value === "boolean") return wire.setBoolValue(value);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => encodeAt(index, item, secrets));
    return wire.setListValue(new ListValue().setValuesList(items));
  }
  if (isRecord(value)) return wire.setStructValue(encodeRecord(value, secrets));
  return wire.setNullValue(NullValue.NULL_VALUE);
}
