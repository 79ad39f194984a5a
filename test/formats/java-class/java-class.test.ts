import { describe, expect, it } from 'vitest';
import { javaClass } from '../../../src/formats/java-class/java-class.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(javaClass, ['class'], 60);

describe('java class', () => {
  it('contradicts an index of no entry', () => {
    const bytes = Uint8Array.from(fixture('java-class', 'Hi.class'));
    bytes[8] = 0x7f;
    expect(contradictions(verifyAlone(javaClass, bytes))).not.toEqual([]);
  });
});
