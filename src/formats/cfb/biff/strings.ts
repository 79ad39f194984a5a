import { Broken } from '../../../bytes/errors.ts';
import { type Range, totalLength } from '../../../bytes/range.ts';
import type { Reader } from '../../../bytes/reader.ts';
import type { Ledger } from '../../../ledger/ledger.ts';

/** Bits of a string's flags that are not used (MS-XLS §2.5.293). */
const RESERVED = 0xf2;
const WIDE = 1;
const PHONETIC = 4;
const RICH = 8;
/** Controls are an eighth of the byte values, those of Latin-1 another one: 0.87 to the hundredth, 0.76 to the 51st. */
const FLOOR = 128;
/** Contrast with what is round them does better for a few strings. */
const LEAST = 512;

/** The shared strings (MS-XLS §2.4.265): so many as are said, without controls, must fill the records. */
export function verifyStrings(reader: Reader, ledger: Ledger, pieces: readonly Range[]): void {
  const cursor = new Cursor(reader, pieces);
  cursor.skip(4);
  const count = cursor.u32();
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    readString(cursor);
  }
  if (totalLength(pieces) < LEAST) return;
  for (const { start, end } of pieces) ledger.account(start, end, 'grammar', 'shared strings', FLOOR);
}

function readString(cursor: Cursor): void {
  const length = cursor.u16();
  const flags = cursor.u8();
  if ((flags & RESERVED) !== 0) throw new Broken(cursor.at, 'flags of a string', 'reserved bits 0', flags);
  const runs = (flags & RICH) !== 0 ? cursor.u16() : 0;
  const extra = (flags & PHONETIC) !== 0 ? cursor.u32() : 0;
  cursor.characters(length, (flags & WIDE) !== 0);
  cursor.skip(4 * runs + extra);
}

/** Reads over the ends of records. */
class Cursor {
  readonly #reader: Reader;
  readonly #pieces: readonly Range[];
  #piece = 0;
  at: number;

  constructor(reader: Reader, pieces: readonly Range[]) {
    this.#reader = reader;
    this.#pieces = pieces;
    this.at = pieces[0]!.start;
  }

  u8(): number {
    return this.#room() > 0 ? this.#reader.u8(this.at++) : 0;
  }

  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32(): number {
    return this.u16() + this.u16() * 0x10000;
  }

  skip(count: number): void {
    for (let left = count; left > 0; ) {
      const step = Math.min(left, this.#room());
      this.at += step;
      left -= step;
    }
  }

  /** Characters that go on in the next record have their width there again, in a byte of its own. */
  characters(count: number, wide: boolean): void {
    let isWide = wide;
    for (let left = count; left > 0; ) {
      if (this.at >= this.#pieces[this.#piece]!.end) {
        this.#room();
        isWide = (this.u8() & WIDE) !== 0;
      }
      const width = isWide ? 2 : 1;
      const step = Math.min(left, Math.floor(this.#room() / width));
      if (step === 0) throw new Broken(this.at, 'string', 'whole characters', 'half of one');
      this.#check(step * width, isWide);
      this.at += step * width;
      left -= step;
    }
  }

  #check(length: number, isWide: boolean): void {
    const bytes = this.#reader.bytes(this.at, length, 'string');
    let controls = 0;
    for (let i = 0; i < length; i += isWide ? 2 : 1) {
      const isLow = bytes[i]! < 0x20 && (!isWide || bytes[i + 1] === 0);
      if (isLow && bytes[i] !== 9 && bytes[i] !== 10 && bytes[i] !== 13) controls++;
    }
    if (controls > 2 + length / 32) throw new Broken(this.at, 'string', 'characters', `${controls} controls`);
  }

  /** Bytes that are left of the record at hand, or of the next one. */
  #room(): number {
    for (;;) {
      const piece = this.#pieces[this.#piece];
      if (piece === undefined)
        throw new Broken(this.at, 'shared strings', 'more strings', 'the end of the records');
      if (this.at < piece.end) return piece.end - this.at;
      this.#piece++;
      this.at = this.#pieces[this.#piece]?.start ?? this.at;
    }
  }
}
