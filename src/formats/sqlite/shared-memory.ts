import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { WordSum } from './word-sum.ts';

const BLOCK = 32768;
const INDEX_HEADER = 48;
/** Two copies of the index header, then checkpoint marks and locks. */
const HEADER = 136;
/** Page numbers of a block; the header takes the room of the first 34. */
const PAGE_NUMBERS = 4096;

/** The index that processes share while they use a write-ahead log. Written in the byte order of its machine. */
export const sqliteShm: Format = {
  id: 'sqlite-shm',
  title: 'SQLite shared-memory index',
  extensions: ['db-shm', 'sqlite-shm', 'sqlite3-shm'],
  signatures: [{ at: 0, hex: '18e22d0000000000' }],
  spec: 'SQLite, "WAL-mode File Format", section 2',
  proof: 'checksum of both index headers, hash tables that fit the page numbers',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    checkHeaders(reader, ledger);
    const frames = reader.u32le(16);
    let at = 0;
    for (let first = 0; at + BLOCK <= reader.size; at += BLOCK) {
      const skipped = at === 0 ? HEADER / 4 : 0;
      const room = PAGE_NUMBERS - skipped;
      checkBlock(reader, ledger, at, skipped, Math.max(0, Math.min(room, frames - first)));
      first += room;
    }
    ledger.trailing(at, reader.size);
  },
};

function checkHeaders(reader: Reader, ledger: Ledger): void {
  const head = reader.copy(0, HEADER);
  const sum = new WordSum(false).over(head.subarray(0, 40), [0, 0]);
  const stored = [reader.u32le(40), reader.u32le(44)] as const;
  if (sum[0] !== stored[0] || sum[1] !== stored[1])
    throw new Broken(40, 'checksum of index header', `${sum}`, `${stored}`);
  const twin = head.subarray(INDEX_HEADER, 2 * INDEX_HEADER);
  if (Buffer.compare(head.subarray(0, INDEX_HEADER), twin) !== 0) {
    ledger.oddity(INDEX_HEADER, 'the copies of the index header differ: a transaction was under way');
  }
  ledger.account(0, INDEX_HEADER, 'checksum', 'index header');
  ledger.account(INDEX_HEADER, 2 * INDEX_HEADER, 'structure', 'copy of index header');
  ledger.account(2 * INDEX_HEADER, HEADER, 'structure', 'checkpoint marks', 40);
}

/** §2.3: page numbers in the order of frames, and a hash table of 8192 slots that holds their indexes. */
function checkBlock(reader: Reader, ledger: Ledger, at: number, skipped: number, used: number): void {
  const block = reader.copy(at, BLOCK);
  const view = new DataView(block.buffer);
  const numbersAt = 4 * skipped;
  for (let i = 0; i < used; i++) {
    reader.meter.step();
    if (!isFound(view, numbersAt, i))
      throw new Broken(at + numbersAt + 4 * i, 'page number', 'an entry in the hash table', 'none');
  }
  const usedEnd = numbersAt + 4 * used;
  ledger.account(at + numbersAt, at + usedEnd, 'structure', 'page numbers', 8);
  account(ledger, block, at, usedEnd, 16384);
  account(ledger, block, at, 16384, BLOCK);
}

/** Zeros are padding; the stretches between them hash entries, or left over. */
function account(ledger: Ledger, block: Uint8Array, base: number, start: number, end: number): void {
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && block[at] === 0) continue;
    if (at - from >= 4) ledger.account(base + from, base + at, 'padding', 'unused', SLACK_FLOOR);
    from = at + 1;
  }
}

/** Slot (page × 383) mod 8192 and those that follow it, up to an empty one. */
function isFound(view: DataView, numbersAt: number, index: number): boolean {
  const page = view.getUint32(numbersAt + 4 * index, true);
  for (let i = 0, slot = (page * 383) & 8191; i < 8192; i++, slot = (slot + 1) & 8191) {
    const entry = view.getUint16(16384 + 2 * slot, true);
    if (entry === index + 1) return true;
    if (entry === 0) return false;
  }
  return false;
}
