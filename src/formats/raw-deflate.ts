import { Broken } from '../bytes/errors.ts';
import { Meter } from '../bytes/meter.ts';
import { Reader } from '../bytes/reader.ts';
import { BufferSource } from '../bytes/source.ts';
import { deflate } from '../checks/decoder.ts';
import { hasLongestCopies } from '../checks/deflate-copies.ts';
import { inflate } from '../checks/inflate.ts';
import { noticesOverwrites, TRIED_FLOOR } from '../checks/overwrite-trials.ts';
import { Keep } from '../checks/unpack.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineMember } from './member.ts';
import { accountDecoded, LONG_RUN } from './stored-parts.ts';

/** Shorter outputs come out of random bytes now and then. */
const LEAST_OUTPUT = 64;

/**
 * Deflate without any frame, the last resort for bytes that are nothing else. Of 300,000 random files of 16 to 2,000
 * bytes none was taken for one: the stream has to end in the last byte, with zero bits behind, and give 64 bytes.
 */
export const rawDeflate: Format = {
  id: 'deflate',
  title: 'raw deflate stream',
  extensions: ['deflate'],
  signatures: [],
  spec: 'RFC 1951',
  proof:
    'it decodes, to its last bit, and no copy could be longer; trial overwrites of the file at hand show whether that is proof',
  texture: 'packed',
  recognise: (head, size) => size >= 16 && beginsStream(head, size),
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const keep = new Keep();
    const run = inflate(reader, 0, reader.size, (piece) => keep.add(piece));
    const { consumed, produced, spareBits, stored } = run;
    if (consumed !== reader.size)
      throw new Broken(consumed, 'end of a raw deflate stream', reader.size, consumed);
    if (spareBits !== 0) throw new Broken(consumed - 1, 'bits behind a raw deflate stream', 0, spareBits);
    if (produced < LEAST_OUTPUT)
      throw new Broken(0, 'raw deflate stream', `${LEAST_OUTPUT} bytes or more`, produced);
    const floor = floorOf(reader, produced);
    accountDecoded(ledger, { start: 0, end: consumed }, stored, 'deflate, which has no checksum', floor);
    const bytes = keep.bytes();
    const again = new Reader(reader.source, reader.meter);
    const source = bytes === null ? deflate.reopen(again, 0, consumed, produced) : new BufferSource(bytes);
    examineMember(context, ledger, context.name.replace(/\.deflate$/i, ''), source, {
      start: 0,
      end: consumed,
    });
  },
};

/** Streams and contents that are larger are not decoded some hundred times, in bytes. */
const MOST_TRIED = 1 << 17;
const MOST_TRIED_CONTENT = 1 << 20;

/** Only the writer's habit is against random bytes that decode; whether it's enough is tried. */
function floorOf(reader: Reader, size: number): number {
  if (reader.size > MOST_TRIED || size > MOST_TRIED_CONTENT) return LONG_RUN;
  const stream = reader.whole(0, reader.size);
  const passes = (tried: Uint8Array): boolean => {
    reader.meter.step(1 + (size >> 4));
    return hasLongestCopies(tried, 4 * size);
  };
  return hasLongestCopies(stream, size) && noticesOverwrites(stream, passes) ? TRIED_FLOOR : LONG_RUN;
}

/** Whether the first bytes decode, to their end or the stream's. */
function beginsStream(head: Uint8Array, size: number): boolean {
  const reader = new Reader(new BufferSource(head), new Meter());
  try {
    return inflate(reader, 0, head.length, () => undefined).consumed === size;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return size > head.length && error.at >= head.length;
  }
}
