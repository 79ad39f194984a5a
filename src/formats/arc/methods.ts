import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type Decode, type Decoder, restarting } from '../../checks/decoder.ts';
import { Outflow } from '../../checks/outflow.ts';
import { RunLength90 } from '../../checks/run-length-90.ts';
import { decodeUnixLzw } from '../../checks/unix-lzw.ts';

const WIDEST_CRUNCHED = 12;
const WIDEST_SQUASHED = 13;
const END = 256;
const MOST_NODES = 257;

/** What the files are packed by; null for those that stand there as they are. */
export const decoders: ReadonlyMap<number, Decoder | null> = new Map([
  [1, null],
  [2, null],
  [3, restarting(unpackRuns)],
  [4, restarting(unsqueeze)],
  [8, restarting(uncrunch)],
  [9, restarting(unsquash)],
]);

type Sink = Parameters<Decode>[3];

function unpackRuns(reader: Reader, start: number, end: number, sink: Sink) {
  const output = new Outflow(reader.meter, sink);
  const runs = new RunLength90((byte) => output.put(byte));
  for (const part of reader.stream(start, end)) for (const byte of part) runs.take(byte);
  output.flush();
  return { consumed: end - start, produced: output.produced };
}

/** LZW as of `compress` behind a byte that tells its widest code, then run lengths. */
function uncrunch(reader: Reader, start: number, end: number, sink: Sink) {
  const widest = reader.u8(start, 'width of codes');
  if (widest !== WIDEST_CRUNCHED) throw new Broken(start, 'width of codes', WIDEST_CRUNCHED, widest);
  const output = new Outflow(reader.meter, sink);
  const runs = new RunLength90((byte) => output.put(byte));
  for (const piece of decodeUnixLzw({ reader, start: start + 1, end }, widest, true))
    for (const byte of piece) runs.take(byte);
  output.flush();
  return { consumed: end - start, produced: output.produced };
}

function unsquash(reader: Reader, start: number, end: number, sink: Sink) {
  let produced = 0;
  for (const piece of decodeUnixLzw({ reader, start, end }, WIDEST_SQUASHED, true)) {
    produced += piece.length;
    sink(piece);
  }
  return { consumed: end - start, produced };
}

/** A Huffman tree of pairs of branches, negative ones leaves; bits from the lowest on; then run lengths. */
function unsqueeze(reader: Reader, start: number, end: number, sink: Sink) {
  const count = reader.u16le(start, 'nodes of the tree');
  if (count > MOST_NODES) throw new Broken(start, 'nodes of the tree', `at most ${MOST_NODES}`, count);
  const tree = Int16Array.from({ length: 2 * count }, (_, i) => reader.u16le(start + 2 + 2 * i, 'tree'));
  if (tree.some((branch) => branch >= count || branch < -END - 1))
    throw new Broken(start + 2, 'branch of the tree', `less than ${count}`, 'others');
  const output = new Outflow(reader.meter, sink);
  const runs = new RunLength90((byte) => output.put(byte));
  const walk = new TreeWalk(tree, runs);
  let at = start + 2 + 4 * count;
  for (const part of reader.stream(at, end)) {
    reader.meter.step();
    at += walk.take(part);
    if (walk.isOver) break;
  }
  output.flush();
  return { consumed: at - start, produced: output.produced };
}

class TreeWalk {
  isOver = false;
  readonly #tree: Int16Array;
  readonly #runs: RunLength90;
  #node = 0;

  constructor(tree: Int16Array, runs: RunLength90) {
    this.#tree = tree;
    this.#runs = runs;
  }

  /** Returns how many bytes were taken: all, or those up to the end mark. */
  take(bytes: Uint8Array): number {
    for (let i = 0; i < bytes.length; i++) {
      for (let bit = 0; bit < 8 && !this.isOver; bit++) this.#step((bytes[i]! >> bit) & 1);
      if (this.isOver) return i + 1;
    }
    return bytes.length;
  }

  #step(bit: number): void {
    const branch = this.#tree[2 * this.#node + bit] ?? -END - 1;
    if (branch >= 0) {
      this.#node = branch;
      return;
    }
    this.#node = 0;
    const value = -branch - 1;
    if (value === END) this.isOver = true;
    else this.#runs.take(value);
  }
}
