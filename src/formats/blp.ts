import { Broken } from '../bytes/errors.ts';
import { JoinedSource } from '../bytes/joined-source.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { accountGaps } from './gaps.ts';
import { examineMember } from './member.ts';

const LEVELS = 16;
const PALETTE = 1024;

/** Where the fields of a version stand. */
interface Layout {
  readonly offsets: number;
  readonly sizes: number;
  readonly header: number;
}

const layouts: Readonly<Record<string, Layout>> = {
  BLP1: { offsets: 28, sizes: 92, header: 156 },
  BLP2: { offsets: 20, sizes: 84, header: 148 },
};

export const blp: Format = {
  id: 'blp',
  title: 'Blizzard texture',
  extensions: ['blp'],
  signatures: [
    { at: 0, hex: '424c5031' },
    { at: 0, hex: '424c5032' },
  ],
  spec: 'wowdev.wiki, BLP',
  proof: 'mipmaps lie inside of the file and apart; JPEG ones are decoded, blocks and indices by contrast',
  texture: 'plain',
  verify(reader, ledger, context): void {
    const layout = layouts[reader.latin1(0, 4, 'BLP magic')];
    if (layout === undefined) throw new Broken(0, 'BLP magic', 'BLP1 or BLP2', 'another');
    const isJpeg = reader.u32le(4, 'encoding') === 0;
    const levels = readLevels(reader, layout);
    ledger.account(0, layout.header, 'structure', 'header and list of mipmaps', 16);
    const shared = layout.header + (isJpeg ? 4 : PALETTE);
    const sharedEnd = isJpeg ? shared + reader.u32le(layout.header, 'size of the JPEG header') : shared;
    if (sharedEnd > reader.size)
      throw new Broken(layout.header, 'size of the JPEG header', 'inside of the file', sharedEnd);
    if (!isJpeg) ledger.raw(layout.header, shared, 'palette');
    for (const level of levels) {
      reader.meter.step();
      if (isJpeg) accountJpeg(reader, ledger, context, { start: shared, end: sharedEnd }, level);
      else ledger.raw(level.start, level.end, 'mipmap');
    }
    const known = [...levels, { start: layout.header, end: sharedEnd }];
    if (isJpeg) ledger.account(layout.header, shared, 'structure', 'size of the JPEG header');
    accountGaps(reader, ledger, known, { start: layout.header, end: reader.size });
  },
};

function readLevels(reader: Reader, { offsets, sizes }: Layout): Range[] {
  const levels: Range[] = [];
  for (let i = 0; i < LEVELS; i++) {
    const start = reader.u32le(offsets + 4 * i, 'offset of a mipmap');
    const end = start + reader.u32le(sizes + 4 * i, 'size of a mipmap');
    if (end === start) continue;
    if (end > reader.size)
      throw new Broken(offsets + 4 * i, 'mipmap', 'inside of the file', `${start}–${end}`);
    levels.push({ start, end });
  }
  return levels;
}

/** All mipmaps share the beginning of a JPEG image, with its tables. */
function accountJpeg(reader: Reader, ledger: Ledger, context: Context, shared: Range, level: Range): void {
  const image = new JoinedSource(reader.source, [shared, level]);
  const examined = examineMember(context, ledger, 'mipmap.jpg', image, level);
  if (examined !== null) ledger.adoptPieces(examined.ledger, [shared, level]);
}
