import { isUtf8 } from 'node:buffer';
import { Broken } from '../bytes/errors.ts';
import type { Meter } from '../bytes/meter.ts';

/** What a field of a message holds. `packed` are numbers one after another, or single ones. */
export type FieldKind = 'number' | 'fixed64' | 'fixed32' | 'text' | 'bytes' | 'packed' | Schema;

/** The fields of a message by number. Nested messages are found when they're asked for, so that schemas may be recursive. */
export interface Schema {
  readonly name: string;
  readonly fields: Readonly<Record<number, FieldKind>>;
}

/** A field's values in the order in which they stand. Numbers lose precision from 2^53 on. */
export type ProtobufValue = number | Uint8Array | ProtobufMessage;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const DEEPEST = 32;

/** A message of the Protocol Buffers wire format that was read by its schema. */
export class ProtobufMessage {
  readonly #fields = new Map<number, ProtobufValue[]>();

  add(field: number, value: ProtobufValue): void {
    const values = this.#fields.get(field);
    if (values === undefined) this.#fields.set(field, [value]);
    else values.push(value);
  }

  /** The last value, as the format wants it; `otherwise` where there is none, or it's no number. */
  number(field: number, otherwise = 0): number {
    const value = this.#fields.get(field)?.at(-1);
    return typeof value === 'number' ? value : otherwise;
  }

  numbers(field: number): number[] {
    return (this.#fields.get(field) ?? []).filter((value) => typeof value === 'number');
  }

  messages(field: number): ProtobufMessage[] {
    return (this.#fields.get(field) ?? []).filter((value) => value instanceof ProtobufMessage);
  }

  text(field: number): string {
    const value = this.#fields.get(field)?.at(-1);
    return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
  }
}

/** What reading a message gave. */
export interface ReadProtobuf {
  readonly message: ProtobufMessage;
  /** Whether all fields are of the schema: newer writers may know more. */
  readonly isKnown: boolean;
  /** The longest run of bytes that may be anything, in bytes. */
  readonly longestOpaque: number;
}

/**
 * Reads a message that fills the bytes to their end (protobuf.dev, Encoding).
 * @param at offset of the bytes in the file, for errors
 * @throws Broken, OverBudget
 */
export function readProtobuf(bytes: Uint8Array, schema: Schema, at: number, meter: Meter): ReadProtobuf {
  const walk = new Walk(bytes, at, meter);
  const message = walk.message(schema, bytes.length, 0);
  return { message, isKnown: walk.isKnown, longestOpaque: walk.longestOpaque };
}

class Walk {
  isKnown = true;
  longestOpaque = 0;
  readonly #bytes: Uint8Array;
  readonly #at: number;
  readonly #meter: Meter;
  #next = 0;

  constructor(bytes: Uint8Array, at: number, meter: Meter) {
    this.#bytes = bytes;
    this.#at = at;
    this.#meter = meter;
  }

  message(schema: Schema, end: number, depth: number): ProtobufMessage {
    if (depth > DEEPEST) throw this.#broken('nesting of messages', `at most ${DEEPEST}`, depth);
    const message = new ProtobufMessage();
    while (this.#next < end) {
      this.#meter.step();
      const tag = this.#varint(end);
      const field = Math.floor(tag / 8);
      const kind = schema.fields[field];
      if (field < 1 || field >= 2 ** 29) throw this.#broken(`field of ${schema.name}`, '1 to 2^29', field);
      if (kind === undefined) this.#pass(tag % 8, end);
      else this.#field(message, { field, kind, wire: tag % 8, end, depth });
    }
    return message;
  }

  #field(
    message: ProtobufMessage,
    {
      field,
      kind,
      wire,
      end,
      depth,
    }: { field: number; kind: FieldKind; wire: number; end: number; depth: number },
  ): void {
    if (wire !== wireOf(kind) && !(kind === 'packed' && wire === VARINT))
      throw this.#broken(`type of field ${field}`, String(wireOf(kind)), wire);
    if (wire === VARINT) message.add(field, this.#varint(end));
    else if (wire === FIXED64) this.#take(8, end);
    else if (wire === FIXED32) this.#take(4, end);
    else this.#lengthed(message, { field, kind, end: this.#lengthEnd(end), depth });
  }

  #lengthed(
    message: ProtobufMessage,
    { field, kind, end, depth }: { field: number; kind: FieldKind; end: number; depth: number },
  ): void {
    if (typeof kind === 'object') message.add(field, this.message(kind, end, depth + 1));
    else if (kind === 'packed') this.#numbers(message, field, end);
    else {
      const value = this.#take(end - this.#next, end);
      if (kind === 'text' && !isUtf8(value)) throw this.#broken(`text of field ${field}`, 'UTF-8', 'others');
      if (kind === 'bytes') this.longestOpaque = Math.max(this.longestOpaque, value.length);
      message.add(field, value);
    }
  }

  #numbers(message: ProtobufMessage, field: number, end: number): void {
    this.longestOpaque = Math.max(this.longestOpaque, end - this.#next);
    while (this.#next < end) {
      this.#meter.step();
      message.add(field, this.#varint(end));
    }
  }

  /** Over a field that the schema doesn't know. */
  #pass(wire: number, end: number): void {
    this.isKnown = false;
    if (wire === VARINT) this.#varint(end);
    else if (wire === FIXED64) this.#take(8, end);
    else if (wire === FIXED32) this.#take(4, end);
    else if (wire === LENGTH) this.#next = this.#lengthEnd(end);
    else throw this.#broken('type of a field', '0, 1, 2 or 5', wire);
  }

  #lengthEnd(end: number): number {
    const length = this.#varint(end);
    if (length > end - this.#next)
      throw this.#broken('length of a field', `at most ${end - this.#next}`, length);
    return this.#next + length;
  }

  #take(length: number, end: number): Uint8Array {
    if (length > end - this.#next) throw this.#broken('end of a field', `${length} bytes`, end - this.#next);
    this.#next += length;
    return this.#bytes.subarray(this.#next - length, this.#next);
  }

  #varint(end: number): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      if (this.#next >= end) throw this.#broken('end of a number', end, this.#next);
      const byte = this.#bytes[this.#next++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw this.#broken('number', 'at most ten bytes', 'more');
  }

  #broken(what: string, expected: string | number, actual: string | number): Broken {
    return new Broken(this.#at + this.#next, what, expected, actual);
  }
}

function wireOf(kind: FieldKind): number {
  if (kind === 'number') return VARINT;
  if (kind === 'fixed64') return FIXED64;
  return kind === 'fixed32' ? FIXED32 : LENGTH;
}
