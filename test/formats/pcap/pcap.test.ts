import { describe, expect, it } from 'vitest';
import { pcap } from '../../../src/formats/pcap/pcap.ts';
import { pcapng } from '../../../src/formats/pcap/pcapng.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(pcap, ['pcap'], 20);
describeFamily(pcapng, ['pcapng'], 20);

describe('captures', () => {
  it('says that a capture ends inside a packet', () => {
    const whole = fixture('pcap', 'pTrue-a1b23c4d.pcap');
    expect(contradictions(verifyAlone(pcap, whole.subarray(0, whole.length - 5)))).toMatchObject([
      { kind: 'truncated' },
    ]);
  });

  it('contradicts a block whose lengths differ', () => {
    const bytes = Uint8Array.from(fixture('pcapng', 'made.pcapng'));
    bytes[bytes.length - 4] = bytes[bytes.length - 4]! ^ 4;
    expect(contradictions(verifyAlone(pcapng, bytes))).toMatchObject([
      { what: 'length repeated at the end' },
    ]);
  });
});
