import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { ByteSource } from '../../bytes/source.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountSlack } from '../slack.ts';
import { readNumber } from './numbers.ts';
import type { PaxRecords } from './pax.ts';

/** A piece of a sparse file: `at` in the file, `length` bytes; the pieces' bytes follow each other in the archive. */
export interface Piece {
  readonly at: number;
  readonly length: number;
}

export interface SparseMap {
  readonly pieces: readonly Piece[];
  /** Of the file with its holes, in bytes. */
  readonly size: number;
  /** Where the data begin, behind the map. */
  readonly dataAt: number;
}

const BLOCK = 512;
const MOST_PIECES = 1_000_000;

/** Old GNU: four pieces in the header, 21 more in each block that follows (GNU tar manual, Old GNU Format). */
export function readOldSparseMap(reader: Reader, ledger: Ledger, headerAt: number): SparseMap {
  const header = reader.copy(headerAt, BLOCK, 'tar header');
  const pieces = piecesIn(header.subarray(386, 482));
  const size = readNumber(header.subarray(483, 495))?.value ?? 0;
  let at = headerAt + BLOCK;
  for (let more = header[482] !== 0; more; at += BLOCK) {
    reader.meter.step();
    const block = reader.copy(at, BLOCK, 'sparse map');
    pieces.push(...piecesIn(block.subarray(0, 504)));
    ledger.account(at, at + BLOCK, 'grammar', 'sparse map', 24);
    more = block[504] !== 0;
  }
  return checked({ pieces, size, dataAt: at }, headerAt);
}

function piecesIn(field: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i + 24 <= field.length; i += 24) {
    if (field[i] === 0 && field[i + 12] === 0) break;
    const at = readNumber(field.subarray(i, i + 12));
    const length = readNumber(field.subarray(i + 12, i + 24));
    if (at === null || length === null) throw new Broken(i, 'sparse map', 'numbers', 'none');
    pieces.push({ at: at.value, length: length.value });
  }
  return pieces;
}

/** The map of a pax header, versions 0.0, 0.1 and 1.0 (GNU tar manual, Storing Sparse Files); null where there is none. */
export function readPaxSparseMap(
  reader: Reader,
  ledger: Ledger,
  records: PaxRecords,
  data: Range,
): SparseMap | null {
  const size = records.number('GNU.sparse.realsize') ?? records.number('GNU.sparse.size');
  if (size === null) return null;
  if (records.get('GNU.sparse.major') === '1') return readLeadingMap(reader, ledger, data, size);
  const list = records.get('GNU.sparse.map');
  const numbers = list === undefined ? interleave(records) : list.split(',').map(Number);
  return checked({ pieces: pairs(numbers), size, dataAt: data.start }, data.start);
}

function interleave(records: PaxRecords): number[] {
  const lengths = records.all('GNU.sparse.numbytes');
  return records.all('GNU.sparse.offset').flatMap((at, i) => [at, lengths[i] ?? Number.NaN]);
}

/** Decimal lines before the data: how many pieces, then offset and length of each, padded to a block. */
function readLeadingMap(reader: Reader, ledger: Ledger, { start, end }: Range, size: number): SparseMap {
  let at = start;
  const next = (): number => {
    reader.meter.step();
    const lineEnd = reader.indexOf('\n', at, Math.min(end, at + 24));
    const line = lineEnd < 0 ? '' : reader.latin1(at, lineEnd - at);
    if (!/^\d+$/.test(line)) throw new Broken(at, 'sparse map', 'a decimal line', line);
    at = lineEnd + 1;
    return Number(line);
  };
  const count = next();
  if (count > MOST_PIECES) throw new Broken(start, 'pieces of a sparse map', `at most ${MOST_PIECES}`, count);
  const numbers: number[] = [];
  for (let i = 0; i < 2 * count; i++) numbers.push(next());
  const dataAt = start + Math.ceil((at - start) / BLOCK) * BLOCK;
  ledger.account(start, at, 'grammar', 'sparse map');
  accountSlack(reader, ledger, at, Math.min(dataAt, reader.size), 'room behind the sparse map');
  return checked({ pieces: pairs(numbers), size, dataAt }, start);
}

function pairs(numbers: readonly number[]): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) pieces.push({ at: numbers[i]!, length: numbers[i + 1]! });
  return pieces;
}

/** The pieces stand in order, apart, and inside the file. */
function checked(map: SparseMap, at: number): SparseMap {
  let reached = 0;
  for (const piece of map.pieces) {
    const end = piece.at + piece.length;
    if (!(Number.isSafeInteger(end) && piece.at >= reached && piece.length >= 0 && end <= map.size)) {
      throw new Broken(at, 'sparse map', 'pieces in order', `${piece.at} and ${piece.length}`);
    }
    reached = end;
  }
  return map;
}

/** A sparse file with its holes. */
export class SparseSource implements ByteSource {
  readonly size: number;
  readonly #whole: ByteSource;
  readonly #map: SparseMap;

  constructor(whole: ByteSource, map: SparseMap) {
    this.#whole = whole;
    this.#map = map;
    this.size = map.size;
  }

  read(into: Uint8Array, at: number): number {
    const length = Math.min(into.length, Math.max(0, this.size - at));
    into.fill(0, 0, length);
    let from = this.#map.dataAt;
    for (const piece of this.#map.pieces) {
      const start = Math.max(piece.at, at);
      const end = Math.min(piece.at + piece.length, at + length);
      if (end > start) this.#whole.read(into.subarray(start - at, end - at), from + start - piece.at);
      from += piece.length;
    }
    return length;
  }

  close(): void {}
}
