import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type Box, childrenOf } from './boxes.ts';

/** An item of `meta`: an image, a part of one, or metadata. */
export interface Item {
  readonly id: number;
  readonly type: string;
  readonly isProtected: boolean;
  /** Where its bytes stand in the file, in order. */
  readonly extents: readonly Range[];
}

interface Info {
  readonly type: string;
  readonly isProtected: boolean;
}

/** Items with their places (sections 8.11.3 and 8.11.6). @throws Broken, Truncated */
export function readItems(reader: Reader, boxes: readonly Box[]): Item[] {
  const locations = boxes.find(({ type }) => type === 'iloc');
  if (locations === undefined) return [];
  const infos = readInfos(
    reader,
    boxes.find(({ type }) => type === 'iinf'),
  );
  const idat = boxes.find(({ type }) => type === 'idat');
  return readLocations(reader, locations, infos, idat);
}

function readInfos(reader: Reader, box: Box | undefined): Map<number, Info> {
  const infos = new Map<number, Info>();
  if (box === undefined) return infos;
  const start = box.body + (reader.u8(box.body) === 0 ? 6 : 8);
  for (const { type, body, end } of childrenOf(reader, start, box.end)) {
    if (type !== 'infe' || body + 8 > end) continue;
    const version = reader.u8(body);
    const isLong = version === 3;
    const id = isLong ? reader.u32be(body + 4) : reader.u16be(body + 4);
    const at = body + (isLong ? 8 : 6);
    if (version < 2 || at + 6 > end) infos.set(id, { type: 'mime', isProtected: reader.u16be(at) !== 0 });
    else infos.set(id, { type: reader.latin1(at + 2, 4), isProtected: reader.u16be(at) !== 0 });
  }
  return infos;
}

/** Reads the fields of `iloc`, which are 0, 4 or 8 bytes long. */
class Fields {
  at: number;
  readonly #reader: Reader;
  readonly #box: Box;

  constructor(reader: Reader, box: Box) {
    this.#reader = reader;
    this.#box = box;
    this.at = box.body;
  }

  next(bytes: number): number {
    const at = this.at;
    if (at + bytes > this.#box.end) throw new Broken(at, 'item locations', 'inside their box', this.#box.end);
    this.at += bytes;
    if (bytes === 0) return 0;
    if (bytes === 1) return this.#reader.u8(at);
    if (bytes === 2) return this.#reader.u16be(at);
    if (bytes === 4) return this.#reader.u32be(at);
    if (bytes === 8) return this.#reader.u64be(at, 'item offset');
    throw new Broken(this.#box.body + 4, 'bytes of an item field', '0, 4 or 8', bytes);
  }
}

function readLocations(
  reader: Reader,
  box: Box,
  infos: ReadonlyMap<number, Info>,
  idat: Box | undefined,
): Item[] {
  const fields = new Fields(reader, box);
  const version = fields.next(4) >>> 24;
  const widths = fields.next(2);
  const [offset, length] = [widths >> 12, (widths >> 8) & 15];
  const [base, index] = [(widths >> 4) & 15, version > 0 ? widths & 15 : 0];
  const items: Item[] = [];
  const count = fields.next(version < 2 ? 2 : 4);
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const id = fields.next(version < 2 ? 2 : 4);
    const method = version > 0 ? fields.next(2) & 15 : 0;
    const isElsewhere = fields.next(2) !== 0;
    const from = fields.next(base);
    const extents: Range[] = [];
    for (let left = fields.next(2); left > 0; left--) {
      reader.meter.step();
      fields.next(index);
      const start = from + fields.next(offset);
      const size = fields.next(length);
      if (method < 2 && !isElsewhere)
        extents.push(placed(reader, method === 1 ? idat : undefined, start, size, fields.at));
    }
    const info = infos.get(id) ?? { type: 'unknown', isProtected: false };
    items.push({ id, ...info, extents });
  }
  return items;
}

/** Offsets count from the start of the file, or of `idat`; a length of 0 means up to its end. */
function placed(reader: Reader, idat: Box | undefined, start: number, size: number, at: number): Range {
  const origin = idat?.body ?? 0;
  const limit = idat?.end ?? reader.size;
  const from = origin + start;
  const end = size === 0 ? limit : from + size;
  if (from > limit) throw new Broken(at, 'item offset', `at most ${limit}`, from);
  if (end <= limit) return { start: from, end };
  if (limit >= reader.size) throw new Truncated(reader.size, 'item', end - limit);
  throw new Broken(at, 'item length', `at most ${limit - from}`, size);
}
