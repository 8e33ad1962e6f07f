/**
 * Reads and writes `google.protobuf.Struct`, in which the properties of every resource travel, from plain values straight
 * to bytes and back. The library makes several objects of each value on the way: a quarter of a large preview's work.
 * Besides, texts of all messages are read at once.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
const { BinaryReader } = /** @type {any} */ (require("google-protobuf"));
const { Struct } = /** @type {any} */ (require("google-protobuf/google/protobuf/struct_pb"));

/** What a field begins with: its number, and how its content is written. */
const tags = {
  ...{ null: 0x08, number: 0x11, string: 0x1a, boolean: 0x20, struct: 0x2a, list: 0x32 },
  ...{ entry: 0x0a, key: 0x0a, value: 0x12, item: 0x0a },
};

/** Filled from its end to its start: the length of a message stands before what is in it. */
let buffer = Buffer.allocUnsafe(1 << 16);
let start = buffer.length;

/** @type {(size: number) => void} */
function take(size) {
  if (start < size) {
    const used = buffer.subarray(start);
    buffer = Buffer.allocUnsafe(2 * (used.length + size));
    start = buffer.length - used.length;
    used.copy(buffer, start);
  }
  start -= size;
}

/** @type {(byte: number) => void} */
function writeByte(byte) {
  take(1);
  buffer[start] = byte;
}

/**
 * Begins a field of this length, whose content is written already.
 * @type {(tag: number, length: number) => void}
 */
function begin(tag, length) {
  let size = 1;
  for (let rest = length; rest > 0x7f; rest >>>= 7) size++;
  take(size);
  for (let index = 0; index < size; index++) {
    const more = index < size - 1 ? 0x80 : 0;
    buffer[start + index] = ((length >>> (7 * index)) & 0x7f) | more;
  }
  writeByte(tag);
}

/** @type {(tag: number, text: string) => void} */
function writeText(tag, text) {
  const length = Buffer.byteLength(text);
  take(length);
  buffer.write(text, start, length);
  begin(tag, length);
}

/** Bytes written so far. */
const written = () => buffer.length - start;

/** @type {(value: unknown) => void} */
function writeValue(value) {
  const before = written();
  if (typeof value === "string") writeText(tags.string, value);
  else if (typeof value === "number") {
    take(8);
    buffer.writeDoubleLE(value, start);
    writeByte(tags.number);
  } else if (typeof value === "boolean") {
    writeByte(value ? 1 : 0);
    writeByte(tags.boolean);
  } else if (value === null) {
    writeByte(0);
    writeByte(tags.null);
  } else if (Array.isArray(value)) {
    for (let index = value.length - 1; index >= 0; index--) {
      const end = written();
      writeValue(value[index]);
      begin(tags.item, written() - end);
    }
    begin(tags.list, written() - before);
  } else if (typeof value === "object") {
    writeFields(/** @type {Record<string, unknown>} */ (value));
    begin(tags.struct, written() - before);
  } else throw new Error(`A ${typeof value} can't be sent.`);
}

/** @type {(fields: Record<string, unknown>) => void} */
function writeFields(fields) {
  for (const key of Object.keys(fields).reverse()) {
    const before = written();
    writeValue(fields[key]);
    begin(tags.value, written() - before);
    writeText(tags.key, key);
    begin(tags.entry, written() - before);
  }
}

/** @type {(fields: Record<string, unknown>) => Uint8Array} */
function encode(fields) {
  start = buffer.length;
  writeFields(fields);
  return new Uint8Array(buffer.subarray(start));
}

/** Where reading stands. */
let source = /** @type {Buffer} */ (Buffer.alloc(0));
let at = 0;

/** @type {() => number} */
function readVarint() {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = source[at++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
}

/** @type {() => string} */
function readText() {
  const length = readVarint();
  at += length;
  return source.toString("utf8", at - length, at);
}

/** @type {() => unknown} */
function readValue() {
  const end = readVarint() + at;
  /** @type {unknown} */
  let value = null;
  while (at < end) {
    const tag = source[at++];
    if (tag === tags.string) value = readText();
    else if (tag === tags.struct) value = readFields(readVarint() + at);
    else if (tag === tags.list) value = readItems(readVarint() + at);
    else if (tag === tags.number) value = source.readDoubleLE((at += 8) - 8);
    else if (tag === tags.boolean) value = readVarint() !== 0;
    else readVarint();
  }
  return value;
}

/** @type {(end: number) => unknown[]} */
function readItems(end) {
  const items = [];
  while (at < end) {
    at++;
    items.push(readValue());
  }
  return items;
}

/**
 * Sorted by their keys, as by the library: the engine writes them in any order. Each goes to its place as it comes, for
 * most messages have few.
 * @type {(end: number) => Record<string, unknown>}
 */
function readFields(end) {
  /** @type {[string, unknown][]} */
  const fields = [];
  while (at < end) {
    at++;
    const entryEnd = readVarint() + at;
    let key = "";
    /** @type {unknown} */
    let value = null;
    while (at < entryEnd) {
      if (source[at++] === tags.key) key = readText();
      else value = readValue();
    }
    const place = fields.findLastIndex(([before]) => before <= key) + 1;
    fields.splice(place, 0, [key, value]);
  }
  return Object.fromEntries(fields);
}

/** @type {(bytes: Uint8Array) => Record<string, unknown>} */
function decode(bytes) {
  source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  at = 0;
  return readFields(bytes.length);
}

// Names of resources stand in every message: the library reads them letter by letter.
BinaryReader.prototype.readString = function () {
  const { buffer: all, byteOffset, length } = this.readBytes();
  return Buffer.from(all, byteOffset, length).toString("utf8");
};

const { deserializeBinaryFromReader, serializeBinaryToWriter } = Struct;
const { getFieldsMap, toJavaScript } = Struct.prototype;

Struct.fromJavaScript = (/** @type {Record<string, unknown>} */ fields) =>
  Object.assign(new Struct(), { wire: encode(fields) });

Struct.deserializeBinaryFromReader = (/** @type {any} */ struct, /** @type {any} */ reader) => {
  const first = reader.getCursor();
  while (reader.nextField()) reader.skipField();
  struct.wire = reader.getBuffer().subarray(first, reader.getCursor());
  return struct;
};

Struct.serializeBinaryToWriter = (/** @type {any} */ struct, /** @type {any} */ writer) => {
  const { wire } = struct;
  if (wire) writer.writeSerializedMessage(wire, 0, wire.length);
  else serializeBinaryToWriter(struct, writer);
};

Struct.prototype.toJavaScript = function () {
  return this.wire ? decode(this.wire) : toJavaScript.call(this);
};

Struct.prototype.getFieldsMap = function (/** @type {boolean} */ noCreate) {
  const { wire } = this;
  if (wire) {
    this.wire = undefined;
    deserializeBinaryFromReader(this, new BinaryReader(wire));
  }
  return getFieldsMap.call(this, noCreate);
};
