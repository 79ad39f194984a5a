import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { LoosePages } from './loose-page.ts';

const MAGIC = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/** The record count of a journal that was never synced: records go on to the end (§3). */
const TO_THE_END = 0xffffffff;

/** SQLite's rollback journal beside a database. */
export const sqliteJournal: Format = {
  id: 'sqlite-journal',
  title: 'SQLite rollback journal',
  extensions: ['db-journal', 'sqlite-journal', 'sqlite3-journal'],
  signatures: [{ at: 0, hex: 'd9d505f920a163d7' }],
  spec: 'SQLite, "Database File Format", section 3',
  proof: 'page records with a sum over each 200th byte, and the structure of the pages',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    let at = 0;
    while (at < reader.size && reader.has(at, MAGIC)) at = verifySegment(reader, ledger, at);
    // Longer transactions of the past leave their records behind.
    if (at < reader.size) ledger.raw(at, reader.size, 'left from earlier transactions');
  },
};

interface Segment {
  readonly records: number;
  readonly nonce: number;
  readonly sector: number;
  readonly pageSize: number;
}

/** Gives the offset of the next segment, which begins on a sector. */
function verifySegment(reader: Reader, ledger: Ledger, at: number): number {
  const segment = readSegment(reader, at);
  const start = at + segment.sector;
  if (start > reader.size) throw new Truncated(reader.size, 'journal header', start - reader.size);
  ledger.account(at, at + 28, 'structure', 'journal header', 16);
  if (isZero(reader, at + 28, start))
    ledger.account(at + 28, start, 'padding', 'journal header', SLACK_FLOOR);
  else ledger.raw(at + 28, start, 'journal header');
  const size = segment.pageSize + 8;
  const fitting = Math.floor((reader.size - start) / size);
  const open = segment.records === TO_THE_END || segment.records === 0;
  if (!open && segment.records > fitting) {
    ledger.broken(new Truncated(reader.size, 'journal records', (segment.records - fitting) * size));
  }
  const count = open ? fitting : Math.min(segment.records, fitting);
  const loose = new LoosePages(segment.pageSize);
  let next = start;
  for (let i = 0; i < count; i++, next += size) {
    reader.meter.step();
    if (!verifyRecord(reader, ledger, next, segment, loose) && open) break;
  }
  const following = Math.min(reader.size, Math.ceil(next / segment.sector) * segment.sector);
  ledger.raw(next, following, 'end of a sector');
  return following;
}

function readSegment(reader: Reader, at: number): Segment {
  const sector = reader.u32be(at + 20);
  const pageSize = reader.u32be(at + 24);
  if (!isPowerOfTwo(sector, 32)) throw new Broken(at + 20, 'sector size', 'a power of two', sector);
  if (!isPowerOfTwo(pageSize, 512))
    throw new Broken(at + 24, 'page size', 'a power of two from 512', pageSize);
  return { records: reader.u32be(at + 8), nonce: reader.u32be(at + 12), sector, pageSize };
}

function isPowerOfTwo(value: number, least: number): boolean {
  return value >= least && value <= 65536 && (value & (value - 1)) === 0;
}

/** Page number, page, and the nonce plus each 200th byte of the page, counted from its end. */
function verifyRecord(
  reader: Reader,
  ledger: Ledger,
  at: number,
  segment: Segment,
  loose: LoosePages,
): boolean {
  const { pageSize, nonce } = segment;
  const number = reader.u32be(at);
  const stored = reader.u32be(at + 4 + pageSize);
  const page = reader.bytes(at + 4, pageSize);
  let sum = nonce;
  for (let i = pageSize - 200; i > 0; i -= 200) sum = (sum + page[i]!) >>> 0;
  const end = at + 8 + pageSize;
  if (sum !== stored) {
    const open = segment.records === TO_THE_END || segment.records === 0;
    if (open) return false;
    ledger.broken(new Broken(at, 'sum of a journal record', sum, stored), end);
    return false;
  }
  ledger.account(at, at + 4, 'structure', 'journal records');
  ledger.account(end - 4, end, 'structure', 'journal records');
  if (loose.judge(page, at + 4, number) === 'tree') loose.evidence.claim(ledger, at + 4, 'b-tree pages');
  else ledger.raw(at + 4, end - 4, 'pages');
  return true;
}

function isZero(reader: Reader, start: number, end: number): boolean {
  if (end > reader.size) return false;
  return reader.bytes(start, end - start).every((byte) => byte === 0);
}
