import { describe, expect, it } from 'vitest';
import { psd } from '../../../src/formats/psd/psd.ts';
import { describeFamily } from '../../support/family.ts';
import { fixtures } from '../../support/fixtures.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(psd, ['psd', 'psb'], 20);

const grey = [...fixtures()].find(({ format }) => format === 'psd')!.bytes;

describe('psd', () => {
  it('proves a zipped layer by its checksum, packed rows by their lengths', () => {
    const ledger = verifyAlone(psd, grey);
    expect(ledger.observations).toEqual([]);
    expect(ledger.totals().checksum).toBeGreaterThan(2000);
    expect(ledger.totals().decoder).toBeGreaterThan(4000);
  });

  it('contradicts a changed byte of a zipped layer, and still proves the composite', () => {
    const file = Uint8Array.from(grey);
    file[1000] = file[1000]! ^ 1;
    const ledger = verifyAlone(psd, file);
    expect(contradictions(ledger)).toHaveLength(1);
    expect(ledger.totals().decoder).toBeGreaterThan(4000);
  });

  it('names what is appended, trailing', () => {
    const longer = Buffer.concat([grey, Buffer.from('appended')]);
    expect(verifyAlone(psd, longer).observations).toMatchObject([{ kind: 'trailing' }]);
  });
});
