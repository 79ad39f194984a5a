import { Broken } from '../../../../bytes/errors.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { ImageFile } from '../../container.ts';
import type { CompressedPiece, Layer, LayerPiece } from '../../mapped-container.ts';
import { Pages } from '../../pages.ts';
import { checkDiskSize } from '../../size-limit.ts';
import { PackedBlocks, type UnpackBlock, unpackDeflate, unpackZstd } from '../../unpack-block.ts';
import type { Qcow2 } from './header.ts';

/** Upper half of an entry: flags, and the bits 32–55 of an offset. */
const COPIED = 0x80000000;
const PACKED = 0x40000000;
const OFFSET_HIGH = 0x00ffffff;
/** Lower half: bits 9–31 of an offset, and whether the cluster reads as zeros (version 3). */
const OFFSET_LOW = 0xfffffe00;
const ZERO = 1;
const SUBCLUSTERS = 32;

/** Clusters by two levels of tables. */
export class Qcow2Layer implements Layer {
  readonly size: number;
  readonly unit: number;
  readonly #header: Qcow2;
  readonly #pages: Pages;
  readonly #source: ByteSource;
  readonly #blocks = new PackedBlocks();
  readonly #entry: number;
  /** Bytes of the disk that one second-level table tells about. */
  readonly #span: number;
  readonly #unpackBlock: UnpackBlock;

  /** @throws Broken when the first table names more tables than the file has room for: some are named twice. */
  constructor(files: readonly ImageFile[], header: Qcow2) {
    this.size = checkDiskSize(header.size, 24);
    this.unit = 2 ** header.clusterBits;
    this.#header = header;
    this.#source = files[0]!.source;
    this.#pages = new Pages(this.#source);
    this.#entry = header.isExtended ? 16 : 8;
    this.#span = (this.unit / this.#entry) * this.unit;
    this.#unpackBlock = header.compression === 'zstd' ? unpackZstd : unpackDeflate;
    this.#checkFirstLevel();
  }

  pieceAt(at: number): LayerPiece {
    const first = Math.floor(at / this.#span);
    const table = this.#tableAt(first);
    const start = first * this.#span;
    if (table === 0) return { kind: 'parent', start, end: Math.min(start + this.#span, this.size) };
    const index = Math.floor((at - start) / this.unit);
    return this.#cluster(table + index * this.#entry, start + index * this.unit, at);
  }

  unpack({ at, stored }: CompressedPiece, into: Uint8Array): number {
    return this.#unpackBlock(this.#blocks.of(this.#source), at, at + stored, into);
  }

  #checkFirstLevel(): void {
    const { at, count } = this.#header.firstLevel;
    const needed = Math.ceil(this.size / this.#span);
    if (at + 8 * count > this.#pages.size) throw new Broken(40, 'first table', 'inside the file', at);
    if (count < needed) throw new Broken(36, 'first table', `${needed} entries`, count);
    let used = 0;
    for (let i = 0; i < needed; i++) if (this.#tableAt(i) !== 0) used++;
    const room = Math.ceil(this.#pages.size / this.unit);
    if (used > room) throw new Broken(at, 'first table', `at most ${room} tables`, used);
  }

  /** Offset of a second-level table; 0 where there's none. */
  #tableAt(index: number): number {
    const at = this.#header.firstLevel.at + 8 * index;
    return offsetOf(this.#pages.u32be(at), this.#pages.u32be(at + 4));
  }

  #cluster(entryAt: number, start: number, at: number): LayerPiece {
    const [high, low] = [this.#pages.u32be(entryAt), this.#pages.u32be(entryAt + 4)];
    const end = Math.min(start + this.unit, this.size);
    if ((high & PACKED) !== 0) return { kind: 'compressed', start, end, file: 0, ...this.#packed(high, low) };
    if (this.#header.isExtended) return this.#subcluster(entryAt, start, at);
    if ((low & ZERO) !== 0) return { kind: 'zero', start, end };
    return this.#plain(entryAt, start, end);
  }

  #plain(entryAt: number, start: number, end: number): LayerPiece {
    const [high, low] = [this.#pages.u32be(entryAt), this.#pages.u32be(entryAt + 4)];
    const { hasDataFile } = this.#header;
    const offset = offsetOf(high, low);
    // Only in a data file may the first cluster hold contents.
    if (offset === 0 && !(hasDataFile && (high & COPIED) !== 0)) return { kind: 'parent', start, end };
    if (offset % this.unit !== 0)
      throw new Broken(entryAt, 'place of a cluster', `a multiple of ${this.unit}`, offset);
    return { kind: 'data', start, end, file: hasDataFile ? 1 : 0, at: offset };
  }

  /** Which of 32 parts are allocated, in the lower half of a second word; which are zeros, in the upper. */
  #subcluster(entryAt: number, start: number, at: number): LayerPiece {
    const size = this.unit / SUBCLUSTERS;
    const index = Math.floor((at - start) / size);
    const from = start + index * size;
    const end = Math.min(from + size, this.size);
    const [zeros, allocated] = [this.#pages.u32be(entryAt + 8), this.#pages.u32be(entryAt + 12)];
    if (((zeros >>> index) & 1) === 1) return { kind: 'zero', start: from, end };
    if (((allocated >>> index) & 1) === 0) return { kind: 'parent', start: from, end };
    const cluster = this.#plain(entryAt, start, start + this.unit);
    if (cluster.kind !== 'data') throw new Broken(entryAt, 'place of a cluster', 'an offset', 0);
    return { ...cluster, start: from, end, at: cluster.at + index * size };
  }

  /** Offset in the lower 62 − (bits − 8) bits, above them the number of further sectors. */
  #packed(high: number, low: number): { readonly at: number; readonly stored: number } {
    const shift = BigInt(62 - (this.#header.clusterBits - 8));
    const word = (BigInt(high & 0x3fffffff) << 32n) | BigInt(low);
    const at = Number(word & ((1n << shift) - 1n));
    const sectors = Number(word >> shift) + 1;
    if (at >= this.#source.size) throw new Broken(at, 'place of a packed cluster', 'inside the file', at);
    // The stream ends somewhere in its last sector; what follows there isn't its own.
    return { at, stored: Math.min(sectors * 512 - (at % 512), this.#source.size - at) };
  }
}

/** Contents that their owner encrypted. */
export class SealedLayer implements Layer {
  readonly size: number;
  readonly unit = 512;
  readonly #why: string;

  constructor(size: number, protection: string) {
    this.size = size;
    this.#why = `encrypted by its owner: ${protection}`;
  }

  pieceAt(): LayerPiece {
    return { kind: 'unreadable', start: 0, end: this.size, why: this.#why };
  }
}

function offsetOf(high: number, low: number): number {
  return (high & OFFSET_HIGH) * 2 ** 32 + ((low & OFFSET_LOW) >>> 0);
}
