import { createHash } from "node:crypto";
import type { Cloud, CloudRecord } from "./cloud";
import type { Place } from "./place";
import { Properties } from "./properties";
import type { CloudObject, CloudReader, Context } from "./rules/rule";

/** What a context is made of. */
export interface ContextParts extends Place {
  readonly cloud: Cloud;
  readonly name: string;
  readonly provider: Properties;
  readonly seed: string;
  readonly createdAt: string;
  readonly preview: boolean;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What the rules may know: every made-up value follows from the object's seed. */
export function makeContext({ cloud, seed, ...parts }: ContextParts): Context {
  const bytes = (label: string, index = 0): Buffer =>
    createHash("sha256").update(`${seed}\n${label}\n${index}`).digest();
  const draw = (label: string, length: number, write: (source: Buffer) => string): string => {
    let text = "";
    for (let index = 0; text.length < length; index++) text += write(bytes(label, index));
    return text.slice(0, length);
  };
  const hex = (label: string, length: number): string =>
    draw(label, length, (source) => source.toString("hex"));
  return {
    ...parts,
    now: new Date().toISOString(),
    cloud: readerOf(cloud),
    hex,
    letters: (label, length) =>
      draw(label, length, (source) => [...source].map((byte) => LETTERS[byte % 32]).join("")),
    integer: (label, limit) => bytes(label).readUIntBE(0, 6) % limit,
    uuid: (label) =>
      hex(label, 30).replace(/^(.{8})(.{4})(.{3})(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5"),
  };
}

/** Shows the cloud to the rules. */
export function readerOf(cloud: Cloud): CloudReader {
  return {
    find: (type, where) => cloud.list(type, where).map(toObject)[0],
    list: (type, where) => cloud.list(type, where).map(toObject),
  };
}

/** Shows one object to the rules. */
export function toObject({ type, id, scope, state }: CloudRecord): CloudObject {
  return { type, id, scope, properties: new Properties(state) };
}
