import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';

const textTypes = [
  ...[
    'txt',
    'csv',
    'tsv',
    'json',
    'geojson',
    'ndjson',
    'xml',
    'svg',
    'html',
    'xhtml',
    'md',
    'tex',
    'yaml',
    'sql',
  ],
  ...[
    'eml',
    'mbox',
    'pem',
    'crt',
    'key',
    'csr',
    'sh',
    'ics',
    'vcf',
    'vtt',
    'm3u',
    'm3u8',
    'gpx',
    'kml',
    'dae',
    'x3d',
  ],
  ...[
    'log',
    'log-apache',
    'log-cef',
    'log-iis',
    'log-json',
    'log-syslog',
    'longline',
    'patch',
    'reg',
    'ssh-pub',
  ],
  ...[
    'source',
    'source-asm',
    'source-bat',
    'source-bib',
    'source-cs',
    'source-css',
    'source-go',
    'source-ini',
  ],
  ...[
    'source-js',
    'source-makefile',
    'source-php',
    'source-pl',
    'source-ps1',
    'source-rb',
    'source-rs',
    'source-sql',
  ],
  ...[
    'source-tex',
    'source-ts',
    'source-vb',
    'text-ansi',
    'text-cp037',
    'text-cp1250',
    'text-cp1251',
    'text-cp1252',
  ],
  ...[
    'text-cp1255',
    'text-cp1256',
    'text-cp437',
    'text-cp500',
    'text-cp850',
    'text-cp866',
    'text-cr',
    'text-crlf',
  ],
  ...[
    'text-euc-jp',
    'text-euc-kr',
    'text-formfeed',
    'text-gb18030',
    'text-gbk',
    'text-hz',
    'text-iso2022-jp',
  ],
  ...[
    'text-iso8859-2',
    'text-iso8859-5',
    'text-iso8859-6',
    'text-iso8859-7',
    'text-iso8859-9',
    'text-koi8-r',
  ],
  ...['text-latin-1', 'text-mac-cyrillic', 'text-mac-roman', 'text-nul', 'text-shift-jis', 'text-tis-620'],
  ...[
    'text-utf-16',
    'text-utf-16-be',
    'text-utf-16-le',
    'text-utf-32',
    'text-utf-7',
    'text-utf-8',
    'text-utf-8-sig',
  ],
];

/** Honest files that hold what nothing can prove, or that are no text. */
const exceptions: Readonly<Record<string, string>> = {
  'pebble__069de5_000005.log': 'a binary write-ahead log',
  'pebble__8dc653_000004.log': 'a binary write-ahead log',
  'm0.eml': 'random bytes attached',
  'm3.eml': 'random bytes attached',
  'm6.eml': 'random bytes attached',
  'm9.eml': 'random bytes attached',
  'box.mbox': 'random bytes attached',
  'mail__501842_attachment_pdf_non_ascii.eml': 'a broken PDF attached',
  'duck.csv.gz': 'packed',
  'export.reg': 'UTF-16 of another kind',
  'term.log': 'one line over and over, as a wiper could write it',
  'padded.txt': 'one line over and over, as a wiper could write it',
  'one.txt': 'one word over and over, as a wiper could write it',
};

describe.skipIf(!hasCorpus)('genuine text of the corpus', () => {
  it.each(textTypes)('is proved: %s', (type) => {
    for (const { name, bytes } of corpusFiles('genuine', type)) {
      const { evidence, judgement } = examine(bytes, { name });
      if (name in exceptions || bytes.length === 0) continue;
      expect(
        evidence.ledger.observations.filter(({ kind }) => kind === 'broken' || kind === 'truncated'),
      ).toEqual([]);
      expect(`${name} ${judgement.verdict}`).toBe(`${name} intact`);
      expect(evidence.ledger.totals().unaccounted).toBeLessThanOrEqual(8);
    }
  });
});

describe.skipIf(!hasCorpus)('malformed files of the corpus', () => {
  it.each(['json', 'xml', 'svg', 'txt', 'pem', 'eml', 'p7b', 'slk', 'xpm'])('do no harm: %s', (type) => {
    for (const { name, bytes } of corpusFiles('malformed', type)) {
      expect(`${name} ${examine(bytes, { name }).judgement.verdict}`).not.toBe(`${name} encrypted`);
    }
  });
});

describe.skipIf(!hasCorpus)('what its owner sealed in armour', () => {
  it.each([
    'asc',
    'pem',
    'key',
    'ssh-key',
    'ansible-vault',
    'jwe',
    'fernet',
    'smime',
    'pgp-mime',
    'p12',
    'pfx',
    'cms',
  ])('is protected: %s', (type) => {
    for (const { name, bytes } of corpusFiles('protected', type)) {
      expect(`${name} ${examine(bytes, { name }).judgement.verdict}`).toBe(`${name} protected`);
    }
  });
});
