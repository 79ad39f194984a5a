import { describe, expect, it } from 'vitest';
import { mutate, readEverything, salvageEverything } from '../../../../support/mutate-ntfs.ts';
import { fixture, MFT } from '../../../../support/ntfs.ts';
import { random } from '../../../../support/random.ts';

const RECORDS = 147;
/** Milliseconds on a busy machine. */
const SLOW = 10_000;

describe('a mutated NTFS', () => {
  it('gives entries or typed errors for hostile values in any field, and comes to an end', () => {
    const genuine = fixture();
    for (let i = 0; i < 150; i++) {
      const image = Buffer.from(genuine);
      for (let n = 0; n <= i % 4; n++) mutate(image, random, MFT, RECORDS);
      const start = performance.now();
      readEverything(image);
      if (i % 5 === 0) salvageEverything(image);
      expect(performance.now() - start).toBeLessThan(SLOW);
    }
  }, 120_000);

  it('reads each byte of the system records set to 0, 1, 0x7f, 0x80, 0xff, as far as it goes', () => {
    const genuine = fixture();
    const image = Buffer.from(genuine);
    for (let at = 0; at < 512; at += 3) {
      for (const place of [at, MFT + at]) {
        image[place] = [0, 1, 0x7f, 0x80, 0xff][at % 5]!;
        readEverything(image, {});
        image[place] = genuine[place]!;
      }
    }
    expect(readEverything(image)).toBeGreaterThan(90);
  }, 120_000);

  it('comes to an end with volumes that are cut anywhere', () => {
    const genuine = fixture();
    for (const length of [0, 1, 511, 512, 4096, MFT, MFT + 1, MFT + 1024, MFT + 7000, 1 << 20, 3 << 20]) {
      readEverything(genuine.subarray(0, length));
      salvageEverything(genuine.subarray(0, length));
    }
  });
});
