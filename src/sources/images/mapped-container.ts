import { Broken, OverBudget, ReadError } from '../../bytes/errors.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { BlockCache } from '../../checks/block-cache.ts';
import type { Path } from '../folders/path.ts';
import type { Container, ImageFile, Notice, Piece, StoredHash } from './container.ts';
import type { FoundParent } from './parent.ts';
import { type CompressedPiece, cutPiece, joinPieces, type LayerPiece } from './piece.ts';

export type { CompressedPiece, LayerPiece };

/** Where one image, its parents aside, holds what. Offsets and lengths in bytes. */
export interface Layer {
  /** Length of the contents. */
  readonly size: number;
  /** The contents are stored in blocks of so many bytes: the least that becomes unreadable, or is unpacked, at once. */
  readonly unit: number;
  /** A piece that holds the byte `at` of the contents; it may begin before. @throws ReadError, Broken */
  pieceAt(at: number): LayerPiece;
  /**
   * Unpacks a compressed piece, as pieceAt() gave it, into `unit` bytes; gives how many it filled.
   * @throws ReadError, Broken, OverBudget
   */
  unpack?(piece: CompressedPiece, into: Uint8Array): number;
}

export interface Assembly extends Pick<Container, 'id' | 'title' | 'facts' | 'protection'> {
  readonly files: readonly ImageFile[];
  readonly layer: Layer;
  /** Null where the image isn't based on another: then what it doesn't hold is zeros. */
  readonly parent: FoundParent | null;
  readonly notices: readonly Notice[];
  readonly sectorSize?: number;
  readonly hashes?: readonly StoredHash[];
}

/** Of unpacked blocks, in bytes. */
const MOST_UNPACKED = 16 << 20;

/** An image whose contents are put together from pieces: of its own files, and of its parent. */
export class MappedContainer implements Container {
  readonly id: string;
  readonly title: string;
  readonly files: readonly Path[];
  readonly contents: ByteSource;
  readonly sectorSize: number;
  readonly facts: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
  readonly hashes: readonly StoredHash[];
  readonly protection: string | null;
  readonly #layer: Layer;
  readonly #sources: readonly ByteSource[];
  readonly #parent: Container | null;
  readonly #isChild: boolean;
  readonly #unpacked: BlockCache;

  constructor(assembly: Assembly) {
    const { id, title, files, layer } = assembly;
    const parent = assembly.parent?.container ?? null;
    this.id = id;
    this.title = title;
    this.files = [...files.map(({ path }) => path), ...(parent?.files ?? [])];
    this.facts = assembly.facts;
    this.notices = [...assembly.notices, ...(assembly.parent?.notices ?? []), ...(parent?.notices ?? [])];
    this.hashes = assembly.hashes ?? [];
    this.protection = assembly.protection ?? parent?.protection ?? null;
    this.sectorSize = assembly.sectorSize ?? parent?.sectorSize ?? 512;
    this.#layer = layer;
    this.#sources = files.map(({ source }) => source);
    this.#parent = parent;
    this.#isChild = assembly.parent !== null;
    this.#unpacked = new BlockCache(layer.unit, Math.max(2, Math.floor(MOST_UNPACKED / layer.unit)));
    this.contents = {
      size: layer.size,
      read: (into, at) => this.#read(into, at),
      close: () => this.close(),
    };
  }

