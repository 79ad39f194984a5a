import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

/** In bytes; more of files that would have too many. */
const CELL = 512;
const MOST_CELLS = 1 << 18;

/**
 * A file in small pieces, cut also where open ranges begin and end. For each, by how many nats uniform bytes explain it
 * better than sound ones do.
 */
export interface Cells {
  readonly count: number;
  /** `count` offsets, and the end of the last cell. */
  readonly bounds: Float64Array;
  /** 1: no proof accounts for the cell. */
  readonly open: Uint8Array;
  /** Nats by which uniform beats a code that learns the cell's own frequencies; negative for plain bytes. */
  readonly own: Float32Array;
  readonly scores: Float32Array;
}

/**
 * Natural logarithm of Γ(c + ½)/Γ(½) for counts up to the largest cell: the code of Krichevsky & Trofimov (1981) costs
 * ln Γ(n + 128) − ln Γ(128) − Σ of these for n bytes, learning included.
 */
function tableOfLogs(most: number, from: number): Float64Array {
  const table = new Float64Array(most + 1);
  for (let c = 1; c <= most; c++) table[c] = table[c - 1]! + Math.log(c - 1 + from);
  return table;
}

/** @param openRanges sorted, apart from each other */
export function cutCells(reader: Reader, openRanges: readonly Range[]): Cells {
  const size = cellSizeOf(reader.size);
  const bounds: number[] = [0];
  const open: number[] = [];
  const cutTo = (end: number, isOpen: number) => {
    for (let at = bounds.at(-1)!; at < end; at = bounds.at(-1)!) {
      bounds.push(Math.min(end, (Math.floor(at / size) + 1) * size));
      open.push(isOpen);
    }
  };
  for (const range of openRanges) {
    cutTo(range.start, 0);
    cutTo(range.end, 1);
  }
  cutTo(reader.size, 0);
  const cells = {
    count: open.length,
    bounds: Float64Array.from(bounds),
    open: Uint8Array.from(open),
    own: new Float32Array(open.length),
    scores: new Float32Array(open.length),
  };
  weighByThemselves(reader, cells, size);
  return cells;
}

function cellSizeOf(size: number): number {
  let cell = CELL;
  while (size / cell > MOST_CELLS) cell *= 2;
  return cell;
}

function weighByThemselves(reader: Reader, cells: Cells, most: number): void {
  const learnt = tableOfLogs(most, 0.5);
  const drawn = tableOfLogs(most, 128);
  const counts = new Uint32Array(256);
  eachCell(reader, cells, (bytes, cell) => {
    counts.fill(0);
    for (let i = 0; i < bytes.length; i++) counts[bytes[i]!]!++;
    let nats = drawn[bytes.length]!;
    for (let value = 0; value < 256; value++) nats -= learnt[counts[value]!]!;
    cells.own[cell] = nats - bytes.length * UNIFORM;
  });
}

const UNIFORM = Math.log(256);

/** Goes through all cells in order. */
export function eachCell(
  reader: Reader,
  { count, bounds }: Cells,
  visit: (bytes: Uint8Array, cell: number) => void,
): void {
  for (let cell = 0; cell < count; cell++) {
    reader.meter.step();
    visit(reader.bytes(bounds[cell]!, bounds[cell + 1]! - bounds[cell]!), cell);
  }
}

/** Nats for each byte value, −ln(256·q), q = (c + ½)/(n + 128): positive where random bytes are more likely. */
export function scoresOf(counts: ArrayLike<number>): Float64Array {
  let n = 0;
  for (let value = 0; value < 256; value++) n += counts[value]!;
  return Float64Array.from({ length: 256 }, (_, value) =>
    Math.max(-6, Math.min(4, -Math.log((256 * (counts[value]! + 0.5)) / (n + 128)))),
  );
}
