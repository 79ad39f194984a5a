import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isZero } from '../pages.ts';
import { noPage, readSegment, readWalPage, type WalPage } from './wal-pages.ts';
import { MOST_RECORD, RECORD_HEADER, sumHolds } from './wal-records.ts';

const MOST_HELD = 64 << 20;

export const pgWal: Format = {
  id: 'pg-wal',
  title: 'PostgreSQL write-ahead log segment',
  extensions: [],
  signatures: [
    { at: 1, hex: 'd1020000000000', mask: 'fffaff00ffffff' },
    { at: 1, hex: 'd0020000000000', mask: 'fffaff00ffffff' },
  ],
  spec: 'PostgreSQL source, access/xlog_internal.h and xlogrecord.h',
  proof:
    'pages carry their address, each record a CRC-32C; the first and last record may reach into other segments',
  texture: 'plain',
  recognise: (head: Uint8Array) => readSegment(head) !== null,
  verify(reader: Reader, ledger: Ledger): void {
    const segment = readSegment(reader.bytes(0, Math.min(64, reader.size)));
    if (segment === null) throw noPage(0);
    new WalWalk(reader, ledger, segment.page).walk();
    if (reader.size < segment.size) throw new Truncated(reader.size, 'segment', segment.size - reader.size);
    ledger.trailing(segment.size, reader.size);
  },
};

/** What has been gathered of the record at hand. */
interface Record {
  readonly parts: Uint8Array[];
  readonly ranges: Range[];
  held: number;
  /** In bytes; −1 until the header is whole enough to tell. */
  size: number;
}

/** Follows the records over the pages. A segment that is used again has pages of older logs behind the newest record. */
class WalWalk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #page: number;
  #record: Record | null = null;
  #address = -1n;

  constructor(reader: Reader, ledger: Ledger, page: number) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#page = page;
  }

  walk(): void {
    for (let at = 0; at + this.#page <= this.#reader.size; at += this.#page) {
      this.#reader.meter.step();
      const bytes = this.#reader.bytes(at, this.#page, 'log page');
      try {
        this.#walkPage(bytes, at);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        this.#ledger.broken(error, at + this.#page);
        this.#record = null;
        this.#address = -1n;
      }
    }
    this.#leaveRecord();
  }

  #walkPage(bytes: Uint8Array, at: number): void {
    if (isZero(bytes, 0, bytes.length)) {
      this.#leaveRecord();
      this.#ledger.account(at, at + bytes.length, 'padding', 'log not yet written');
      return;
    }
    const page = readWalPage(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0);
    if (page === null || page.address % BigInt(this.#page) !== 0n) throw noPage(at);
    const follows = page.address === this.#address + BigInt(this.#page);
    this.#address = page.address;
    this.#ledger.account(at, at + page.header, 'structure', 'page headers', 16);
    if (!follows) this.#leaveRecord();
    const start = this.#goOn(bytes, at, page);
    this.#readRecords(bytes, at, start);
  }

  /** The record that began on a page before goes on behind the header; gives where the next begins. */
  #goOn(bytes: Uint8Array, at: number, { header, rest }: WalPage): number {
    const end = Math.min(bytes.length, header + rest);
    const record = this.#record;
    if (record === null) {
      if (rest > 0) this.#ledger.raw(at + header, at + end, 'record of the segment before');
      this.#accountGap(bytes, at, end, align(end));
      return align(end);
    }
    const missing = record.size - record.held;
    if (record.size >= 0 && rest !== missing) {
      this.#leaveRecord();
      if (rest > 0) throw new Broken(at + 16, 'rest of a record', missing, rest);
      return header;
    }
    this.#take(bytes, at, header, end);
    if (this.#record !== null) return bytes.length;
    this.#accountGap(bytes, at, end, align(end));
    return align(end);
  }

  #readRecords(bytes: Uint8Array, at: number, start: number): void {
    for (let next = start; next < bytes.length; ) {
      this.#reader.meter.step();
      if (isZero(bytes, next, Math.min(bytes.length, next + 4))) {
        this.#accountGap(bytes, at, next, bytes.length);
        return;
      }
      this.#record = { parts: [], ranges: [], held: 0, size: -1 };
      const size = new DataView(bytes.buffer, bytes.byteOffset + next).getUint32(0, true);
      if (size < RECORD_HEADER || size > MOST_RECORD) {
        throw new Broken(at + next, 'length of a record', `${RECORD_HEADER} to ${MOST_RECORD}`, size);
      }
      this.#record.size = size;
      const end = Math.min(bytes.length, next + size);
      this.#take(bytes, at, next, end);
      this.#accountGap(bytes, at, end, Math.min(bytes.length, align(end)));
      next = align(end);
    }
  }

  #take(bytes: Uint8Array, at: number, start: number, end: number): void {
    const record = this.#record;
    if (record === null) return;
    record.held += end - start;
    if (record.held > MOST_HELD) throw new OverBudget('bytes of one record', MOST_HELD);
    record.parts.push(bytes.slice(start, end));
    record.ranges.push({ start: at + start, end: at + end });
    if (record.held < record.size) return;
    this.#record = null;
    const whole = record.parts.length === 1 ? record.parts[0]! : Buffer.concat(record.parts);
    if (!sumHolds(whole))
      throw new Broken(record.ranges[0]!.start, 'CRC of a record', 'the sum of its bytes', 'another');
    for (const range of record.ranges)
      this.#ledger.account(range.start, range.end, 'checksum', 'log records');
  }

  /** What has no end in this segment: it stands in the next, or the server died before it wrote it. */
  #leaveRecord(): void {
    for (const { start, end } of this.#record?.ranges ?? []) {
      this.#ledger.raw(start, end, 'record that goes on in another segment');
    }
    this.#record = null;
  }

  #accountGap(bytes: Uint8Array, at: number, start: number, end: number): void {
    if (end <= start) return;
    if (!isZero(bytes, start, end)) throw new Broken(at + start, 'bytes between records', 'zeros', 'others');
    this.#ledger.account(at + start, at + end, 'padding', 'between records');
  }
}

function align(at: number): number {
  return (at + 7) & ~7;
}
