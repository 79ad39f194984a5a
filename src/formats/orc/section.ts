import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import {
  accountBlock,
  type BlockCodec,
  blockCodecs,
  holds,
  MOST_BLOCK,
  type Unpacked,
  unpackAt,
} from '../block-codecs.ts';

/** By the postscript's number; null where nothing is packed. */
const codecs: Readonly<Record<number, BlockCodec | null>> = {
  0: null,
  1: blockCodecs.deflate,
  2: blockCodecs.snappy,
  3: null,
  4: blockCodecs.lz4,
  5: blockCodecs.zstd,
};
/** LZO blocks don't say how long they are unpacked, and the decoder here wants to know. */
const LZO = 3;
/** Bytes of one section that are kept in memory. */
const MOST_CONTENT = 64 << 20;
const LEAST_BLOCK = 1 << 18;

/** How the sections of a file are packed. */
export interface Packing {
  readonly codec: number;
  /** Bytes of an unpacked block at the most. */
  readonly blockSize: number;
}

/** One block of a section; `unpacked` is null where it stands as it is. */
interface Block extends Range {
  readonly unpacked: Unpacked | null;
}

/** A part of the file that is packed by itself: a stream, a footer. */
export interface Section extends Range {
  readonly blocks: readonly Block[];
  readonly content: Uint8Array;
  readonly isPacked: boolean;
}

/**
 * Unpacks a section, whose blocks tile it (ORC specification v1, Compression). Null where its codec isn't known.
 * @throws Broken, Truncated, OverBudget
 */
export function readSection(reader: Reader, range: Range, packing: Packing): Section | null {
  const codec = codecs[packing.codec];
  if (codec === undefined || packing.codec === LZO || range.end - range.start > MOST_CONTENT) return null;
  if (codec === null) {
    return {
      ...range,
      blocks: [],
      content: reader.whole(range.start, range.end, 'section'),
      isPacked: false,
    };
  }
  const blocks: Block[] = [];
  const contents: Uint8Array[] = [];
  let total = 0;
  for (let at = range.start; at < range.end; ) {
    reader.meter.step();
    const { content, ...block } = readBlock(reader, at, range.end, { codec, blockSize: packing.blockSize });
    blocks.push(block);
    contents.push(content);
    total += content.length;
    if (total > MOST_CONTENT) throw new OverBudget('bytes of a section', MOST_CONTENT);
    at = block.end;
  }
  const content = contents.length === 1 ? contents[0]! : Buffer.concat(contents);
  return { ...range, blocks, content, isPacked: true };
}

/** Three bytes: twice the length, and 1 where the block stands as it is. */
function readBlock(
  reader: Reader,
  at: number,
  last: number,
  { codec, blockSize }: { readonly codec: BlockCodec; readonly blockSize: number },
): Block & { content: Uint8Array } {
  if (at + 3 > last) throw new Broken(at, 'header of a block', 'three bytes', last - at);
  const header = reader.u16le(at) + reader.u8(at + 2) * 65536;
  const start = at + 3;
  const end = start + (header >> 1);
  if (end > last) throw new Broken(at, 'length of a block', `at most ${last - start}`, end - start);
  if (end - start > MOST_BLOCK) throw new OverBudget('bytes of a block', MOST_BLOCK);
  const packed = reader.whole(start, end, 'block');
  if ((header & 1) === 1) return { start, end, unpacked: null, content: packed };
  // Some writers leave the size out of the postscript.
  const most = Math.max(LEAST_BLOCK, Math.min(blockSize, MOST_BLOCK));
  const unpacked = unpackAt(start, () => codec(packed, most, reader.meter));
  return { start, end, unpacked, content: unpacked.content };
}

/** What is known of a section's content. */
export interface ContentProof {
  /** Whether another content would do, of which the trials want to know. @throws Broken where not */
  check(content: Uint8Array): void;
  /** Of content that is read by its grammar, where it stands as it is, in bytes; null for content that is values. */
  readonly grammarFloor: number | null;
}

/** Accounts for a section, packed or not. */
export function accountSection(
  reader: Reader,
  ledger: Ledger,
  { start: first, end: last, blocks, isPacked }: Section,
  packing: Packing,
  { check, grammarFloor }: ContentProof,
): void {
  const accountAsIs = (start: number, end: number) => {
    if (grammarFloor !== null && blocks.length < 2)
      ledger.account(start, end, 'grammar', 'messages', grammarFloor);
    else ledger.raw(start, end, 'streams that stand as they are');
  };
  if (!isPacked) accountAsIs(first, last);
  const codec = codecs[packing.codec] ?? null;
  for (const { start, end, unpacked } of blocks) {
    // Another length doesn't lead to the next header, or to the end of the section.
    ledger.account(start - 3, start, 'structure', 'headers of blocks', 3);
    if (unpacked === null || codec === null) {
      accountAsIs(start, end);
      continue;
    }
    const size = unpacked.content.length;
    const passes = (tried: Uint8Array) =>
      holds(() => {
        const { content } = codec(tried, size, reader.meter);
        if (content.length !== size) throw new Broken(0, 'length of a block', size, content.length);
        if (blocks.length === 1) check(content);
      });
    accountBlock(ledger, { start, end }, unpacked, reader.whole(start, end, 'block'), passes);
  }
}
