import { describe, expect, it } from 'vitest';
import { macho } from '../../../src/formats/macho/macho.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(macho, ['macho'], 30);

describe('mach-o', () => {
  it('contradicts load commands that do not tile their room', () => {
    const bytes = Uint8Array.from(fixture('mach-o', 'h.o'));
    bytes[20] = bytes[20]! ^ 8;
    expect(contradictions(verifyAlone(macho, bytes))).not.toEqual([]);
  });
});
