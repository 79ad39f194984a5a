import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTailTags } from '../tags/tail-tags.ts';

const HEADER = 32;
/** The library of WavPack allows no more. */
const LARGEST_BLOCK = 1 << 20;
const CHECKSUM = 0x2f;

export const wavpack: Format = {
  id: 'wavpack',
  title: 'WavPack',
  extensions: ['wv', 'wvc'],
  signatures: [{ at: 0, hex: '7776706b' }],
  spec: 'WavPack 4 & 5 Binary File Format',
  proof:
    'the checksum of each block where version 5 wrote them; else blocks and what they consist of end exactly',
  texture: 'dense',
  verify(reader, ledger, context): void {
    const end = accountTailTags({ reader, ledger, context, start: 0, end: reader.size });
    for (let at = 0; at < end; ) {
      reader.meter.step();
      try {
        at = accountBlock(reader, ledger, at, end);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        const next = error instanceof Truncated ? -1 : reader.indexOf('wvpk', at + 1, end);
        ledger.broken(error, next < 0 ? end : next);
        if (next < 0) return;
        at = next;
      }
    }
  },
};

function accountBlock(reader: Reader, ledger: Ledger, at: number, limit: number): number {
  reader.expect(at, 'wvpk', 'block signature');
  const size = 8 + reader.u32le(at + 4, 'block size');
  if (size < HEADER || size > LARGEST_BLOCK)
    throw new Broken(at + 4, 'block size', `up to ${LARGEST_BLOCK}`, size);
  const end = at + size;
  if (end > limit) throw new Truncated(limit, 'block', end - limit);
  const version = reader.u16le(at + 8);
  if (version < 0x402 || version > 0x410)
    throw new Broken(at + 8, 'version of a block', '402–410', version.toString(16));
  const sum = findSum(reader, at, end);
  if (sum === null) {
    ledger.account(at, at + HEADER, 'structure', 'block header', 24);
    ledger.coded(at + HEADER, end, 'block');
    return end;
  }
  checkSum(reader, at, sum);
  ledger.account(at, end, 'checksum', 'checksum of a block', sum.length === 4 ? 16 : LARGEST_BLOCK);
  return end;
}

interface StoredSum {
  /** Where the part begins that holds the sum. */
  readonly start: number;
  readonly at: number;
  readonly length: number;
}

/** Parts of a block: an identifier, a size in words, the data. The sum is the last. @throws Broken */
function findSum(reader: Reader, start: number, end: number): StoredSum | null {
  for (let at = start + HEADER; at < end; ) {
    reader.meter.step();
    const id = reader.u8(at);
    const isLarge = (id & 0x80) !== 0;
    const data = at + (isLarge ? 4 : 2);
    const words = reader.u8(at + 1) | (isLarge ? reader.u16le(at + 2) << 8 : 0);
    if (data + 2 * words > end) throw new Broken(at, 'size of a part', `at most ${end - data}`, 2 * words);
    if ((id & 0x3f) === CHECKSUM) return { start: at, at: data, length: 2 * words };
    at = data + 2 * words;
  }
  return null;
}

/** Three times the sum so far and the next 16 bits, over all of the block before; of four bytes, or folded to two. */
function checkSum(reader: Reader, start: number, { start: end, at, length }: StoredSum): void {
  let sum = -1;
  for (const part of reader.stream(start, end - ((end - start) & 1), 'block')) {
    reader.meter.step();
    for (let i = 0; i + 1 < part.length; i += 2)
      sum = (Math.imul(sum, 3) + (part[i]! | (part[i + 1]! << 8))) | 0;
  }
  const stored = length === 4 ? reader.u32le(at) : reader.u16le(at);
  const found = length === 4 ? sum >>> 0 : (sum ^ (sum >>> 16)) & 0xffff;
  if (stored !== found) throw new Broken(at, 'checksum of a block', stored, found);
}
