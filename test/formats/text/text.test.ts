import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { json } from '../../../src/formats/text/json.ts';
import { text } from '../../../src/formats/text/text.ts';
import { xml } from '../../../src/formats/text/xml.ts';
import { corpusFiles } from '../../support/corpus.ts';
import { random } from '../../support/overwrites.ts';

const prose = 'The harvest was late this year, and the millers waited until the first frost.\n';
const report = Buffer.from(prose.repeat(200));

/** A copy with random bytes in [start, end). */
function overwritten(bytes: Uint8Array, start: number, end: number, seed = 7): Uint8Array {
  const next = random(seed);
  const copy = Uint8Array.from(bytes);
  for (let at = start; at < end; at++) copy[at] = next() * 256;
  return copy;
}

function brokenRanges(bytes: Uint8Array, name: string): { at: number; end: number }[] {
  return examine(bytes, { name }).evidence.ledger.observations.flatMap((observation) =>
    observation.kind === 'broken' ? [{ at: observation.at, end: observation.end ?? observation.at }] : [],
  );
}

describe('text', () => {
  it.each([
    ['head', 0, 4096],
    ['middle', 6000, 6512],
    ['tail', report.length - 1024, report.length],
    ['sixteen bytes', 5000, 5064],
  ])('shows exactly which part was overwritten: %s', (_where, start, end) => {
    const [range, ...more] = brokenRanges(overwritten(report, start, end), 'report.txt');
    expect(more).toEqual([]);
    expect(Math.abs(range!.at - start)).toBeLessThanOrEqual(8);
    expect(Math.abs(range!.end - end)).toBeLessThanOrEqual(8);
  });

  it('accounts for what is left around an overwritten part', () => {
    const { ledger } = examine(overwritten(report, 4096, 8192), { name: 'report.txt' }).evidence;
    expect(ledger.totals().grammar).toBeGreaterThan(report.length - 4096 - 16);
  });

  it('leaves open whether zeros at the end are preallocation or lost, and takes zeros in the midst for a lost part', () => {
    const zeros = Buffer.alloc(4096);
    const { verdict, reasons } = examine(Buffer.concat([report, zeros]), { name: 'a.log' }).judgement;
    expect([verdict, reasons[0]?.code]).toEqual(['unproved', 'U409']);
    const lost = Buffer.concat([report, zeros, report]);
    expect(brokenRanges(lost, 'a.log')).toEqual([{ at: report.length, end: report.length + 4096 }]);
  });

  it('tolerates a few bytes of another encoding, escapes and form feeds', () => {
    const log = Buffer.concat([
      report,
      Buffer.from('caf\xe9 \x1b[31mred\x1b[0m\f\n', 'latin1'),
      Buffer.from('Straße\n'),
      report,
    ]);
    expect(examine(log, { name: 'a.log' }).judgement.verdict).toBe('intact');
  });

  it('does not take base64 of random bytes for text', () => {
    const digits = Buffer.from(overwritten(new Uint8Array(6000), 0, 6000)).toString('base64');
    for (const name of ['letter.txt', 'table.csv', 'page.html', 'data.json', 'feed.xml', 'notes.md']) {
      expect(examine(Buffer.from(digits), { name }).judgement.restore).not.toBe('yes');
      const lines = digits.replaceAll(/.{76}/g, '$&\r\n');
      expect(examine(Buffer.from(lines), { name }).judgement.restore).not.toBe('yes');
    }
  });

  it('does not take hexadecimal digits of random bytes for text', () => {
    const digits = Buffer.from(overwritten(new Uint8Array(4000), 0, 4000)).toString('hex');
    expect(examine(Buffer.from(digits), { name: 'letter.txt' }).judgement.restore).not.toBe('yes');
  });

  it('leaves a large part that is base64 of random bytes open', () => {
    const digits = Buffer.from(overwritten(new Uint8Array(6000), 0, 6000)).toString('base64');
    const { ledger } = examine(Buffer.concat([report, Buffer.from(digits), report]), {
      name: 'a.txt',
    }).evidence;
    expect(ledger.totals().coded).toBeGreaterThanOrEqual(digits.length);
  });

  it('accounts for base64 whose bytes are proved', () => {
    const inner = Buffer.from(JSON.stringify({ words: prose.repeat(40) })).toString('base64');
    const outer = Buffer.from(`${prose}${inner.replaceAll(/.{64}/g, '$&\n')}\n${prose}`);
    expect(examine(outer, { name: 'a.txt' }).judgement.verdict).toBe('intact');
  });
});

