import { describe, expect, it } from 'vitest';
import { examine } from '../../src/examine/examine.ts';
import { corpusFiles } from '../support/corpus.ts';
import { randomFill } from '../support/random.ts';

/** What stays unproved, and why. */
const unproved = new Map([
  ['exiv2__51a916_Sigma_40mm_F1.4_DG_HSM_A_for_EOS.exv', 'a preview that is not decoded'],
  ['assimp__68191b_sphereWithVertMap.lxo', 'may lie under a repeating key'],
  ['assimp__e1cef6_CrazyEngine.lxo', 'may lie under a repeating key'],
  ['image__f53b3f_acid2.ff', 'too small for its open pixels'],
  ['file-type__1f3f3a_fixture.mobi', 'text packed by HUFF/CDIC'],
  ['file-type__33b2bb_fixture.eot', 'a compressed font'],
  ['Pillow__73c0c9_blp2_dxt1.blp', 'a long run of one value'],
  ['Pillow__813d4b_blp2_raw.blp', 'a long run of one value'],
  ['Pillow__890180_blp1_jpeg2.blp', 'a JPEG image cut short'],
  ['scipy__285da7_array_float32_pointer_3d.sav', 'a long run of one value'],
  ['scipy__d99fa4_array_float32_pointer_4d.sav', 'a long run of one value'],
]);
/** Cut out of a longer book by its collectors; a save of SPSS. */
const others = new Set(['exiftool__c3bdb6_Palm.mobi', 'pyreadstat__b2c124_sample_missing.sav']);
const types = ['exv', 'lwo', 'lxo', 'ff', 'mobi', 'azw3', 'pdb', 'pcf', 'eot', 'sav', 'blp'];
const genuine = () => [...corpusFiles('genuine', ...types)].filter(({ name }) => !others.has(name));

describe('tables of records, pixels and glyphs', () => {
  it('are intact but for what nothing here decodes', () => {
    for (const { name, bytes } of genuine()) {
      const { judgement } = examine(bytes, { name });
      expect(`${name} ${judgement.verdict}`).toBe(`${name} ${unproved.has(name) ? 'unproved' : 'intact'}`);
    }
  });

  it('are never intact with random bytes inside that reach the floor they state', () => {
    for (const { name, bytes } of genuine()) {
      const { floor } = examine(bytes, { name }).judgement;
      if (unproved.has(name) || bytes.length < 3 * floor) continue;
      for (let i = 0; i < 8; i++) {
        const copy = Uint8Array.from(bytes);
        const at = Math.floor(((bytes.length - 2 * floor) * i) / 8);
        randomFill(copy, at, 2 * floor);
        const { judgement } = examine(copy, { name });
        const isTold = judgement.verdict !== 'intact' || judgement.floor > 2 * floor;
        expect(isTold, `${name} at ${at}: ${judgement.verdict}, floor ${judgement.floor}`).toBe(true);
      }
    }
  });
});
