import { Broken } from '../../bytes/errors.ts';

/** What a run-length coded stream holds. Exact up to 2^53. */
export interface Integers {
  readonly count: number;
  readonly sum: number;
  readonly most: number;
}

/** Widths in bits by their five-bit code (ORC specification, Integer Run Length Encoding, version 2). */
const widths = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 28, 30, 32, 40,
  48, 56, 64,
] as const;

/** Reads a stream that fills the bytes; all numbers are taken to be unsigned. */
class Runs {
  readonly bytes: Uint8Array;
  next = 0;
  count = 0;
  sum = 0;
  most = 0;
  readonly #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.#at = at;
  }

  get isDone(): boolean {
    return this.next >= this.bytes.length;
  }

  byte(): number {
    if (this.isDone) throw this.broken('end of a run', 'more bytes', 'the end of the stream');
    return this.bytes[this.next++]!;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw this.broken('number', 'at most ten bytes', 'more');
  }

  bigEndian(length: number): number {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + this.byte();
    return value;
  }

  /** `count` numbers of so many bits, the highest first, up to a whole byte. */
  bits(width: number, count: number): number[] {
    const end = this.next + Math.ceil((width * count) / 8);
    if (end > this.bytes.length) throw this.broken('bits of a run', end, this.bytes.length);
    const values: number[] = [];
    let bit = this.next * 8;
    for (let i = 0; i < count; i++) {
      let value = 0;
      for (let left = width; left > 0; ) {
        const taken = Math.min(left, 8 - (bit & 7));
        const part = (this.bytes[bit >> 3]! >> (8 - (bit & 7) - taken)) & ((1 << taken) - 1);
        value = value * 2 ** taken + part;
        bit += taken;
        left -= taken;
      }
      values.push(value);
    }
    this.next = end;
    return values;
  }

  add(value: number): void {
    this.count++;
    this.sum += value;
    this.most = Math.max(this.most, value);
  }

  result(): Integers {
    return { count: this.count, sum: this.sum, most: this.most };
  }

  broken(what: string, expected: string | number, actual: string | number): Broken {
    return new Broken(this.#at + this.next, what, expected, actual);
  }
}

/** Integer Run Length Encoding, version 1. @throws Broken */
export function readIntegersV1(bytes: Uint8Array, at: number): Integers {
  const runs = new Runs(bytes, at);
  while (!runs.isDone) {
    const control = runs.byte();
    if (control >= 0x80) {
      for (let i = 256 - control; i > 0; i--) runs.add(runs.varint());
      continue;
    }
    const delta = (runs.byte() << 24) >> 24;
    const first = runs.varint();
    for (let i = 0; i < control + 3; i++) runs.add(first + i * delta);
  }
  return runs.result();
}

/** Integer Run Length Encoding, version 2. @throws Broken */
export function readIntegersV2(bytes: Uint8Array, at: number, isSigned: boolean): Integers {
  const runs = new Runs(bytes, at);
  while (!runs.isDone) {
    const head = runs.byte();
    if (head >> 6 === 0) repeatShort(runs, head);
    else if (head >> 6 === 1) readDirect(runs, head);
    else if (head >> 6 === 2) readPatched(runs, head);
    else readDelta(runs, head, isSigned);
  }
  return runs.result();
}

function repeatShort(runs: Runs, head: number): void {
  const value = runs.bigEndian(((head >> 3) & 7) + 1);
  for (let i = (head & 7) + 3; i > 0; i--) runs.add(value);
}

/** Nine bits, one less than the length. */
function lengthOf(runs: Runs, head: number): number {
  return ((head & 1) << 8) + runs.byte() + 1;
}

function readDirect(runs: Runs, head: number): void {
  const length = lengthOf(runs, head);
  for (const value of runs.bits(widths[(head >> 1) & 31]!, length)) runs.add(value);
}

function readPatched(runs: Runs, head: number): void {
  const width = widths[(head >> 1) & 31]!;
  const length = lengthOf(runs, head);
  const third = runs.byte();
  const fourth = runs.byte();
  const patchWidth = widths[third & 31]!;
  const gapWidth = (fourth >> 5) + 1;
  const base = runs.bigEndian((third >> 5) + 1);
  const values = runs.bits(width, length);
  if (patchWidth + gapWidth > 64)
    throw runs.broken('widths of a patch', 'up to 64 bits', patchWidth + gapWidth);
  let index = 0;
  // The writers round the width of an entry up to one that the code knows.
  const entry = widths.find((known) => known >= patchWidth + gapWidth)!;
  for (const patch of runs.bits(entry, fourth & 31)) {
    index += Math.floor(patch / 2 ** patchWidth);
    if (index >= length) throw runs.broken('place of a patch', `less than ${length}`, index);
    values[index] = values[index]! + (patch % 2 ** patchWidth) * 2 ** width;
  }
  for (const value of values) runs.add(base + value);
}

function readDelta(runs: Runs, head: number, isSigned: boolean): void {
  const code = (head >> 1) & 31;
  const length = lengthOf(runs, head);
  const base = isSigned ? zigzag(runs.varint()) : runs.varint();
  const delta = zigzag(runs.varint());
  const width = code === 0 ? 0 : widths[code]!;
  const more = width === 0 || length < 3 ? [] : runs.bits(width, length - 2);
  let value = base;
  runs.add(value);
  for (let i = 1; i < length; i++) {
    value += i === 1 || width === 0 ? delta : (delta < 0 ? -1 : 1) * more[i - 2]!;
    runs.add(value);
  }
}

function zigzag(raw: number): number {
  return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
}

/** Varints of any length, as decimals are kept. @throws Broken */
export function countVarints(bytes: Uint8Array, at: number): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  if (bytes.length > 0 && bytes.at(-1)! >= 0x80)
    throw new Broken(at + bytes.length, 'end of a number', 'its last byte', 'the end of the stream');
  return count;
}

/** Byte Run Length Encoding, of at most `most` bytes. @throws Broken */
export function readByteRuns(bytes: Uint8Array, at: number, most: number): Uint8Array {
  const output = new Uint8Array(most);
  let length = 0;
  for (let i = 0; i < bytes.length; ) {
    const control = bytes[i++]!;
    const isRun = control < 0x80;
    const count = isRun ? control + 3 : 256 - control;
    const taken = isRun ? 1 : count;
    if (count > most - length || taken > bytes.length - i)
      throw new Broken(at + i, 'run of bytes', `up to ${most - length}`, count);
    if (isRun) output.fill(bytes[i]!, length, length + count);
    else output.set(bytes.subarray(i, i + count), length);
    length += count;
    i += taken;
  }
  return output.subarray(0, length);
}

/** How many of the first `count` bits are set, the highest of each byte first. */
export function countBits(bytes: Uint8Array, count: number): number {
  let set = 0;
  for (let bit = 0; bit < count; bit++) set += (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1;
  return set;
}
