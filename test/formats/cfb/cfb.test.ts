import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { buildCompound } from '../../support/cfb-builder.ts';
import { allCorpusFiles, corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { random } from '../../support/overwrites.ts';

const MAGIC = 'd0cf11e0a1b11ae1';
const isCompound = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 8)).toString('hex') === MAGIC;
const tell = ({ judgement }: ReturnType<typeof examine>) =>
  `${judgement.verdict} ${judgement.reasons[0]?.text ?? ''}`;

/** Genuine files that can't be proved, and why. */
const unproved: Readonly<Record<string, string>> = {
  'poi__a7962b_TestSolidWorks.sldprt':
    'geometry is deflated without header or sum, in a layout that is unpublished',
  'poi__1e1f95_Test0313rur.adm': 'a packed part begins like a dBase table, and is none',
  'poi__91c306_visio_with_embeded.vsd': 'Visio packs drawings by a method of its own',
  'poi__df3f42_SimpleMacro.vsd': 'Visio packs drawings by a method of its own',
};
/** Over 4 KiB of one value, in thumbnails mostly: a wiper would leave the same. */
const monotonous = new Set([
  'poi__db1603_bug65255.doc',
  'poi__fd7ca6_Bug44292.doc',
  'poi__4820ab_TestZeroLengthCodePage.mpp',
  'big.ole',
  'poi__228ebe_SimpleMacro.ppt',
  'poi__2cf67e_datetime.ppt',
  'poi__2d1316_sound.ppt',
  'poi__b0c9cc_testPPT_oleWorkbook.ppt',
  'poi__b9830f_54880_chinese.ppt',
  'poi__e4be0f_bug45088.ppt',
  'poi__e7525f_bug57820-initTableNullRefrenceException.ppt',
  'poi__ebdedf_54332a.ppt',
  'poi__449e4c_ImRealFunctionTestCaseData.xls',
]);

const line = 'Quarterly figures of the northern branch, as agreed upon in the last meeting.\r\n';
const prose = Buffer.from(line.repeat(200));

const records = Buffer.alloc(16_384);
for (let i = 0; i < 4096; i++) records.writeUInt32LE(3 * i, 4 * i);

/** Random bytes over [at, at + length), the same ones for the same seed. */
function overwritten(bytes: Uint8Array, at: number, length: number, seed: number): Uint8Array {
  const next = random(seed);
  const copy = Uint8Array.from(bytes);
  for (let i = 0; i < length; i++) copy[at + i] = Math.floor(next() * 256);
  return copy;
}

describe('compound files that programs wrote', () => {
  it('are intact, but for those whose program packs data in unpublished ways', { timeout: 120_000 }, () => {
    for (const { name, bytes } of allCorpusFiles('genuine')) {
      if (!isCompound(bytes)) continue;
      const expected = name in unproved || monotonous.has(name) ? /^unproved/ : /^intact/;
      expect(`${tell(examine(bytes, { name }))} (${name})`).toMatch(expected);
    }
  });

  it('that were damaged are never called encrypted', { timeout: 60_000 }, () => {
    for (const { name, bytes } of allCorpusFiles('malformed')) {
      if (!isCompound(bytes)) continue;
      expect(`${tell(examine(bytes, { name }))} (${name})`).not.toMatch(/^encrypted/);
    }
  });

  it.runIf(hasCorpus)('are no longer intact with 4,096 random bytes anywhere', { timeout: 120_000 }, () => {
    const next = random(11);
    for (const { name, bytes } of corpusFiles('genuine', 'doc', 'xls', 'ppt', 'msg', 'pub', 'vsd')) {
      if (!isCompound(bytes) || bytes.length < 8192) continue;
      const at = Math.floor(next() * (bytes.length - 4096));
      const found = examine(overwritten(bytes, at, 4096, at + 1), { name });
      expect(`${tell(found)} (${name}, ${at})`).not.toMatch(/^(intact|protected)/);
    }
  });
});

