import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { examinePieces } from '../stored.ts';
import { accountExif } from '../tiff/exif.ts';
import { examineTrimmed } from '../trimmed.ts';
import { type Box, childrenOf } from './boxes.ts';
import { type Item, readItems } from './item-tables.ts';
import type { Surroundings } from './leaves.ts';
import { metaChildren } from './movie.ts';
import { walkNalUnits } from './nal.ts';
import { walkObus } from './obu.ts';

const MOST_ITEMS = 100_000;

/** Accounts for the items that `meta` describes (ISO/IEC 14496-12 section 8.11, ISO/IEC 23008-12). */
export function accountItems(at: Surroundings, meta: Box): void {
  const { reader, ledger } = at;
  const boxes = [...childrenOf(reader, metaChildren(reader, meta), meta.end)];
  const items = readItems(reader, boxes);
  if (items.length > MOST_ITEMS) throw new OverBudget('items of an image', MOST_ITEMS);
  const nalLength = findNalLength(reader, boxes);
  for (const item of items) {
    reader.meter.step();
    try {
      accountItem(at, item, nalLength);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      ledger.broken(error, item.extents.at(-1)?.end);
    }
  }
}

function accountItem(at: Surroundings, item: Item, nalLength: number): void {
  const { ledger } = at;
  if (item.isProtected) {
    for (const { start, end } of item.extents) ledger.protect(start, end, 'protected item');
    return;
  }
  const account = kinds.get(item.type);
  if (account !== undefined) account(at, item, nalLength);
  else for (const { start, end } of item.extents) ledger.coded(start, end, `item ${item.type}`);
}

type AccountItem = (at: Surroundings, item: Item, nalLength: number) => void;

const kinds: ReadonlyMap<string, AccountItem> = new Map<string, AccountItem>([
  ['hvc1', accountNal],
  ['hev1', accountNal],
  ['avc1', accountNal],
  ['av01', accountObu],
  ['Exif', accountExifItem],
  ['mime', accountMime],
  ['uri ', accountRaw],
  ['jpeg', (at, { extents }) => examinePieces(at, extents, 'image.jpg')],
  ['grid', accountRaw],
  ['iovl', accountRaw],
  ['iden', accountRaw],
  ['tmap', accountRaw],
  ['unci', accountRaw],
]);

function accountNal(at: Surroundings, { extents, type }: Item, nalLength: number): void {
  accountUnits(at, extents, type, (reader, start, end) => walkNalUnits(reader, start, end, nalLength));
}

function accountObu(at: Surroundings, { extents, type }: Item): void {
  accountUnits(at, extents, type, walkObus);
}

function accountUnits(
  { reader, ledger }: Surroundings,
  extents: readonly Range[],
  type: string,
  walk: (reader: Reader, start: number, end: number) => number,
): void {
  const [first] = extents;
  // An item in pieces may be cut inside a unit. Lengths of its few units say nothing of what is in them.
  if (first !== undefined && extents.length === 1) walk(reader, first.start, first.end);
  for (const { start, end } of extents) ledger.coded(start, end, `item ${type}`);
}

/** ISO/IEC 23008-12 annex A.2.1: offset of the TIFF header, often behind `Exif` and two zeros. */
function accountExifItem(at: Surroundings, { extents }: Item): void {
  const [first] = extents;
  if (first === undefined || extents.length > 1) {
    accountRaw(at, { extents, type: 'Exif' });
    return;
  }
  const header = first.start + 4 + at.reader.u32be(first.start, 'Exif header offset');
  if (header >= first.end) throw new Broken(first.start, 'Exif header offset', 'inside the item', header);
  at.ledger.account(first.start, first.start + 4, 'structure', 'Exif header offset');
  if (at.reader.has(first.start + 4, 'Exif\0\0'))
    at.ledger.account(first.start + 4, header, 'structure', 'Exif name');
  accountExif({ ...at, start: header, end: first.end });
}

function accountMime(at: Surroundings, { extents }: Item): void {
  const [first] = extents;
  if (first === undefined || extents.length > 1) {
    examinePieces(at, extents, 'metadata.xmp');
    return;
  }
  examineTrimmed({ ...at, ...first }, 'metadata.xmp');
}

function accountRaw({ ledger }: Surroundings, { extents, type }: Pick<Item, 'extents' | 'type'>): void {
  for (const { start, end } of extents) ledger.raw(start, end, `item ${type}`);
}

/** The length of NAL lengths that the first configuration among the properties names; four bytes in practice. */
function findNalLength(reader: Reader, boxes: readonly Box[]): number {
  const properties = boxes.find(({ type }) => type === 'iprp');
  if (properties === undefined) return 4;
  for (const list of childrenOf(reader, properties.body, properties.end)) {
    if (list.type !== 'ipco') continue;
    for (const { type, body, end } of childrenOf(reader, list.body, list.end)) {
      if (type === 'hvcC' && body + 22 <= end) return (reader.u8(body + 21) & 3) + 1;
      if (type === 'avcC' && body + 5 <= end) return (reader.u8(body + 4) & 3) + 1;
    }
  }
  return 4;
}
