import { describe, expect, it } from 'vitest';
import { sqliteJournal } from '../../../src/formats/sqlite/journal.ts';
import { sqliteShm } from '../../../src/formats/sqlite/shared-memory.ts';
import { sqlite } from '../../../src/formats/sqlite/sqlite.ts';
import { sqliteWal } from '../../../src/formats/sqlite/wal.ts';
import { describeFamily } from '../../support/family.ts';
import { random } from '../../support/overwrites.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(sqlite, ['sqlite']);
describeFamily(sqliteWal, ['sqlite-wal'], 60);
describeFamily(sqliteJournal, ['sqlite-journal'], 60);
describeFamily(sqliteShm, ['sqlite-shm'], 60);

/** 1 KiB pages: 1 header and schema, 2 an inner page of the table, the others leaves, overflow pages and an index. */
const database = fixture('sqlite', 'inner.db');
const PAGE = 1024;

describe('sqlite, page by page', () => {
  it('accounts for a whole database', () => {
    const ledger = verifyAlone(sqlite, database);
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals().unaccounted).toBe(0);
    expect(ledger.floor()).toBeLessThan(PAGE + 256);
  });

  it('reports a page of random bytes with its exact range, whichever it is', () => {
    const pages = database.length / PAGE;
    for (let page = 1; page < pages; page++) {
      const ledger = verifyAlone(sqlite, withRandom(database, page * PAGE, PAGE));
      const found = contradictions(ledger).some(
        (seen) => seen.kind === 'broken' && seen.at === page * PAGE && seen.end === (page + 1) * PAGE,
      );
      const isLeftRaw = ledger
        .ranges('raw')
        .some(({ start, end }) => start <= page * PAGE && end >= (page + 1) * PAGE);
      expect(found || isLeftRaw, `page ${page + 1}`).toBe(true);
    }
  });

  it('still proves the leaves below an inner page that is lost', () => {
    const ledger = verifyAlone(sqlite, withRandom(database, PAGE, PAGE));
    const broken = contradictions(ledger).filter(({ kind }) => kind === 'broken');
    expect(broken.length).toBe(1);
    expect(ledger.totals().structure + ledger.totals().grammar).toBeGreaterThan(database.length / 3);
  });

  it('notices random text in a text value', () => {
    const at = Buffer.from(database).indexOf('lorem ipsum');
    expect(contradictions(verifyAlone(sqlite, withRandom(database, at, 64)))).not.toEqual([]);
  });

  it('takes text in an 8-bit encoding for an oddity', () => {
    const bytes = Uint8Array.from(database);
    const at = Buffer.from(database).indexOf('lorem ipsum');
    bytes[at + 1] = 0xe9;
    const ledger = verifyAlone(sqlite, bytes);
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.observations.some(({ kind }) => kind === 'oddity')).toBe(true);
  });

  it('names a page more than the header counts, trailing', () => {
    const longer = new Uint8Array(database.length + PAGE);
    longer.set(database);
    expect(verifyAlone(sqlite, longer).observations).toContainEqual({
      kind: 'trailing',
      start: database.length,
      end: longer.length,
    });
  });

  it('says that a database is cut short', () => {
    const ledger = verifyAlone(sqlite, database.subarray(0, database.length - PAGE));
    expect(ledger.observations.some(({ kind }) => kind === 'truncated')).toBe(true);
  });
});

describe('sqlite, hostile databases', () => {
  it('comes to an end where a tree leads back to itself', () => {
    const bytes = Uint8Array.from(database);
    // Right-most child of the inner page 2: itself.
    bytes.set([0, 0, 0, 2], PAGE + 8);
    expect(contradictions(verifyAlone(sqlite, bytes))).not.toEqual([]);
  });

  it('refuses a count of cells that no page holds', () => {
    const bytes = Uint8Array.from(database);
    bytes.set([0xff, 0xff], PAGE + 3);
    expect(contradictions(verifyAlone(sqlite, bytes))).not.toEqual([]);
  });

  it('refuses every page size that is no power of two', () => {
    for (const size of [0, 2, 511, 513, 1023, 65535]) {
      const bytes = Uint8Array.from(database);
      bytes.set([size >> 8, size & 255], 16);
      expect(contradictions(verifyAlone(sqlite, bytes)), String(size)).not.toEqual([]);
    }
  });

  it('sees at once that another power of two is a lie', () => {
    for (const size of [512, 2048, 4096]) {
      const bytes = Uint8Array.from(database);
      bytes.set([size >> 8, size & 255], 16);
      expect(contradictions(verifyAlone(sqlite, bytes)), String(size)).not.toEqual([]);
    }
  });

  it('survives any single byte', () => {
    const next = random(7);
    for (let i = 0; i < 1500; i++) {
      const bytes = Uint8Array.from(database);
      bytes[Math.floor(next() * bytes.length)] = next() * 256;
      verifyAlone(sqlite, bytes);
    }
  });
});

describe('sqlite beside its log', () => {
  const log = fixture('sqlite-wal', 'stale.db-wal');

  it('proves frames by their running sum, and those from before the last checkpoint too', () => {
    const ledger = verifyAlone(sqliteWal, log);
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals().checksum).toBeGreaterThan(log.length * 0.7);
  });

  it('bounds a changed byte by its frame', () => {
    const frame = 24 + 512;
    const bytes = Uint8Array.from(log);
    const at = 32 + frame + 100;
    bytes[at] = bytes[at]! ^ 1;
    const [seen, ...others] = contradictions(verifyAlone(sqliteWal, bytes));
    expect(seen).toMatchObject({ kind: 'broken', at: 32 + frame, end: 32 + 2 * frame });
    expect(others).toEqual([]);
  });

  it('takes references that the log may explain for oddities', () => {
    const bytes = Uint8Array.from(database);
    bytes.set([0, 0, 0, 99], 36);
    expect(contradictions(verifyAlone(sqlite, bytes))).not.toEqual([]);
    expect(contradictions(verifyAlone(sqlite, bytes, { 'file-wal': log }))).toEqual([]);
  });
});

function withRandom(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const next = random(start);
  const copy = Uint8Array.from(bytes);
  for (let i = 0; i < length; i++) copy[start + i] = next() * 256;
  return copy;
}
