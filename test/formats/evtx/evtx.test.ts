import { describe, expect, it } from 'vitest';
import { evtx } from '../../../src/formats/evtx/evtx.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(evtx, ['evtx'], 4);

describe('evtx', () => {
  const log = fixture('evtx', 'made.evtx');

  it('bounds a changed record by the records of its chunk', () => {
    const bytes = Uint8Array.from(log);
    bytes[4096 + 600] = bytes[4096 + 600]! ^ 1;
    const [seen] = contradictions(verifyAlone(evtx, bytes));
    expect(seen).toMatchObject({ kind: 'broken', what: 'record CRC-32', at: 4096 + 512 });
  });

  it('reports a lost chunk with its exact range', () => {
    const bytes = Uint8Array.from(log);
    bytes.fill(0xa5, 4096, 4096 + 65536);
    expect(contradictions(verifyAlone(evtx, bytes))).toMatchObject([{ at: 4096, end: 4096 + 65536 }]);
  });
});
