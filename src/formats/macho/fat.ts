import { Broken, Truncated } from '../../bytes/errors.ts';
import { complement, type Range, union } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { examineStored } from '../stored.ts';
import { isZeroFilled } from '../tail.ts';

const HEADER = 8;
/** Java classes share the magic; their version stands where fewer architectures than that are counted. */
const MOST_ARCHITECTURES = 32;

export const machoFat: Format = {
  id: 'mach-o-fat',
  title: 'Mach-O universal binary',
  extensions: ['dylib', 'macho', 'bundle', 'a'],
  signatures: [
    { at: 0, hex: 'cafebabe00000000', mask: 'ffffffffffffffe0' },
    { at: 0, hex: 'cafebabf00000000', mask: 'ffffffffffffffe0' },
  ],
  spec: 'Apple, mach-o/fat.h',
  proof: 'the images inside, and zeros between them',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const entrySize = reader.u8(3) === 0xbf ? 32 : 20;
    const count = reader.u32be(4);
    if (count === 0 || count >= MOST_ARCHITECTURES)
      throw new Broken(4, 'number of architectures', '1 to 31', count);
    const tableEnd = HEADER + count * entrySize;
    const images: Range[] = [{ start: 0, end: tableEnd }];
    for (let at = HEADER; at < tableEnd; at += entrySize) {
      const image = readEntry(reader, at, entrySize === 32);
      images.push(image);
      examineStored({ reader, ledger, context, ...image }, `image ${images.length - 1}`);
    }
    ledger.account(0, tableEnd, 'structure', 'table of images', 24);
    for (const { start, end } of complement(union(images), { start: 0, end: reader.size })) {
      if (isZeroFilled(reader, start, end))
        ledger.account(start, end, 'padding', 'between images', SLACK_FLOOR);
      else if (end === reader.size) ledger.trailing(start, end);
    }
  },
};

function readEntry(reader: Reader, at: number, isWide: boolean): Range {
  const start = isWide ? reader.u64be(at + 8) : reader.u32be(at + 8);
  const end = start + (isWide ? reader.u64be(at + 16) : reader.u32be(at + 12));
  if (end > reader.size) throw new Truncated(reader.size, 'image', end - reader.size);
  return { start, end };
}
