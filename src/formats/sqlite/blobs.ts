import { ReadError } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { ByteSource } from '../../bytes/source.ts';
import type { Database } from './database.ts';

/** A part of a value that stands in the file without interruption. */
export type Piece = Range;

/** Below it, contrast and the floor of the page serve as well. */
const SHORTEST = 512;

/** Heads of files that programs keep in databases, in Latin-1. */
const heads: readonly string[] = [
  '\x89PNG\r\n\x1a\n',
  '\xff\xd8\xff',
  'GIF8',
  'RIFF',
  '%PDF-',
  'PK\x03\x04',
  '\x1f\x8b\x08',
  'bplist00',
  'SQLite format 3\0',
  '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
  'BM',
  'II*\0',
  'MM\0*',
  'OggS',
  'fLaC',
  '(\xb5/\xfd',
  '\xfd7zXZ\0',
  'BZh',
];

/** Examines a blob that begins like a file as the file it is. */
export function examineBlob(database: Database, pieces: readonly Piece[]): void {
  const source = new PiecedSource(database.overflowReader.source, pieces);
  if (source.size < SHORTEST || !hasKnownHead(source)) return;
  const range = { start: pieces[0]!.start, end: pieces.at(-1)!.end };
  const { ledger: part } = database.context.examine(`blob at ${range.start}`, source, range);
  for (const segment of part.segments()) {
    if (segment.state === 'unaccounted') continue;
    for (const { start, end } of source.locate(segment.start, segment.end)) {
      if (segment.state === 'raw') database.ledger.raw(start, end, segment.by);
      else if (segment.state === 'coded') database.ledger.coded(start, end, segment.by);
      else if (segment.state === 'protected') database.ledger.protect(start, end, segment.by);
      else database.ledger.account(start, end, segment.state, `blob: ${segment.by}`, segment.floor);
    }
  }
}

function hasKnownHead(source: ByteSource): boolean {
  const bytes = new Uint8Array(16);
  const length = source.read(bytes, 0);
  const head = Buffer.from(bytes.subarray(0, length)).toString('latin1');
  return heads.some((wanted) => head.startsWith(wanted));
}

/** A value that is spread over pages, as one source. */
class PiecedSource implements ByteSource {
  readonly size: number;
  readonly #whole: ByteSource;
  readonly #pieces: readonly Piece[];
  /** Offset in the value at which each piece begins. */
  readonly #offsets: readonly number[];

  constructor(whole: ByteSource, pieces: readonly Piece[]) {
    this.#whole = whole;
    this.#pieces = pieces;
    let size = 0;
    this.#offsets = pieces.map(({ start, end }) => {
      size += end - start;
      return size - (end - start);
    });
    this.size = size;
  }

  /** Where the bytes [start, end) of the value stand in the file. */
  *locate(start: number, end: number): Generator<Range> {
    for (let i = this.#pieceAt(start); i < this.#pieces.length && this.#offsets[i]! < end; i++) {
      const piece = this.#pieces[i]!;
      const shift = piece.start - this.#offsets[i]!;
      yield { start: Math.max(piece.start, start + shift), end: Math.min(piece.end, end + shift) };
    }
  }

  read(into: Uint8Array, at: number): number {
    let filled = 0;
    for (const { start, end } of this.locate(at, Math.min(this.size, at + into.length))) {
      const got = this.#whole.read(into.subarray(filled, filled + end - start), start);
      if (got < end - start) throw new ReadError(start + got, 'the file shrank');
      filled += got;
    }
    return filled;
  }

  close(): void {}

  #pieceAt(at: number): number {
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsets[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
