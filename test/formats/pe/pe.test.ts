import { describe, expect, it } from 'vitest';
import { pe } from '../../../src/formats/pe/pe.ts';
import { describeFamily } from '../../support/family.ts';
import { random } from '../../support/overwrites.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(pe, ['exe', 'dll'], 30);

/** Signed with osslsigncode, which verifies it too. */
const signed = fixture('pe', 'signed.exe');
const plain = fixture('pe', 'plain.exe');

describe('pe', () => {
  it('proves a signed program by its Authenticode digest', () => {
    const ledger = verifyAlone(pe, signed);
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals().checksum).toBeGreaterThanOrEqual(plain.length - 16);
    expect(ledger.totals().unaccounted + ledger.totals().raw).toBe(0);
  });

  it('contradicts a single changed byte of code by the digest', () => {
    const bytes = Uint8Array.from(signed);
    bytes[0x210] = bytes[0x210]! ^ 1;
    expect(contradictions(verifyAlone(pe, bytes))).toMatchObject([
      { kind: 'broken', what: 'Authenticode digest' },
    ]);
  });

  it('leaves code and data of an unsigned program raw', () => {
    const ledger = verifyAlone(pe, plain);
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals().raw).toBeGreaterThan(0);
    expect(ledger.totals().checksum).toBe(0);
  });

  it('names what is appended, trailing', () => {
    const longer = new Uint8Array(plain.length + 100).fill(0x5a);
    longer.set(plain);
    expect(verifyAlone(pe, longer).observations).toContainEqual({
      kind: 'trailing',
      start: plain.length,
      end: longer.length,
    });
  });

  it('takes a wrong checksum for an oddity, and for a contradiction in a driver', () => {
    const bytes = Uint8Array.from(plain);
    const optionalAt = 64 + 24;
    bytes.set([1, 2, 3, 0], optionalAt + 64);
    expect(contradictions(verifyAlone(pe, bytes))).toEqual([]);
    bytes[optionalAt + 68] = 1;
    expect(contradictions(verifyAlone(pe, bytes))).not.toEqual([]);
  });

  it('says that a section is cut short', () => {
    const ledger = verifyAlone(pe, plain.subarray(0, plain.length - 256));
    expect(ledger.observations.some(({ kind }) => kind === 'truncated')).toBe(true);
  });

  it('survives any single byte', () => {
    const next = random(13);
    for (let i = 0; i < 1500; i++) {
      const bytes = Uint8Array.from(signed);
      bytes[Math.floor(next() * bytes.length)] = next() * 256;
      verifyAlone(pe, bytes);
    }
  });
});
