import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { corpusFiles } from '../../support/corpus.ts';
import { randomFill } from '../../support/random.ts';

const genuine = () => [...corpusFiles('genuine', 'rar')];
/** Parts of several volumes, PPMd, and a stream of the file system whose header is not as the others. */
const others = new Set([
  'libarchive__900618_rar5_multiarchive.part01.rar',
  'libarchive__c508c1_rar5_nonempty_dir_stream.rar',
  'rarfile__7453ac_unicode.rar',
  'sharpcompress__e018c9_Rar.multi.solid.part01.rar',
]);

describe('packed files in RAR archives', () => {
  it('are unpacked as by versions 3 and 5, solid ones and filtered ones too', () => {
    for (const { name, bytes } of genuine()) {
      if (others.has(name)) continue;
      expect(`${name} ${examine(bytes, { name }).judgement.verdict}`).toBe(`${name} intact`);
    }
  });

  it('are never safe with 400 random bytes at any place', () => {
    for (const { name, bytes } of genuine()) {
      if (bytes.length < 1200) continue;
      for (let at = 0; at + 400 <= bytes.length; at += Math.ceil(bytes.length / 25)) {
        const copy = Uint8Array.from(bytes);
        randomFill(copy, at, 400);
        expect(examine(copy, { name }).judgement.verdict, `${name} at ${at}`).not.toBe('intact');
      }
    }
  });
});
