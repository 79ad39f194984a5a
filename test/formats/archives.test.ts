import { describe, expect, it } from 'vitest';
import { examine } from '../../src/examine/examine.ts';
import { type CorpusClass, corpusFiles, hasCorpus } from '../support/corpus.ts';

/** Every file of the corpus of these types, examined under the name that its maker gave it. */
function* examined(kind: CorpusClass, ...types: string[]) {
  for (const { name, bytes } of corpusFiles(kind, ...types)) {
    yield { name, ...examine(bytes, { name: name.replace(/^.*__/, '') }) };
  }
}

/** Formats with the types of their corpus, and the genuine files that nobody can prove, with the reason. */
const genuine: readonly {
  readonly format: string;
  readonly types: readonly string[];
  readonly unproved: Readonly<Record<string, string>>;
}[] = [
  {
    format: 'tar',
    types: ['tar', 'ustar', 'bsdtar-pax', 'bsdtar-ustar'],
    unproved: {
      'oldgnu.tar': 'a member of random bytes',
      'pax.tar': 'a member of random bytes',
      'ustar.tar': 'a member of random bytes',
      'v7.tar': 'a member of random bytes',
      'runtime-assets__216aed_sparse.tar': 'a sparse member of unknown type',
    },
  },
  {
    format: 'cpio',
    types: ['cpio', 'newc', 'bsdtar-newc', 'bsdtar-odc'],
    unproved: {
      'crc.cpio': 'a member of random bytes',
      'hpbin.cpio': 'a member of random bytes',
      'newc.cpio': 'a member of random bytes',
      'odc.cpio': 'a member of random bytes',
      'tar.cpio': 'a member of random bytes',
      'ustar.cpio': 'a member of random bytes',
      'libarchive__45c3c4_cpio_filename_utf8_jp.cpio': 'a member of eight bytes in an old code page',
      'libarchive__b900ad_cpio_filename_eucjp.cpio': 'a member of eight bytes in an old code page',
      'libarchive__76f58a_cpio_filename_koi8r.cpio': 'a member of twelve bytes in an old code page',
      'libarchive__b1ac82_cpio_filename_cp866.cpio': 'a member of twelve bytes in an old code page',
    },
  },
  {
    format: 'ar',
    types: ['ar', 'bsdtar-ar'],
    unproved: { 'commons-compress__c98e9b_bla.ar': 'a member that is no well-formed XML' },
  },
  { format: 'deb', types: ['deb'], unproved: {} },
  { format: 'rpm', types: ['rpm'], unproved: {} },
  {
    format: 'cab',
    types: ['cab'],
    unproved: { 'libarchive__9d5900_cab_filename_cp932.cab': 'packed by LZX' },
  },
  {
    format: 'warc',
    types: ['warc', 'bsdtar-warc'],
    unproved: {},
  },
];

describe.skipIf(!hasCorpus)('archives of the corpus', () => {
  it.each(genuine)('are intact where $format can be proved, else unproved', ({ types, unproved }) => {
    for (const { name, judgement } of examined('genuine', ...types)) {
      const wanted = name in unproved ? /^unproved/ : /^intact/;
      expect(`${judgement.verdict} ${name} ${JSON.stringify(judgement.reasons)}`).toMatch(wanted);
    }
  });

  it('are protected, with the scheme, where their owner encrypted them', () => {
    for (const { name, judgement } of examined('protected', 'rar', 'arj')) {
      expect(`${judgement.verdict} ${name} ${judgement.reasons[0]?.text}`).toMatch(
        /^protected .* (RAR (1\.5|2|3|5) (archive with encrypted headers|encrypted file)|ARJ garbled file)/,
      );
    }
  });

  it('are never called encrypted where they are only damaged', () => {
    const types = [
      'tar',
      'ustar',
      'bsdtar-pax',
      'cpio',
      'bsdtar-cpio',
      'bsdtar-odc',
      'ar',
      'a',
      'rpm',
      'rar',
      'cab',
    ];
    for (const { name, judgement } of examined('malformed', ...types, 'iso', 'squashfs', 'arj', 'warc')) {
      expect(`${judgement.verdict} ${name}`).not.toMatch(/^encrypted/);
    }
  });
});
