import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { LoosePages } from './loose-page.ts';
import { type Sums, WordSum } from './word-sum.ts';

const HEADER = 32;
const FRAME_HEADER = 24;
/** Checkpoints after which old frames may still stand behind the new ones. */
const MOST_CHECKPOINTS = 1 << 20;

/** SQLite's write-ahead log beside a database. */
export const sqliteWal: Format = {
  id: 'sqlite-wal',
  title: 'SQLite write-ahead log',
  extensions: ['db-wal', 'sqlite-wal', 'sqlite3-wal'],
  signatures: [
    { at: 0, hex: '377f0682' },
    { at: 0, hex: '377f0683' },
  ],
  spec: 'SQLite, "Database File Format", section 4',
  proof: 'a running checksum over all frames, those left from before the last checkpoint too',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    new Log(reader, ledger).verify();
  },
};

interface Frame {
  readonly at: number;
  readonly page: number;
  readonly salts: Sums;
  readonly stored: Sums;
}

class Log {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #sum: WordSum;
  readonly #pageSize: number;
  readonly #salts: Sums;
  readonly #loose: LoosePages;

  constructor(reader: Reader, ledger: Ledger) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#sum = new WordSum(reader.u8(3) === 0x83);
    this.#pageSize = readPageSize(reader);
    this.#salts = [reader.u32be(16), reader.u32be(20)];
    this.#loose = new LoosePages(this.#pageSize);
  }

  verify(): void {
    let seed = this.#checkHeader();
    let previous: Frame | null = null;
    let sound = true;
    const size = FRAME_HEADER + this.#pageSize;
    let at = HEADER;
    for (; at + size <= this.#reader.size; at += size) {
      this.#reader.meter.step();
      const frame = this.#readFrame(at);
      sound = this.#checkFrame(frame, previous, seed, sound);
      seed = frame.stored;
      previous = frame;
    }
    // A crash may cut the last frame; SQLite drops it.
    if (at < this.#reader.size) this.#ledger.trailing(at, this.#reader.size);
  }

  #checkHeader(): Sums {
    const stored: Sums = [this.#reader.u32be(24), this.#reader.u32be(28)];
    const computed = this.#sum.over(this.#reader.bytes(0, 24), [0, 0]);
    if (!equal(stored, computed))
      throw new Broken(24, 'checksum of the log header', `${stored}`, `${computed}`);
    this.#ledger.account(0, HEADER, 'checksum', 'log header');
    return computed;
  }

  #readFrame(at: number): Frame {
    const reader = this.#reader;
    return {
      at,
      page: reader.u32be(at),
      salts: [reader.u32be(at + 8), reader.u32be(at + 12)],
      stored: [reader.u32be(at + 16), reader.u32be(at + 20)],
    };
  }

  /** Gives whether the frame's sum is right; that of the next one builds on it. */
  #checkFrame(frame: Frame, previous: Frame | null, seed: Sums, before: boolean): boolean {
    const { at } = frame;
    const end = at + FRAME_HEADER + this.#pageSize;
    const inside = this.#sum.over(this.#reader.bytes(at, 8), seed);
    const page = this.#reader.bytes(at + FRAME_HEADER, this.#pageSize);
    if (equal(this.#sum.over(page, inside), frame.stored)) {
      this.#accountFrame(frame, page, end);
      return true;
    }
    this.#accountUnproved(frame, page, end);
    const continues = previous !== null && equal(previous.salts, frame.salts);
    const isFirstStale = !continues && this.#isStale(frame);
    const follows = continues || (previous === null && equal(frame.salts, this.#salts));
    if (isFirstStale || (follows && !before)) return isFirstStale;
    if (isZeroFrame(page, frame)) return false;
    this.#ledger.broken(new Broken(at, 'checksum of a log frame', 'the running sum', `${frame.stored}`), end);
    return false;
  }

  #accountFrame(frame: Frame, page: Uint8Array, end: number): void {
    // The sum says that the page is as it was written, not that a database wrote it.
    if (this.#loose.judge(page, frame.at + FRAME_HEADER, frame.page) === 'opaque') {
      this.#ledger.account(frame.at, frame.at + FRAME_HEADER, 'checksum', 'log frames');
      this.#ledger.raw(frame.at + FRAME_HEADER, end, 'pages of no known kind');
    } else {
      this.#ledger.account(frame.at, end, 'checksum', 'log frames');
    }
  }

  /** The sum of the first frame from before a checkpoint starts at one that's gone: its page must speak for itself. */
  #accountUnproved(frame: Frame, page: Uint8Array, end: number): void {
    const pageAt = frame.at + FRAME_HEADER;
    this.#ledger.raw(frame.at, end, 'frames without a sound sum');
    if (this.#loose.judge(page, pageAt, frame.page) === 'tree')
      this.#loose.evidence.claim(this.#ledger, pageAt, 'b-tree pages');
  }

  /** The first salt counts checkpoints: frames of earlier ones stay behind the new (§4.3). */
  #isStale({ salts }: Frame): boolean {
    const age = (this.#salts[0] - salts[0]) >>> 0;
    return age > 0 && age <= MOST_CHECKPOINTS;
  }
}

function readPageSize(reader: Reader): number {
  const pageSize = reader.u32be(8);
  if (reader.u32be(4) !== 3007000) throw new Broken(4, 'log format', 3007000, reader.u32be(4));
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) {
    throw new Broken(8, 'page size', 'a power of two from 512 to 65536', pageSize);
  }
  return pageSize;
}

function isZeroFrame(page: Uint8Array, frame: Frame): boolean {
  return frame.page === 0 && frame.salts[0] === 0 && page.every((byte) => byte === 0);
}

function equal(a: Sums, b: Sums): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
