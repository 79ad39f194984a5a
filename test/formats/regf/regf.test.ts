import { describe, expect, it } from 'vitest';
import { regf } from '../../../src/formats/regf/regf.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(regf, ['regf'], 40);

describe('regf', () => {
  const hive = fixture('regf', 'demo.hive');

  it('reports a lost bin with its exact range', () => {
    const bytes = Uint8Array.from(hive);
    bytes.fill(0xa5, 4096, 8192);
    expect(contradictions(verifyAlone(regf, bytes))).toMatchObject([{ kind: 'broken', at: 4096, end: 8192 }]);
  });

  it('contradicts a changed base block by its sum', () => {
    const bytes = Uint8Array.from(hive);
    bytes[100] = bytes[100]! ^ 1;
    expect(contradictions(verifyAlone(regf, bytes))).toMatchObject([{ what: 'sum of the base block' }]);
  });
});
