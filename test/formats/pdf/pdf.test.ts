import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { pdf } from '../../../src/formats/pdf/pdf.ts';
import type { Observation } from '../../../src/ledger/observation.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { describeFamily } from '../../support/family.ts';
import { random } from '../../support/overwrites.ts';
import { flatePage, PdfBuilder, pageContent } from '../../support/pdf-builder.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(pdf, ['pdf'], 20);

const oddities = (observations: readonly Observation[]) =>
  observations.flatMap((observation) => (observation.kind === 'oddity' ? [observation.what] : []));
const judge = (bytes: Uint8Array) => examine(bytes, { name: 'minutes.pdf' }).judgement;
const noise = (length: number, seed = 0x5eed5eed) => {
  const next = random(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)));
};

/** A page with this stream as its content; nothing in it may contradict. */
function pageWith(keys: string, data: Uint8Array, endOfLine = '\n'): Buffer {
  return new PdfBuilder(endOfLine).page().stream(4, keys, data).finish();
}

describe('pdf', () => {
  it('proves a Flate stream by its Adler-32, the rest by grammar', () => {
    const ledger = verifyAlone(pdf, flatePage());
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals().unaccounted + ledger.totals().raw).toBe(0);
    expect(ledger.totals().checksum).toBeGreaterThan(100);
  });

  it('proves plain page content by grammar, its inline image aside', () => {
    const image = Buffer.from(
      'BI /W 4 /H 4 /BPC 8 /CS /G ID \x01\x02\x90\x80\x7f\x00\xff\x10 EI Q\n',
      'latin1',
    );
    const bytes = pageWith('', Buffer.concat([pageContent(5), image]));
    const ledger = verifyAlone(pdf, bytes);
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals().raw).toBeLessThan(16);
  });

  it('decodes ASCII filters before Flate', () => {
    const hex = Buffer.from(`${deflateSync(pageContent(9)).toString('hex')}>`);
    const ledger = verifyAlone(pdf, pageWith('/Filter [/ASCIIHexDecode /FlateDecode]', hex));
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals().checksum).toBe(hex.length);
  });

  it('contradicts a Flate stream whose sum is wrong', () => {
    const data = deflateSync(pageContent(40));
    data[data.length - 1]! ^= 1;
    expect(contradictions(verifyAlone(pdf, pageWith('/Filter /FlateDecode', data)))).toMatchObject([
      { kind: 'broken', what: 'Adler-32' },
    ]);
  });

  it('reads files whose lines end with CR alone', () => {
    const data = deflateSync(pageContent(3));
    expect(contradictions(verifyAlone(pdf, pageWith('/Filter /FlateDecode', data, '\r')))).toEqual([]);
  });

  it('reads incremental updates with an object that replaces an older one', () => {
    const builder = new PdfBuilder().page().stream(4, '', pageContent(2));
    const first = builder.finish();
    const prev = first.lastIndexOf('xref\n0');
    builder.object(2, '<< /Type /Pages /Kids [3 0 R] /Count 1 /Updated true >>');
    const ledger = verifyAlone(pdf, builder.finish(`/Prev ${prev}`, [2]));
    expect(ledger.observations).toEqual([]);
    expect(ledger.totals().unaccounted).toBe(0);
  });

  it('takes a wrong /Length of a stream that proves itself for an oddity', () => {
    const data = deflateSync(pageContent(30));
    const ledger = verifyAlone(
      pdf,
      new PdfBuilder()
        .page()
        .stream(4, '/Filter /FlateDecode', data, data.length - 7)
        .finish(),
    );
    expect(contradictions(ledger)).toEqual([]);
    expect(oddities(ledger.observations)).toContain('wrong /Length');
  });

  it('finds /Length where it stands in an object behind the stream', () => {
    const data = deflateSync(pageContent(30));
    const builder = new PdfBuilder().page().stream(4, '/Filter /FlateDecode', data, '5 0 R');
    const ledger = verifyAlone(pdf, builder.object(5, String(data.length)).finish());
    expect(ledger.observations).toEqual([]);
  });

  it('takes bytes before the header for an oddity, and counts offsets from the header', () => {
    const bytes = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), flatePage()]);
    const ledger = verifyAlone(pdf, bytes);
    expect(contradictions(ledger)).toEqual([]);
    expect(oddities(ledger.observations)).toEqual(['19 bytes before the header']);
    expect(ledger.ranges('unaccounted')).toMatchObject([{ start: 0, end: 19 }]);
  });

  it('accepts zeros after the end, and locates anything else there', () => {
    const bytes = flatePage();
    expect(verifyAlone(pdf, Buffer.concat([bytes, Buffer.alloc(700)])).observations).toEqual([]);
    const tail = Buffer.concat([bytes, noise(48)]);
    expect(verifyAlone(pdf, tail).observations).toContainEqual({
      kind: 'trailing',
      start: bytes.length,
      end: tail.length,
    });
  });

  it('takes offsets that are off for an oddity, since every byte is read anyway', () => {
    const text = flatePage().toString('latin1');
    const off = text.replace(/startxref\n(\d+)/, (_, at: string) => `startxref\n${Number(at) + 3}`);
    const bytes = Buffer.from(off, 'latin1');
    const ledger = verifyAlone(pdf, bytes);
    expect(contradictions(ledger)).toEqual([]);
    expect(oddities(ledger.observations).length).toBeGreaterThan(0);
  });

  it('keeps text strings in legacy encodings, and contradicts random bytes in their place', () => {
    const withTitle = (title: string) =>
      new PdfBuilder().page().stream(4, '', pageContent(2)).object(5, `<< /Title (${title}) >>`).finish();
    for (const title of [
      'Universit\xe4t Z\xfcrich',
      '\xfe\xff\x04\x1f\x04\x40',
      '\xc4\xe3\xba\xc3\xca\xc0\xbd\xe7',
    ]) {
      expect(contradictions(verifyAlone(pdf, withTitle(title)))).toEqual([]);
    }
    const random = noise(64)
      .toString('latin1')
      .replace(/[()\\]/g, '');
    expect(contradictions(verifyAlone(pdf, withTitle(random)))).toMatchObject([{ what: 'string Title' }]);
  });

  it('ends where cross-reference sections lead in a circle', () => {
    const builder = new PdfBuilder().page().stream(4, '', pageContent(2));
    const at = builder.length;
    const ledger = verifyAlone(pdf, builder.finish(`/Prev ${at}`));
    expect(contradictions(ledger)).toMatchObject([{ what: 'cross-reference chain' }]);
  });

  it('ends where references lead in a circle', () => {
    const builder = new PdfBuilder().page().stream(4, '/Filter 5 0 R', pageContent(2), '6 0 R');
    builder.object(5, '6 0 R').object(6, '5 0 R');
    const ledger = verifyAlone(pdf, builder.finish());
    expect(ledger.totals().grammar).toBeGreaterThan(ledger.size - 200);
  });

  it('ends in time over a million brackets, unclosed strings and streams without end', () => {
    const hostile = [
      '['.repeat(1_000_000),
      '1 0 obj (\n'.repeat(50_000),
      '1 0 obj <<>> stream\n'.repeat(50_000),
    ];
    for (const piece of hostile) {
      const started = performance.now();
      judge(new PdfBuilder().page().raw(`9 0 obj ${piece}`).finish());
      expect(performance.now() - started).toBeLessThan(10_000);
    }
  });

  it('stops a Flate bomb by the budget', () => {
    const bomb = deflateSync(Buffer.alloc(64 << 20));
    const bytes = pageWith('/Filter /FlateDecode', bomb);
    const { judgement } = examine(bytes, { name: 'a.pdf', budget: { produced: 1 << 20 } });
    expect(judgement.verdict).toBe('unproved');
  });
});

describe.skipIf(!hasCorpus)('pdf files that their owner encrypted', () => {
  it.each([...corpusFiles('protected', 'pdf')].filter(({ name }) => name.endsWith('.pdf')))(
    'names the scheme of $name',
    ({ name, bytes }) => {
      const { judgement } = examine(bytes, { name });
      expect(judgement.verdict).toBe('protected');
      expect(judgement.reasons[0]!.text).toMatch(
        /^PDF standard security handler, V [1245] R [2-6], (RC4-(40|128)|AES-(128|256))/,
      );
    },
  );
});

describe.skipIf(!hasCorpus)('pdf under attack', () => {
  const genuine = [...corpusFiles('genuine', 'pdf')].filter(({ bytes }) => bytes.length > 6000);

  it.each(['head', 'middle', 'tail'])('is safe nowhere with 4 KiB at its %s overwritten', (place) => {
    for (const { name, bytes } of genuine) {
      const at = { head: 0, middle: (bytes.length - 4096) >> 1, tail: bytes.length - 4096 }[place]!;
      const attacked = Uint8Array.from(bytes);
      attacked.set(noise(4096, at + 1), at);
      expect(examine(attacked, { name }).judgement.restore, name).not.toBe('yes');
    }
  });
});
