import { Broken, Truncated } from '../../bytes/errors.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountSlack } from '../slack.ts';
import type { Place } from '../stored.ts';

/** How a family of chunked files writes its chunks. */
export interface ChunkStyle {
  readonly isBig: boolean;
  /** Chunks begin at multiples of this, in bytes. */
  readonly align: number;
}

export interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

const HEADER = 8;

/**
 * Walks the chunks of [start, end) and accounts for their headers and padding. `sizeOf` may give the true size of a
 * chunk whose field can't hold it. A last chunk beyond the end of the file is given as far as it goes, and told.
 */
export function* walkChunks(
  place: Place,
  style: ChunkStyle,
  sizeOf: (type: string, stored: number) => number = (_type, stored) => stored,
): Generator<Chunk, void, undefined> {
  const { reader, ledger, start, end } = place;
  for (let at = start; at + HEADER <= end; ) {
    reader.meter.step();
    const type = reader.latin1(at, 4, 'chunk');
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) throw new Broken(at, 'chunk type', 'four characters', show(type));
    const stored = style.isBig ? reader.u32be(at + 4, 'chunk size') : reader.u32le(at + 4, 'chunk size');
    const body = at + HEADER;
    const chunkEnd = body + sizeOf(type, stored);
    ledger.account(at, body, 'structure', 'chunk header', 8);
    const missing = chunkEnd - end;
    yield { type, start: at, body, end: Math.min(chunkEnd, end) };
    if (missing > 0) {
      if (end < reader.size)
        throw new Broken(at + 4, `size of chunk ${type}`, `at most ${end - body}`, chunkEnd - body);
      throw new Truncated(reader.size, `chunk ${type}`, missing);
    }
    at = pad(place, chunkEnd, style.align);
  }
}

/** Padding is of zeros by the specifications; other bytes there mean that the writer left it out. */
function pad({ reader, ledger, start, end }: Place, at: number, align: number): number {
  const over = (at - start) % align;
  if (over === 0 || at >= end) return at;
  const next = Math.min(end, at + align - over);
  if (!reader.bytes(at, next - at).every((byte) => byte === 0)) {
    ledger.oddity(at, 'a chunk of an odd length is not padded');
    return at;
  }
  ledger.account(at, next, 'padding', 'chunk padding');
  return next;
}

function show(type: string): string {
  return Buffer.from(type, 'latin1').toString('hex');
}

const free = new Set(['JUNK', 'junk', 'PAD ', 'FLLR', 'Fake', 'free', 'FREE', 'JUNQ', 'filr']);

/** Chunks that hold neither samples nor what rules them: texts, free space, and others. */
export function accountOther({ reader, ledger, start, end }: Place, type: string): void {
  if (free.has(type)) accountSlack(reader, ledger, start, end, 'free space');
  else accountTextOrRaw(reader, ledger, start, end, `chunk ${type}`);
}
