import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/examine/examine.ts';
import { tar } from '../../src/formats/tar/tar.ts';
import { contradictions, fixture, verifyAlone } from '../support/verify.ts';

const gnu = fixture('tar', 'gnu.tar');
const look = (bytes: Uint8Array, name = 'backup.tar') => examine(bytes, { name });

/** Random bytes that are the same in every run. */
function noise(length: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  });
}

function overwritten(at: number, bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(gnu);
  copy.set(bytes, at);
  return copy;
}

describe('tar', () => {
  it('proves an archive of every dialect', () => {
    for (const name of ['v7.tar', 'ustar.tar', 'gnu.tar', 'pax.tar']) {
      expect(look(fixture('tar', name)).judgement.verdict).toBe('intact');
    }
  });

  it('takes archives that were put together', () => {
    expect(look(Buffer.concat([gnu, gnu])).judgement.verdict).toBe('intact');
  });

  it('takes an archive of nothing, and no longer run of zeros', () => {
    expect(contradictions(verifyAlone(tar, new Uint8Array(10_240)))).toEqual([]);
    expect(contradictions(verifyAlone(tar, new Uint8Array(20_480)))).toHaveLength(1);
  });

  it('calls an archive with random bytes behind its end suspect', () => {
    expect(look(Buffer.concat([gnu, noise(512)])).judgement.verdict).toBe('suspect');
  });

  it('calls an archive with a random first block encrypted', () => {
    expect(look(overwritten(0, noise(512))).judgement.verdict).toBe('encrypted');
  });

  it('never calls it intact with random bytes in it that are longer than its floor', () => {
    const floor = look(gnu).evidence.ledger.floor();
    fc.assert(
      fc.property(fc.nat(gnu.length - 1), (at) => {
        const attacked = overwritten(at, noise(Math.min(floor, gnu.length - at)));
        if (at + floor > gnu.length) return;
        expect(look(attacked).judgement.verdict).not.toBe('intact');
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('goes on behind a header that a flipped bit broke', () => {
    const ledger = verifyAlone(tar, overwritten(10, Uint8Array.of(gnu[10]! ^ 1)));
    expect(contradictions(ledger)).toHaveLength(1);
    expect(ledger.totals().grammar).toBeGreaterThan(1000);
  });
});
