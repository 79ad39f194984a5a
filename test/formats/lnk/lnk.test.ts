import { describe, expect, it } from 'vitest';
import { lnk } from '../../../src/formats/lnk/lnk.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(lnk, ['lnk'], 20);

describe('lnk', () => {
  const link = fixture('lnk', 'made.lnk');

  it('names what is appended, trailing', () => {
    const longer = new Uint8Array(link.length + 40).fill(0x5a);
    longer.set(link);
    const { observations } = verifyAlone(lnk, longer);
    expect(observations).toContainEqual({ kind: 'trailing', start: link.length, end: longer.length });
  });

  it('contradicts a block of extra data without its signature', () => {
    const bytes = Uint8Array.from(link);
    const at = Buffer.from(link).indexOf(Buffer.from('14030000010000a0', 'hex'));
    bytes[at + 7] = 0x11;
    expect(contradictions(verifyAlone(lnk, bytes))).toMatchObject([{ what: 'signature of a block' }]);
  });
});
