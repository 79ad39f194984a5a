import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { type Page, walkPages } from '../pages.ts';
import { accountSlack, SLACK_FLOOR } from '../slack.ts';

/** After twelve zeros; the first and the last byte of a third tell data sets and catalogues apart. */
const MAGIC = 32;
const WIDE = 0x33;
const FIELDS = 352;
const MOST_PAGE = 1 << 20;
/** Shorter runs of zeros need no claim of their own, in bytes. */
const LEAST_ROOM = 64;
/** Type of pages with compressed rows of an index. */
const COMPRESSED = 0x9000;
const ROW_SIZE = 0xf7f7f7f7;

export const sas7bdat: Format = {
  id: 'sas7bdat',
  title: 'SAS data set and catalogue',
  extensions: ['sas7bdat', 'sas7bcat', 'sas7bndx'],
  signatures: [{ at: 0, hex: `${'00'.repeat(12)}c2ea81` }],
  spec: 'Shotwell, SAS7BDAT Database Binary Format',
  proof:
    'header, pages tile the file, their subheaders and rows leave room that is zero; subheaders and rows by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const layout = readLayout(reader);
    ledger.account(0, MAGIC, 'structure', 'magic', 17);
    ledger.account(84, 92, 'structure', 'SAS FILE');
    ledger.raw(MAGIC, 84, 'header');
    ledger.raw(92, FIELDS, 'header');
    accountSlack(reader, ledger, FIELDS, layout.header, 'room of the header');
    const pages = new Pages(ledger, layout);
    const body = reader.within(layout.header, reader.size);
    walkPages(body, ledger, layout.page, (page) => pages.account(page));
  },
};

interface Layout {
  readonly header: number;
  readonly page: number;
  readonly isLittle: boolean;
  /** Whether offsets take eight bytes. */
  readonly isWide: boolean;
  readonly isCatalogue: boolean;
}

/** Section "SAS7BDAT Header". */
function readLayout(reader: Reader): Layout {
  const isWide = reader.u8(32) === WIDE;
  const align = reader.u8(35) === WIDE ? 4 : 0;
  const isLittle = reader.u8(37) === 1;
  const read = (at: number) => (isLittle ? reader.u32le(at) : reader.u32be(at));
  reader.expect(84, 'SAS FILE', 'name of the header');
  const header = read(196 + align);
  const page = read(200 + align);
  if (header < FIELDS || header > reader.size || header % 256 !== 0)
    throw new Broken(196 + align, 'length of the header', `${FIELDS} to ${reader.size}`, header);
  if (page < 512 || page > MOST_PAGE || page % 256 !== 0)
    throw new Broken(200 + align, 'size of a page', `512 to ${MOST_PAGE}`, page);
  return { header, page, isLittle, isWide, isCatalogue: reader.u8(15) === 0x63 };
}

/** Pages in order: those with subheaders come first, and say how long rows are. */
class Pages {
  readonly #ledger: Ledger;
  readonly #layout: Layout;
  #rowLength = 0;
  #rowsBesideSubheaders = 0;

  constructor(ledger: Ledger, layout: Layout) {
    this.#ledger = ledger;
    this.#layout = layout;
  }

  account(page: Page): void {
    const { header, page: size, isCatalogue } = this.#layout;
    const at = header + page.number * size;
    const room = isCatalogue ? null : this.#roomOf(page);
    this.#ledger.raw(at, at + size, 'page');
    if (room !== null) this.#accountRoom(page, at, room);
  }

  /** What moved within the page leaves traces in its room, which are raw as the rest is. */
  #accountRoom({ bytes }: Page, at: number, { start, end }: Range): void {
    for (let next = start; next < end; next++) {
      if (bytes[next] !== 0) continue;
      let last = next;
      while (last < end && bytes[last] === 0) last++;
      if (last - next >= LEAST_ROOM)
        this.#ledger.account(at + next, at + last, 'padding', 'free room of pages', SLACK_FLOOR);
      next = last;
    }
  }

  /** Between the pointers, or the rows behind them, and the subheaders, which fill the page from its end. */
  #roomOf(page: Page): Range | null {
    const { isLittle, isWide } = this.#layout;
    const { view, bytes, at } = page;
    const fixed = isWide ? 32 : 16;
    const type = view.getUint16(fixed, isLittle);
    const blocks = view.getUint16(fixed + 2, isLittle);
    const subheaders = view.getUint16(fixed + 4, isLittle);
    if ((type & COMPRESSED) === COMPRESSED) return null;
    if (type === 0 && subheaders === 0)
      throw new Broken(this.#layout.header + at + fixed + 4, 'number of subheaders', 'at least 1', 0);
    const pointers = fixed + 8;
    const pointersEnd = pointers + subheaders * (isWide ? 24 : 12);
    if (pointersEnd > bytes.length)
      throw new Broken(
        this.#layout.header + at + fixed + 4,
        'number of subheaders',
        `up to the end of a page`,
        subheaders,
      );
    const end = this.#lowestSubheader(page, pointers, subheaders);
    const rows = (type & 0x0f00) === 0 ? 0 : blocks - subheaders;
    if (rows === 0) return { start: pointersEnd, end };
    if (this.#rowLength === 0) return null;
    const isMixed = (type & 0x0200) !== 0;
    const count = isMixed ? Math.min(rows, this.#rowsBesideSubheaders) : rows;
    // Rows may begin at a multiple of eight, and a bit for each tells which are deleted.
    const start = pointersEnd + 8 + count * this.#rowLength + (isMixed ? 0 : Math.ceil(count / 8));
    return { start, end };
  }

  #lowestSubheader({ view, bytes, at }: Page, pointers: number, count: number): number {
    const { isLittle, isWide, header } = this.#layout;
    const word = isWide ? 8 : 4;
    let lowest = bytes.length;
    for (let i = 0; i < count; i++) {
      const pointer = pointers + i * (isWide ? 24 : 12);
      const offset = this.#number(view, pointer);
      const length = this.#number(view, pointer + word);
      if (length === 0) continue;
      if (offset + length > bytes.length)
        throw new Broken(
          header + at + pointer,
          'place of a subheader',
          `up to ${bytes.length}`,
          offset + length,
        );
      lowest = Math.min(lowest, offset);
      const isRowSize =
        length >= 16 * word && view.getUint32(offset + (isLittle || !isWide ? 0 : 4), isLittle) === ROW_SIZE;
      if (!isRowSize) continue;
      this.#rowLength = this.#number(view, offset + 5 * word);
      this.#rowsBesideSubheaders = this.#number(view, offset + 15 * word);
    }
    return lowest;
  }

  #number(view: DataView, at: number): number {
    const { isLittle, isWide } = this.#layout;
    return isWide ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
  }
}
