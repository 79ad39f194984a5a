import { describe, expect, it } from 'vitest';
import { bmp, dib } from '../../../src/formats/bmp/bmp.ts';
import { rleFloor } from '../../../src/formats/bmp/rle.ts';
import { describeFamily } from '../../support/family.ts';
import { fixtures } from '../../support/fixtures.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(bmp, ['bmp', 'dib'], 20);
describeFamily(dib, ['dib'], 20);

const grey = [...fixtures()].find(({ format }) => format === 'bmp')!.bytes;

describe('bmp', () => {
  it('declares pixels raw and proves a grey palette', () => {
    const { raw, structure } = verifyAlone(bmp, grey).totals();
    expect(raw).toBe(4096);
    expect(structure).toBeGreaterThan(1000);
  });

  it('contradicts more rows than the file has', () => {
    const file = Buffer.from(grey);
    file.writeInt32LE(65, 22);
    expect(contradictions(verifyAlone(bmp, file))).toMatchObject([{ kind: 'truncated', what: 'pixels' }]);
  });

  it('takes the floor of runs from the width of the rows', () => {
    expect(rleFloor(64)).toBeLessThan(rleFloor(640));
    expect(rleFloor(640)).toBeLessThan(512);
  });
});
