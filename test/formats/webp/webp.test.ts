import { describe, expect, it } from 'vitest';
import { webp } from '../../../src/formats/webp/webp.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { describeFamily } from '../../support/family.ts';
import { fixtures } from '../../support/fixtures.ts';
import { random } from '../../support/overwrites.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(webp, ['webp'], 20);

const lossy = [...fixtures()].find(({ format, name }) => format === 'webp' && name === 'lossy.webp')!.bytes;

describe('webp', () => {
  it('calls VP8 partitions coded: their coder takes any bits', () => {
    expect(verifyAlone(webp, lossy).totals().coded).toBeGreaterThan(0.9 * lossy.length);
  });

  it('contradicts a first partition that is longer than its chunk', () => {
    const file = Uint8Array.from(lossy);
    file[22] = 0xff;
    expect(contradictions(verifyAlone(webp, file))).toMatchObject([{ what: 'first partition' }]);
  });

  it('names what stands behind the RIFF size, trailing', () => {
    const longer = Buffer.concat([lossy, Buffer.from('appended')]);
    expect(verifyAlone(webp, longer).observations).toMatchObject([{ kind: 'trailing' }]);
  });
});

describe.skipIf(!hasCorpus)('webp, lossless', () => {
  it('notices 4,096 random bytes by the count of pixels or the end of the data', () => {
    for (const { bytes } of corpusFiles('genuine', 'webp')) {
      if (bytes.length < 30_000 || bytes[15] !== 0x4c) continue;
      const next = random(bytes.length);
      for (let i = 0; i < 20; i++) {
        const file = Uint8Array.from(bytes);
        const at = 25 + Math.floor(next() * (bytes.length - 4096 - 25));
        for (let j = 0; j < 4096; j++) file[at + j] = next() * 256;
        expect(contradictions(verifyAlone(webp, file)).length).toBeGreaterThan(0);
      }
    }
  });
});
