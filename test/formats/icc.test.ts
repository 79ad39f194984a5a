import { describe, expect, it } from 'vitest';
import { icc } from '../../src/formats/icc.ts';
import { describeFamily } from '../support/family.ts';
import { fixtures } from '../support/fixtures.ts';
import { verifyAlone } from '../support/verify.ts';

describeFamily(icc, ['icc', 'icm'], 30);

const grey = [...fixtures()].find(({ format }) => format === 'icc')!.bytes;

describe('icc', () => {
  it('proves a profile by its ID', () => {
    expect(verifyAlone(icc, grey).totals()).toMatchObject({ checksum: grey.length });
  });

  it('proves nothing but the header of a profile whose ID is of something else', () => {
    const file = Uint8Array.from(grey);
    file[300] = file[300]! ^ 1;
    const ledger = verifyAlone(icc, file);
    expect(ledger.observations).toMatchObject([{ kind: 'oddity' }]);
    expect(ledger.totals().unaccounted).toBeGreaterThan(700);
  });

  it('finds a curve rising where no ID speaks for it', () => {
    const file = Uint8Array.from(grey).fill(0, 84, 100);
    expect(verifyAlone(icc, file).totals().grammar).toBeGreaterThan(512);
  });
});
