import { describe, expect, it } from 'vitest';
import { rtf } from '../../../src/formats/rtf/rtf.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(rtf, ['rtf'], 40);

const document = (body: string) => Buffer.from(`{\\rtf1\\ansi ${body}}`, 'latin1');

describe('rtf', () => {
  it('proves groups, control words and escaped characters by grammar', () => {
    const bytes = document('{\\b Bilanz} f\\"ur Z\\\'fcrich\\par\r\n\\u8364?\\{\\}\\~');
    const ledger = verifyAlone(rtf, bytes);
    expect(ledger.observations).toEqual([]);
    expect(ledger.totals().grammar).toBe(bytes.length);
  });

  it('passes over the data of \\bin by its length, braces in it included', () => {
    const ledger = verifyAlone(rtf, document('{\\pict\\pngblip\\bin6 }}{{\\\\}ok'));
    expect(ledger.observations).toEqual([]);
    expect(ledger.ranges('unaccounted')).toHaveLength(1);
  });

  it('contradicts data of a picture that is no hexadecimal', () => {
    expect(contradictions(verifyAlone(rtf, document('{\\pict\\pngblip 89504e47 x}')))).toMatchObject([
      { what: 'data of a picture or object' },
    ]);
  });

  it('says that a document is cut short where braces stay open', () => {
    const bytes = document('{\\b Bilanz}').subarray(0, 18);
    expect(contradictions(verifyAlone(rtf, bytes))).toMatchObject([{ kind: 'truncated' }]);
  });

  it('accepts NULs behind the last brace, and locates anything else', () => {
    const bytes = document('ok');
    expect(verifyAlone(rtf, Buffer.concat([bytes, Buffer.alloc(9)])).observations).toEqual([]);
    expect(verifyAlone(rtf, Buffer.concat([bytes, Buffer.from('rest')])).observations).toEqual([
      { kind: 'trailing', start: bytes.length, end: bytes.length + 4 },
    ]);
  });

  it('keeps 8-bit text of usual encodings, and contradicts random bytes', () => {
    expect(contradictions(verifyAlone(rtf, document('Z\xfcrich')))).toEqual([]);
    expect(contradictions(verifyAlone(rtf, document('Z\x93\xb1\xf0\x88x\xffq')))).toHaveLength(1);
  });

  it('ends in time over a million opening braces', () => {
    expect(() => verifyAlone(rtf, document('{'.repeat(1_000_000)))).toThrow(/limit reached/);
  });
});
