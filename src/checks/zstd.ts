import { Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { type Packed, type Pieces, watched } from './pieces.ts';
import { EnginePool, runEngine, type StreamEngine } from './stream-engine.ts';
import { Sum } from './sums.ts';
import { wasm } from './zstd.wasm.ts';
import { readZstdHeader, type ZstdHeader } from './zstd-header.ts';

/** An instance of assembly/zstd.ts. */
interface ZstdEngine extends StreamEngine {
  begin(window: number, room: number): void;
}

export interface ZstdFrame {
  readonly header: ZstdHeader;
  /** Bytes of the frame, its header and checksum included. */
  readonly consumed: number;
  readonly produced: number;
  /** Raw blocks and raw literals. */
  readonly stored: readonly Range[];
}

/** Larger windows are legal, and rare. In bytes. */
const MOST_WINDOW = 256 << 20;
const LEAST_ROOM = 512 << 10;
const MOST_ROOM = 32 << 20;

const terms = {
  stream: 'Zstandard frame',
  contradictions: {
    16: 'Zstandard block type',
    17: 'size of a Zstandard block',
    18: 'Zstandard literals',
    19: 'weights of a Huffman tree',
    20: 'Huffman stream',
    21: 'Huffman tree of an earlier block',
    22: 'FSE distribution',
    23: 'header of Zstandard sequences',
    24: 'FSE table of an earlier block',
    25: 'length of a Zstandard sequence',
    26: 'offset of a Zstandard sequence',
    28: 'bits of Zstandard sequences',
  },
} as const;
const engines = new EnginePool<ZstdEngine>(wasm);

/**
 * Decodes one frame that begins at `start` with its magic bytes, and compares the size of its content and its checksum,
 * where the header has them (RFC 8878 §3.1.1).
 * @throws Broken, Truncated, OverBudget
 */
export function* decodeZstdFrame({ reader, start, end }: Packed): Pieces<ZstdFrame> {
  const header = readZstdHeader(reader, start);
  if (header.dictionary !== 0) throw new OverBudget(`Zstandard dictionary ${header.dictionary}`, 0);
  const sum = header.hasChecksum ? new Sum('xxh64') : null;
  const blocks = { reader, start: start + header.length, end };
  let produced = 0;
  const run = yield* watched(
    runEngine(engines, terms, blocks, (engine) => prepare(engine, header)),
    (piece) => {
      produced += piece.length;
      if (produced > (header.size ?? produced)) throw contentSize(start, header, produced);
      sum?.add(piece);
    },
  );
  if (header.size !== null && header.size !== produced) throw contentSize(start, header, produced);
  const blocksEnd = start + header.length + run.consumed;
  if (sum !== null) compareSum(reader, blocksEnd, end, sum);
  const consumed = blocksEnd - start + (sum === null ? 0 : 4);
  return { header, consumed, produced, stored: run.stored };
}

/** The window stays behind the output that is made; small contents need no more room than they have bytes. */
function prepare(engine: ZstdEngine, { window, size }: ZstdHeader): void {
  if (window > MOST_WINDOW && (size ?? window) > MOST_WINDOW) {
    throw new OverBudget('bytes of a Zstandard window', MOST_WINDOW);
  }
  const isWhole = size !== null && size <= window;
  const room = isWhole ? size : window + Math.min(MOST_ROOM, Math.max(LEAST_ROOM, window >> 1));
  engine.begin(Math.min(window, 0xffffffff), room);
}

function compareSum(reader: Reader, at: number, end: number, sum: Sum): void {
  if (at + 4 > end) throw new Truncated(end, 'content checksum', at + 4 - end);
  const stored = reader.u32le(at, 'content checksum');
  const computed = sum.digest().readUInt32LE(0);
  if (stored !== computed) throw new Broken(at, 'content checksum', stored, computed);
}

function contentSize(start: number, { size }: ZstdHeader, produced: number): Broken {
  return new Broken(start, 'frame content size', String(size), produced);
}
