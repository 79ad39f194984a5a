import { Broken } from '../../../../bytes/errors.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { CompressedPiece, LayerPiece } from '../../mapped-container.ts';
import { type PackedBlocks, unpackZlib } from '../../unpack-block.ts';
import { SECTOR } from './descriptor.ts';
import type { Extent } from './extent.ts';
import { type GrainMap, ZERO_GRAIN } from './grain-map.ts';
import type { SparseHeader } from './sparse-header.ts';

/** Before each packed grain: its first sector (8 bytes) and its length (4 bytes). */
const MARKER = 12;

/** Grains by directory and tables, packed or as they are. */
export class SparseExtent implements Extent {
  readonly size: number;
  readonly unit: number;
  readonly #file: number;
  readonly #source: ByteSource;
  readonly #packed: PackedBlocks;
  readonly #header: SparseHeader;
  readonly #grains: GrainMap;

  constructor(
    file: number,
    source: ByteSource,
    packed: PackedBlocks,
    header: SparseHeader,
    grains: GrainMap,
  ) {
    this.size = header.capacity;
    this.unit = header.grain;
    this.#file = file;
    this.#source = source;
    this.#packed = packed;
    this.#header = header;
    this.#grains = grains;
  }

  pieceAt(at: number): LayerPiece {
    const { grain } = this.#header;
    const index = Math.floor(at / grain);
    const found = this.#grains.find(index);
    if (typeof found !== 'number') return found;
    const start = index * grain;
    const end = Math.min(start + grain, this.size);
    if (found === 0) return { kind: 'parent', start, end };
    if (found === ZERO_GRAIN && this.#header.hasZeroGrains) return { kind: 'zero', start, end };
    const place = found * SECTOR;
    if (!this.#header.isCompressed) return { kind: 'data', start, end, file: this.#file, at: place };
    return { kind: 'compressed', start, end, file: this.#file, ...this.#packedAt(place, start) };
  }

  unpack({ at, stored }: CompressedPiece, into: Uint8Array): number {
    return unpackZlib(this.#packed.of(this.#source), at, at + stored, into.subarray(0, this.#header.grain));
  }

  #packedAt(place: number, start: number): { readonly at: number; readonly stored: number } {
    const { grain, hasMarkers } = this.#header;
    const most = Math.min(2 * grain, this.#source.size - place - MARKER);
    if (!hasMarkers) return { at: place, stored: most + MARKER };
    const marker = this.#packed.of(this.#source);
    const first = marker.u32le(place) + marker.u32le(place + 4) * 2 ** 32;
    if (first * SECTOR !== start) throw new Broken(place, 'sector of a packed grain', start / SECTOR, first);
    const stored = marker.u32le(place + 8);
    if (stored > most) throw new Broken(place + 8, 'length of a packed grain', `at most ${most}`, stored);
    return { at: place + MARKER, stored };
  }
}
