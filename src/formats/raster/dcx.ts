import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { examineStored } from '../stored.ts';

const MOST_PAGES = 1023;

export const dcx: Format = {
  id: 'dcx',
  title: 'Multi-page PCX',
  extensions: ['dcx'],
  signatures: [{ at: 0, hex: 'b168de3a' }],
  spec: 'Intel, DCX; ImageMagick source, pcx.c',
  proof: 'pages lie inside of the file, and are proved as PCX images',
  texture: 'plain',
  verify(reader, ledger, context): void {
    const pages = readPages(reader);
    const listEnd = 4 + 4 * (pages.length + 1);
    ledger.account(0, listEnd, 'structure', 'list of pages', 8);
    for (const [i, page] of pages.entries())
      examineStored({ reader, ledger, context, ...page }, `page ${i + 1}.pcx`);
    accountGaps(reader, ledger, pages, { start: listEnd, end: reader.size });
  },
};

/** Offsets up to a zero; each page goes on to the next, or the end. */
function readPages(reader: Reader): Range[] {
  const starts: number[] = [];
  for (let at = 4; reader.u32le(at, 'list of pages') !== 0; at += 4) {
    if (starts.length === MOST_PAGES) throw new Broken(at, 'list of pages', `up to ${MOST_PAGES}`, 'more');
    starts.push(reader.u32le(at));
  }
  const inOrder = [...starts].sort((a, b) => a - b);
  return inOrder.map((start, i) => {
    const end = inOrder[i + 1] ?? reader.size;
    if (start < 8 || start >= end) throw new Broken(4, 'offset of a page', 'inside of the file', start);
    return { start, end };
  });
}