  *map(start: number, end: number): Iterable<Piece> {
    const last = Math.min(end, this.#layer.size);
    for (let at = Math.max(0, start); at < last; ) {
      const piece = this.#runAt(at, last);
      if (piece.kind === 'parent') yield* this.#mapParent(piece.start, piece.end);
      else yield piece;
      at = piece.end;
    }
  }

  close(): void {
    for (const source of this.#sources) source.close();
    this.#parent?.close();
  }

  #read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.#layer.size - at));
    for (let done = 0; done < wanted; ) {
      const piece = this.#runAt(at + done, at + wanted);
      const length = piece.end - piece.start;
      this.#readPiece(into.subarray(done, done + length), piece);
      done += length;
    }
    return wanted;
  }

  #readPiece(into: Uint8Array, piece: LayerPiece): void {
    switch (piece.kind) {
      case 'data':
        readWhole(this.#sources[piece.file]!, into, piece.at);
        return;
      case 'zero':
        into.fill(0);
        return;
      case 'parent':
        this.#readParent(into, piece.start);
        return;
      case 'compressed':
        this.#readPacked(into, piece.start, piece.end);
        return;
      case 'unreadable':
        throw new ReadError(piece.start, piece.why);
    }
  }

  /** A parent may be smaller than its child; what it hasn't reads as zeros. */
  #readParent(into: Uint8Array, at: number): void {
    if (this.#parent === null) throw new ReadError(at, 'its parent image is missing');
    const got = this.#parent.contents.read(into, at);
    into.fill(0, got);
  }

  /** A whole block goes right where it's wanted; one that's asked for in parts is kept. */
  #readPacked(into: Uint8Array, start: number, end: number): void {
    const block = this.#layer.pieceAt(start) as CompressedPiece;
    const kept = this.#unpacked.get(block.start);
    if (kept === undefined && into.length === this.#layer.unit) {
      expectLength(start, this.#unpack(block, into), into.length);
      return;
    }
    const bytes = kept ?? this.#keep(block);
    expectLength(start, bytes.length, end - block.start);
    into.set(bytes.subarray(start - block.start, end - block.start));
  }

  #keep(block: CompressedPiece): Uint8Array {
    const room = new Uint8Array(this.#layer.unit);
    const bytes = room.subarray(0, this.#unpack(block, room));
    this.#unpacked.set(block.start, bytes);
    return bytes;
  }

  #unpack(block: CompressedPiece, into: Uint8Array): number {
    try {
      return this.#layer.unpack!(block, into);
    } catch (error) {
      if (error instanceof Broken || error instanceof OverBudget) {
        throw new ReadError(block.start, `packed block is broken: ${error.message}`, error);
      }
      throw error;
    }
  }

  *#mapParent(start: number, end: number): Iterable<Piece> {
    const parent = this.#parent;
    if (parent === null) {
      yield { kind: 'unreadable', start, end, why: 'its parent image is missing' };
      return;
    }
    for (const piece of parent.map(start, end)) {
      yield 'file' in piece ? { ...piece, file: piece.file + this.#sources.length } : piece;
    }
    const from = Math.max(start, Math.min(end, parent.contents.size));
    if (from < end) yield { kind: 'zero', start: from, end };
  }

  /** The longest piece from `at` on, up to `end`, that neighbours make together. */
  #runAt(at: number, end: number): LayerPiece {
    let run = this.#pieceAt(at, end);
    while (run.end < end && run.kind !== 'compressed') {
      const joined = joinPieces(run, this.#pieceAt(run.end, end));
      if (joined === null) break;
      run = joined;
    }
    return run;
  }

  #pieceAt(at: number, end: number): LayerPiece {
    try {
      const piece = cutPiece(this.#layer.pieceAt(at), at, end);
      if (piece.kind === 'parent' && !this.#isChild) return { ...piece, kind: 'zero' };
      return piece.kind === 'data' ? this.#within(piece) : piece;
    } catch (error) {
      if (!(error instanceof ReadError || error instanceof Broken)) throw error;
      const { unit } = this.#layer;
      const next = (Math.floor(at / unit) + 1) * unit;
      return { kind: 'unreadable', start: at, end: Math.min(end, next), why: error.message };
    }
  }

  /** The part of a piece that its file has: the file may have been cut off. */
  #within(piece: Extract<Piece, { kind: 'data' }>): LayerPiece {
    const { size } = this.#sources[piece.file]!;
    if (piece.at + piece.end - piece.start <= size) return piece;
    if (piece.at < size) return { ...piece, end: piece.start + size - piece.at };
    return { kind: 'unreadable', start: piece.start, end: piece.end, why: `its file ends at byte ${size}` };
  }
}

/** @throws ReadError where the file ends before. */
export function readWhole(source: ByteSource, into: Uint8Array, at: number): void {
  const got = source.read(into, at);
  if (got < into.length) throw new ReadError(at + got, 'the file ends there');
}

function expectLength(at: number, got: number, wanted: number): void {
  if (got < wanted) throw new ReadError(at, `packed block unpacks to ${got} bytes only`);
}
