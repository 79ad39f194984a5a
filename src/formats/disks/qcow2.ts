import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';
import { readQcow2Header } from './qcow2-layout.ts';

const MOST_TABLE = 32 << 20;
const OFFSET_HIGH = 0x00ffffff;

export const qcow2: Format = {
  id: 'qcow2',
  title: 'QEMU disk, version 2 and 3',
  extensions: ['qcow2'],
  signatures: [
    { at: 0, hex: '514649fb00000002' },
    { at: 0, hex: '514649fb00000003' },
  ],
  spec: 'QEMU, docs/interop/qcow2.rst',
  proof: 'header and tables, whose clusters must lie inside; clusters by contrast, packed ones stay unproved',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    const { clusterBits: bits, crypt, references, firstLevel } = readQcow2Header(reader);
    const image = new Image(reader, ledger, bits);
    ledger.account(0, 8, 'structure', 'magic and version');
    ledger.account(20, 24, 'structure', 'cluster bits');
    if (crypt !== 0) {
      ledger.protect(0, reader.size, crypt === 2 ? 'LUKS inside qcow2' : 'AES inside qcow2');
      return;
    }
    ledger.account(32, 60, 'structure', 'header', 12);
    image.walkReferences(references.at, references.count * 2 ** bits);
    image.walkFirstLevel(firstLevel.at, firstLevel.count);
    const parts = [{ start: 0, end: Math.min(reader.size, 104) }, ...image.parts];
    const used = parts.reduce((last, part) => Math.max(last, part.end), 0);
    const whole = Math.max(used, Math.floor(reader.size / 2 ** bits) * 2 ** bits);
    accountGaps(reader, ledger, parts, { start: 0, end: whole }, 'clusters that no table names');
    accountTail(reader, ledger, whole);
  },
};

class Image {
  readonly parts: Range[] = [];
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #bits: number;
  readonly #cluster: number;

  constructor(reader: Reader, ledger: Ledger, bits: number) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#bits = bits;
    this.#cluster = 2 ** bits;
  }

  /** A table of offsets to blocks of counters. */
  walkReferences(start: number, length: number): void {
    this.#table(start, length, 'table of reference counts');
    for (let at = start; at < start + length; at += 8) {
      this.#reader.meter.step();
      const offset = this.#offset(at);
      if (offset === 0) continue;
      this.#inside(offset, this.#cluster, at);
      this.#ledger.raw(offset, offset + this.#cluster, 'reference counts');
      this.parts.push({ start: offset, end: offset + this.#cluster });
    }
  }

  walkFirstLevel(start: number, count: number): void {
    this.#table(start, 8 * count, 'first table of clusters');
    for (let at = start; at < start + 8 * count; at += 8) {
      const offset = this.#offset(at);
      if (offset !== 0) this.#walkSecondLevel(offset, at);
    }
  }

  #walkSecondLevel(start: number, from: number): void {
    this.#inside(start, this.#cluster, from);
    this.#ledger.account(start, start + this.#cluster, 'structure', 'second table of clusters', 16);
    this.parts.push({ start, end: start + this.#cluster });
    for (let at = start; at < start + this.#cluster; at += 8) {
      this.#reader.meter.step();
      const isPacked = (this.#reader.u8(at) & 0x40) !== 0;
      if (isPacked) this.#packed(at);
      else this.#plain(at);
    }
  }

  #plain(at: number): void {
    const start = this.#offset(at);
    if (start === 0) return;
    if (start >= this.#reader.size) throw new Broken(at, 'place of a cluster', 'inside the file', start);
    // The last cluster may be cut where the disk ends.
    const end = Math.min(this.#reader.size, start + this.#cluster);
    this.#ledger.raw(start, end, 'clusters of the disk');
    this.parts.push({ start, end });
  }

  /** Offset in the lower 62 − (bits − 8) bits, above them the number of further sectors. */
  #packed(at: number): void {
    const shift = 62 - (this.#bits - 8);
    const word = (BigInt(this.#reader.u32be(at)) << 32n) | BigInt(this.#reader.u32be(at + 4));
    const start = Number(word & ((1n << BigInt(shift)) - 1n));
    const sectors = Number((word >> BigInt(shift)) & ((1n << BigInt(this.#bits - 8)) - 1n)) + 1;
    const end = Math.min(this.#reader.size, (Math.floor(start / 512) + sectors) * 512);
    if (start >= end) throw new Broken(at, 'place of a packed cluster', 'inside the file', start);
    this.#ledger.coded(start, end, 'packed clusters');
    this.parts.push({ start, end });
  }

  #table(start: number, length: number, by: string): void {
    if (length > MOST_TABLE) throw new Broken(36, by, `at most ${MOST_TABLE} bytes`, length);
    this.#inside(start, length, 40);
    this.#ledger.account(start, start + length, 'structure', by, 16);
    this.parts.push({ start, end: start + length });
  }

  /** Bits 9–55; the upper ones are flags, the lower ones zero. */
  #offset(at: number): number {
    const low = this.#reader.u32be(at + 4);
    const offset =
      (this.#reader.u32be(at) & OFFSET_HIGH) * 2 ** 32 + (low & ~511) + ((low & ~511) < 0 ? 2 ** 32 : 0);
    if (offset % this.#cluster !== 0)
      throw new Broken(at, 'place of a cluster', `a multiple of ${this.#cluster}`, offset);
    return offset;
  }

  #inside(start: number, length: number, at: number): void {
    if (start + length <= this.#reader.size) return;
    if (start > this.#reader.size) throw new Broken(at, 'place of a table', 'inside the file', start);
    throw new Truncated(this.#reader.size, 'table of clusters', start + length - this.#reader.size);
  }
}
