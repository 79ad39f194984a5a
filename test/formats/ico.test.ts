import { describe, expect, it } from 'vitest';
import { cur, ico } from '../../src/formats/ico.ts';
import { describeFamily } from '../support/family.ts';
import { fixtures } from '../support/fixtures.ts';
import { contradictions, verifyAlone } from '../support/verify.ts';

describeFamily(ico, ['ico', 'cur'], 20);
describeFamily(cur, ['cur'], 20);

const grey = [...fixtures()].find(({ format }) => format === 'ico')!.bytes;

describe('ico', () => {
  it('accounts for every byte of an icon with an empty mask', () => {
    const { raw, padding, unaccounted } = verifyAlone(ico, grey).totals();
    expect({ raw, padding, unaccounted }).toEqual({ raw: 4096, padding: 513, unaccounted: 0 });
  });

  it('contradicts an image that begins in the directory, or ends behind the file', () => {
    for (const [at, value] of [
      [18, 4],
      [14, 1 << 20],
    ] as const) {
      const file = Buffer.from(grey);
      file.writeUInt32LE(value, at);
      expect(contradictions(verifyAlone(ico, file))).toHaveLength(1);
    }
  });
});