describe('grammars', () => {
  const table = JSON.stringify(
    Array.from({ length: 300 }, (_, id) => ({ id, note: prose.trim(), open: id % 2 === 0 })),
  );

  it.each([
    ['{"a": [1, -2.5e+10, true, null, "\\u00e9"]}', true],
    ['{"a": 1}\n{"a": 2}\n', true],
    ['// settings\n{"a": 1, /* last */ "b": 2,}', true],
    ['{"a": 01}', false],
    ['{"a" 1}', false],
    ['["tab\u0001"]', false],
    ['[1, 2', false],
    ['{"a": "\\x"}', false],
    ['this is no JSON', false],
  ])('judges JSON %s', (source, isValid) => {
    expect(examine(Buffer.from(source), { name: 'a.json' }).judgement.verdict === 'intact').toBe(isValid);
  });

  it.each([
    ['<?xml version="1.0"?><a b="1"><c/>text &amp; more<!-- -- --></a>', true],
    ['<!DOCTYPE a [<!ENTITY x "<b>">]><a>&x;<![CDATA[<<]]></a>\n', true],
    ['<a><b></a></b>', false],
    ['<a b=1/>', false],
    ['<a>', false],
    ['<a>x</a> y', false],
  ])('judges XML %s', (source, isValid) => {
    expect(examine(Buffer.from(source), { name: 'a.xml' }).judgement.verdict === 'intact').toBe(isValid);
  });

  it('reads JSON in UTF-16', () => {
    expect(examine(Buffer.from(`\ufeff${table}`, 'utf16le'), { name: 'a.json' }).judgement.verdict).toBe(
      'intact',
    );
    const cut = Buffer.from(`\ufeff${table.slice(0, -1)}`, 'utf16le');
    expect(examine(cut, { name: 'a.json' }).judgement.verdict).toBe('damaged');
  });

  it('notices a piece of other text inside JSON', () => {
    const copy = Buffer.from(table);
    copy.write(prose.repeat(3), 5000);
    expect(examine(copy, { name: 'a.json' }).judgement.restore).not.toBe('yes');
  });

  it('survives nesting without end', () => {
    const opened = Array.from({ length: 100_000 }, (_, i) => `[${i},`).join('');
    const deep = Buffer.from(`${opened}0${']'.repeat(100_000)}`);
    expect(examine(deep, { name: 'a.json' }).judgement.verdict).toBe('intact');
    expect(examine(Buffer.from('<a>'.repeat(100_000)), { name: 'a.xml' }).judgement.verdict).toBe('damaged');
  });

  it('recognises JSON and XML by their first bytes', () => {
    expect(json.recognise!(Buffer.from(table).subarray(0, 4096), table.length)).toBe(true);
    expect(json.recognise!(Buffer.from('[section]\nkey = value\n'), 22)).toBe(false);
    expect(xml.recognise!(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 41)).toBe(true);
  });
});

describe('random bytes', () => {
  const sizes = [32, 33, 40, 48, 64, 80, 100, 128, 200, 256, 512, 1024, 2048];

  it('are never recognised as text: 100,000 files', () => {
    const next = random(20_261);
    let recognised = 0;
    for (let i = 0; i < 100_000; i++) {
      const file = Uint8Array.from({ length: sizes[i % sizes.length]! }, () => next() * 256);
      if (text.recognise!(file, file.length)) recognised++;
    }
    expect(recognised).toBe(0);
  }, 300_000);

  it('are never recognised as text, though they keep to the bytes of a legacy encoding', () => {
    const next = random(31);
    const legal = Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => byte >= 0x20 && byte !== 0x7f,
    );
    for (let i = 0; i < 4000; i++) {
      const length = sizes[i % sizes.length]!;
      const file = Uint8Array.from({ length }, () => legal[Math.floor(next() * legal.length)]!);
      expect(text.recognise!(file, length)).toBe(false);
    }
  });
});

describe('overwrites', () => {
  const encodings: readonly (readonly [type: string, most: Readonly<Record<number, number>>])[] = [
    ['text-utf-8', { 16: 0.02, 64: 0, 512: 0 }],
    ['text-crlf', { 16: 0.03, 64: 0, 512: 0 }],
    ['text-utf-16', { 16: 0.02, 64: 0, 512: 0 }],
    ['text-latin-1', { 16: 0.06, 64: 0, 512: 0 }],
    ['text-koi8-r', { 16: 0.04, 64: 0, 512: 0 }],
    ['text-shift-jis', { 16: 0.04, 64: 0, 512: 0 }],
    ['text-gbk', { 16: 0.05, 64: 0, 512: 0 }],
    ['text-cp037', { 16: 0.03, 64: 0, 512: 0 }],
    ['source-css', { 16: 0.05, 64: 0, 512: 0 }],
  ];

  it.each(encodings)('are noticed in %s', (type, most) => {
    for (const [length, share] of Object.entries(most).map(([key, value]) => [Number(key), value] as const)) {
      const { missed, total } = countMissed(type, length);
      expect(missed).toBeLessThanOrEqual(Math.ceil(share * total));
    }
  });

  function countMissed(type: string, length: number): { missed: number; total: number } {
    const next = random(length);
    let missed = 0;
    let total = 0;
    for (const { name, bytes } of corpusFiles('genuine', type)) {
      for (let i = 0; i < 40 && bytes.length > length + 200; i++) {
        const at = Math.floor(next() * (bytes.length - length));
        total++;
        if (brokenRanges(overwritten(bytes, at, at + length, i + 1), name).length === 0) missed++;
      }
    }
    return { missed, total };
  }
});
