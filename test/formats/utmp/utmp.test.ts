import { describe, expect, it } from 'vitest';
import { utmp } from '../../../src/formats/utmp/utmp.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describe('utmp', () => {
  const log = fixture('utmp', 'wtmp');

  it('knows login records by their content', () => {
    expect(utmp.recognise?.(log.subarray(0, 4096), log.length)).toBe(true);
    expect(utmp.recognise?.(new Uint8Array(384), 384)).toBe(false);
  });

  it('reports a lost record with its exact range, and goes on with the next', () => {
    const bytes = Uint8Array.from(log);
    bytes.fill(0xa5, 384, 768);
    expect(contradictions(verifyAlone(utmp, bytes))).toMatchObject([{ kind: 'broken', end: 768 }]);
  });
});
