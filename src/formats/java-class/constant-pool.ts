import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

const TEXT = 1;
const CLASS = 7;
/** Long and double take two entries (§4.4.5). */
const wideTags = [5, 6];
/** Bytes after the tag (§4.4); those with indexes into the pool only, as opposed to numbers. */
const indexBytes: Readonly<Record<number, number>> = {
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};
const numberBytes: Readonly<Record<number, number>> = { 3: 4, 4: 4, 5: 8, 6: 8 };

/** The constant pool of a class (§4.4). */
export class ConstantPool {
  readonly #reader: Reader;
  readonly #tags: Uint8Array;
  readonly #offsets: Uint32Array;
  readonly end: number;

  /** Accounts for the pool. @throws Broken */
  constructor(reader: Reader, ledger: Ledger) {
    this.#reader = reader;
    const count = reader.u16be(8);
    this.#tags = new Uint8Array(count);
    this.#offsets = new Uint32Array(count);
    let at = 10;
    for (let i = 1; i < count; i++) {
      reader.meter.step();
      const tag = reader.u8(at);
      this.#tags[i] = tag;
      this.#offsets[i] = at;
      at = this.#account(ledger, tag, at);
      if (wideTags.includes(tag)) i++;
    }
    this.end = at;
  }

  /** @throws Broken unless the index at `at` is that of an entry of this kind */
  expect(at: number, kind: 'text' | 'class'): void {
    const index = this.#reader.u16be(at);
    if (this.#tags[index] !== (kind === 'text' ? TEXT : CLASS))
      throw new Broken(at, `index of a ${kind}`, 'one in the pool', index);
  }

  /** Short texts only: names of attributes. */
  textAt(index: number): string {
    const at = this.#offsets[index]!;
    const length = this.#reader.u16be(at + 1);
    return length > 64 ? '' : this.#reader.latin1(at + 3, length);
  }

  #account(ledger: Ledger, tag: number, at: number): number {
    if (tag === TEXT) return this.#accountText(ledger, at);
    const indexes = indexBytes[tag];
    const length = indexes ?? numberBytes[tag];
    if (length === undefined) throw new Broken(at, 'tag of a constant', 'a defined one', tag);
    const end = at + 1 + length;
    this.#reader.bytes(at, 1 + length, 'constant');
    ledger.account(at, indexes === undefined ? at + 1 : end, 'structure', 'constants', 8);
    if (indexes === undefined) ledger.raw(at + 1, end, 'numbers');
    return end;
  }

  /** Modified UTF-8 (§4.4.7): no byte is zero, none is F0 or above. */
  #accountText(ledger: Ledger, at: number): number {
    const length = this.#reader.u16be(at + 1);
    const bytes = this.#reader.bytes(at + 3, length, 'text constant');
    const end = at + 3 + length;
    const wrong = bytes.findIndex((byte) => byte === 0 || byte >= 0xf0);
    if (wrong >= 0) throw new Broken(at + 3 + wrong, 'modified UTF-8', '01 to EF', bytes[wrong]);
    ledger.account(at, at + 3, 'structure', 'constants', 8);
    if (isPlain(bytes)) ledger.account(at + 3, end, 'grammar', 'names', 16);
    // Names are ASCII nearly always; other text is told by its invalid bytes only: 239/256 to the 202nd.
    else ledger.account(at + 3, end, 'grammar', 'text', 202);
    return end;
  }
}

function isPlain(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13));
}
