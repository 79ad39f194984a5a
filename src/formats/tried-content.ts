import { Broken, OverBudget } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import { Reader } from '../bytes/reader.ts';
import { BufferSource } from '../bytes/source.ts';
import { noticesOverwrites, TRIED_FLOOR } from '../checks/overwrite-trials.ts';
import { drain, type Pieces } from '../checks/pieces.ts';
import { isPlainText } from '../checks/text-bytes.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PackedContent } from './packed-content.ts';
import { accountDecoded, LONG_RUN } from './stored-parts.ts';

/** Larger files and contents are not decoded some hundred times, in bytes. */
const MOST_TRIED = 1 << 17;
const MOST_TRIED_CONTENT = 1 << 20;
/** What a decoder without a checksum took. */
export interface UnsummedRange extends Range {
  readonly by: string;
  /** What stands there as it is; without it, literals may stand anywhere as they are. */
  readonly stored?: readonly Range[];
}

/** Decodes a whole file; the result is where it ends. */
type DecodeFile = (reader: Reader) => Pieces<number>;

/**
 * The floor of a file of packed text that no checksum covers: whether random bytes in it end as something that doesn't
 * decode to its last byte, or isn't text any more, is tried. Only decoding counts where the content is no text.
 */
export function floorByTrials(reader: Reader, content: PackedContent, decode: DecodeFile): number {
  if (reader.size > MOST_TRIED || content.size > MOST_TRIED_CONTENT) return LONG_RUN;
  const stream = reader.whole(0, reader.size);
  const isAllowed = isText(unpack(stream, reader, decode))
    ? isText
    : (bytes: Buffer | null) => bytes !== null;
  const passes = (tried: Uint8Array) => isAllowed(unpack(tried, reader, decode));
  return noticesOverwrites(stream, passes) ? TRIED_FLOOR : LONG_RUN;
}

/** Null where it doesn't decode to its last byte. */
function unpack(stream: Uint8Array, { meter }: Reader, decode: DecodeFile): Buffer | null {
  const parts: Buffer[] = [];
  try {
    const end = drain(decode(new Reader(new BufferSource(stream), meter)), (part) => {
      meter.step(1 + (part.length >> 8));
      parts.push(Buffer.from(part));
    });
    return end === stream.length ? Buffer.concat(parts) : null;
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget) return null;
    throw error;
  }
}

function isText(bytes: Buffer | null): boolean {
  return bytes !== null && isPlainText(bytes);
}

/** Accounts for the packed ranges that no checksum covers; those that are kept as they are stay unproved. */
export function accountUnsummed(
  ledger: Ledger,
  ranges: readonly UnsummedRange[],
  floorOf: () => number,
): void {
  if (ranges.length === 0) return;
  const floor = floorOf();
  for (const range of ranges) {
    if (floor < LONG_RUN) ledger.account(range.start, range.end, 'decoder', range.by, floor);
    else if (range.stored === undefined) ledger.coded(range.start, range.end, range.by);
    else accountDecoded(ledger, range, range.stored, range.by);
  }
}
