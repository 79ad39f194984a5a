import { describe, expect, it } from 'vitest';
import { dex } from '../../../src/formats/dex/dex.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(dex, ['dex'], 40);

describe('dex', () => {
  it('contradicts any changed byte', () => {
    const bytes = Uint8Array.from(fixture('dex', 'empty.dex'));
    bytes[100] = bytes[100]! ^ 1;
    expect(contradictions(verifyAlone(dex, bytes))).toMatchObject([{ what: 'Adler-32' }]);
  });
});