describe('documents that their owner encrypted', () => {
  const schemes: readonly (readonly [type: string, name: RegExp, scheme: RegExp])[] = [
    ['ooxml-encrypted', /^agile/, /ECMA-376 agile encryption, AES-256, SHA512/],
    ['ooxml-encrypted', /^standard/, /ECMA-376 standard encryption, AES-/],
    ['docx', /ecma376standard/, /ECMA-376 standard encryption, AES-128/],
    ['docx', /siegfried/, /Encrypted Office Open XML package, unknown cipher/],
    ['docx', /example_password/, /ECMA-376 agile encryption, AES-256/],
    ['xlsx', /./, /ECMA-376 agile encryption, AES-256/],
    ['xlsb', /./, /ECMA-376 agile encryption, AES-/],
    ['xls', /fixture-password/, /ECMA-376 agile encryption, AES-/],
    ['xls', /xor_password/, /Excel XOR obfuscation/],
    ['xls', /rc4cryptoapi|enhrsa/, /Excel RC4 CryptoAPI encryption, RC4, 128 bit/],
    ['xls', /poi__a6ad86_password|2002_40/, /Excel RC4 encryption, RC4, 40 bit/],
    ['doc', /rc4cryptoapi/, /Word RC4 CryptoAPI encryption, RC4, 128 bit/],
    ['ppt', /Password_Protected/, /PowerPoint RC4 CryptoAPI encryption, RC4/],
  ];

  it.each(schemes)('are protected, with cipher and key length: %s %s', (type, wanted, scheme) => {
    for (const { name, bytes } of corpusFiles('protected', type)) {
      if (wanted.test(name))
        expect(`${tell(examine(bytes, { name }))}`).toMatch(new RegExp(`^protected ${scheme.source}`));
    }
  });
});

describe('the sectors of a compound file', () => {
  it('may have 4,096 bytes, and stand in any order', () => {
    for (const sectorSize of [512, 4096] as const) {
      for (const isReversed of [false, true]) {
        const file = buildCompound({ sectorSize, isReversed, streams: { Contents: prose, Notes: prose } });
        expect(tell(examine(file, { name: 'a.bin' }))).toMatch(/^intact/);
      }
    }
  });

  it('belong to one stream only', () => {
    const file = buildCompound({ streams: { Contents: prose, Notes: prose } });
    const second = 2 * 512 + 2 * 128 + 116;
    file.copy(file, second, second - 128, second - 124);
    expect(tell(examine(file, { name: 'a.bin' }))).toMatch(/^damaged Notes: expected a sector of its own/);
  });

  it('that lead in a circle are told, and end', () => {
    const file = buildCompound({ streams: { Contents: prose } });
    file.writeUInt32LE(2, 512 + 4 * 20);
    expect(tell(examine(file, { name: 'a.bin' }))).toMatch(/^damaged/);
  });

  it('that are missing at the end make a file that was cut', () => {
    const file = buildCompound({ streams: { Contents: prose } });
    expect(tell(examine(file.subarray(0, 12_000), { name: 'a.bin' }))).toMatch(/^damaged.*too early/);
  });

  it('that are encrypted where they tell of the others, make an encrypted file', () => {
    const file = buildCompound({ streams: { Contents: records, Notes: records } });
    expect(tell(examine(overwritten(file, 512, 1024, 5), { name: 'a.msg' }))).toMatch(/^encrypted/);
  });

  it('never stop the examination, whatever they say', () => {
    const file = buildCompound({ streams: { Contents: prose, Notes: prose } });
    const change = fc.tuple(fc.nat(2047), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const copy = Uint8Array.from(file);
        for (const [at, value] of changes) if (at >= 8) copy[at] = value;
        const { judgement } = examine(copy, { name: 'a.bin', budget: { milliseconds: 5000 } });
        expect(judgement.verdict).toBeTypeOf('string');
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

describe('free sectors and the rest of the last one', () => {
  it('may hold what was deleted', () => {
    const file = Buffer.concat([
      buildCompound({ streams: { Contents: prose } }),
      Buffer.from(line.repeat(26)).subarray(0, 2048),
    ]);
    expect(tell(examine(file, { name: 'a.bin' }))).toMatch(/^intact/);
  });

  it('are not proved where they look random', () => {
    const file = Buffer.concat([buildCompound({ streams: { Contents: prose } }), Buffer.alloc(8192)]);
    expect(tell(examine(overwritten(file, file.length - 8192, 8192, 9), { name: 'a.bin' }))).toMatch(
      /^(unproved|suspect)/,
    );
  });
});
