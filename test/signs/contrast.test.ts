import { describe, expect, it } from 'vitest';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { accountByContrast } from '../../src/signs/contrast.ts';
import { corpusFiles } from '../support/corpus.ts';
import { random, randomBytes, randomFill } from '../support/random.ts';

const plainTypes = ['csv', 'html', 'json', 'evtx', 'bmp', 'wav', 'sqlite', 'elf'];

const text = (length: number) =>
  Buffer.alloc(
    length,
    'Whereas recognition of the inherent dignity and of the equal and inalienable rights of all\n',
  );

function examineRaw(
  bytes: Uint8Array,
  claim = (ledger: Ledger) => ledger.raw(0, bytes.length, 'samples'),
): Ledger {
  const ledger = new Ledger(bytes.length);
  claim(ledger);
  accountByContrast(new Reader(new BufferSource(bytes)), ledger);
  return ledger;
}

describe('contrast', () => {
  it('accounts for plain text in windows of 64 bytes, to the last byte', () => {
    const ledger = examineRaw(text(100_001));
    expect(ledger.totals().contrast).toBe(100_001);
    expect(ledger.floor()).toBe(127);
  });

  it('accounts for nearly all of genuine plain files', () => {
    for (const { name, bytes } of corpusFiles('genuine', ...plainTypes)) {
      if (bytes.length < 4096) continue;
      expect(examineRaw(bytes).totals().contrast / bytes.length, name).toBeGreaterThan(0.9);
    }
  });

  it('accounts for coded silence alike, and leaves what is coded densely', () => {
    const silence = Buffer.from(text(8192)).map((byte) => byte & 15);
    const bytes = Buffer.concat([silence, randomBytes(8192)]);
    const ledger = examineRaw(bytes, (claims) => claims.coded(0, bytes.length, 'frames'));
    expect(ledger.totals()).toMatchObject({ contrast: 8192, coded: 8192 });
  });

  it('says nothing of what a coder wrote in letters', () => {
    const digits = Buffer.from(randomBytes(6000).toString('base64'));
    const ledger = examineRaw(digits, (claims) => claims.coded(0, digits.length, 'digits'));
    expect(ledger.totals()).toMatchObject({ contrast: 0, coded: 8000 });
  });

  it('never accounts for random bytes', () => {
    for (let round = 0; round < 20; round++) {
      expect(examineRaw(randomBytes(300_000)).totals().contrast).toBe(0);
    }
  });

  it('notices a random run of the length that the floor states, wherever it is', () => {
    for (const { bytes } of corpusFiles('genuine', 'bmp', 'wav', 'csv')) {
      if (bytes.length < 8192 || bytes.length > 200_000) continue;
      for (const { start, end, floor } of examineRaw(bytes).ranges('contrast')) {
        if (end - start < floor) continue;
        const at = start + Math.floor(random() * (end - start - floor + 1));
        const attacked = Uint8Array.from(bytes);
        randomFill(attacked, at, floor);
        const same = examineRaw(attacked).ranges('contrast');
        const hidden = same.some((s) => s.floor <= floor && s.start <= at && s.end >= at + floor);
        expect(hidden).toBe(false);
      }
    }
  });

  it('leaves an encrypted block of 4 KiB raw and accounts for what is round it', () => {
    const bytes = text(64 * 4096);
    randomFill(bytes, 17 * 4096, 4096);
    expect(examineRaw(bytes).ranges('raw')).toMatchObject([{ start: 17 * 4096, end: 18 * 4096 }]);
  });

  it.each([
    ['16 of every 32 bytes (LockFile)', 16, 32, 16],
    ['the same behind a header of 3 bytes', 16, 32, 19],
    ['64 of every 192 bytes (Black Basta)', 64, 192, 0],
    ['64 of every 256 bytes, shifted', 64, 256, 5],
    ['128 of every 512 bytes, shifted', 128, 512, 9],
    ['666 of every 1,332 bytes (Azov)', 666, 1332, 0],
  ])('refuses %s', (_, on, period, from) => {
    const attack = (bytes: Uint8Array) => {
      const attacked = Uint8Array.from(bytes);
      for (let at = from; at < bytes.length; at += period) {
        randomFill(attacked, at, Math.min(on, bytes.length - at));
      }
      return attacked;
    };
    expect(examineRaw(attack(text(50_000))).totals().contrast).toBe(0);
    for (const { name, bytes } of corpusFiles('genuine', 'csv', 'wav', 'bmp')) {
      if (bytes.length < 16_384) continue;
      expect(examineRaw(attack(bytes)).totals().contrast / bytes.length, name).toBeLessThan(0.1);
    }
  });

  it('spans the few accounted bytes between rows', () => {
    const bytes = text(10_000);
    const ledger = examineRaw(bytes, (rows) => {
      for (let at = 0; at < bytes.length; at += 40) {
        rows.account(at, at + 4, 'structure', 'row header');
        rows.raw(at + 4, at + 40, 'row');
      }
    });
    expect(ledger.totals()).toMatchObject({ structure: 1000, contrast: 9000 });
  });

  it('does not reach over bytes that nothing accounts for', () => {
    const ledger = examineRaw(text(1000), (rows) => {
      rows.raw(0, 400, 'rows');
      rows.raw(410, 1000, 'rows');
    });
    expect(ledger.totals()).toMatchObject({ contrast: 990, unaccounted: 10 });
  });

  it('accepts what is too even for chance, such as a counter', () => {
    const bytes = Uint8Array.from({ length: 65_536 }, (_, i) => i);
    expect(examineRaw(bytes).totals().contrast).toBe(65_536);
  });
});
