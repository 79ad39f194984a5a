import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Broken, Truncated } from '../../src/bytes/errors.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { decodeAsciiHex } from '../../src/checks/ascii-hex.ts';
import { decodeAscii85 } from '../../src/checks/ascii85.ts';
import { decodeLzw } from '../../src/checks/lzw.ts';
import type { Decoded } from '../../src/checks/outflow.ts';
import { decodeRunLength } from '../../src/checks/run-length.ts';

type Decode = (reader: Reader, start: number, end: number, sink: (piece: Uint8Array) => void) => Decoded;

function decode(how: Decode, bytes: Uint8Array) {
  const pieces: Buffer[] = [];
  const reader = new Reader(new BufferSource(bytes));
  const decoded = how(reader, 0, bytes.length, (piece) => pieces.push(Buffer.from(piece)));
  return { ...decoded, output: Buffer.concat(pieces) };
}

const lzw: Decode = (reader, start, end, sink) => decodeLzw(reader, start, end, 1, sink);

describe('decodeLzw', () => {
  it('decodes the example of ISO 32000-1 §7.4.4.2', () => {
    const { output, consumed } = decode(lzw, Buffer.from('800b6050220c0c8501', 'hex'));
    expect(output).toEqual(Buffer.from([45, 45, 45, 45, 45, 65, 45, 45, 45, 66]));
    expect(consumed).toBe(9);
  });

  it('contradicts a code that the table does not have', () => {
    // Clear, then 511 as the first code.
    expect(() => decode(lzw, Buffer.from('807fffff', 'hex'))).toThrow(Broken);
  });
});

describe('decodeAscii85', () => {
  it('decodes whole groups, a short one, z and white space up to the end mark', () => {
    const { output, consumed } = decode(decodeAscii85, Buffer.from('9jqo^ BlbD-\nz/c~> rest'));
    expect(output.toString('latin1')).toBe('Man is d\0\0\0\0.');
    expect(consumed).toBe(17);
  });

  it('contradicts bytes outside of the alphabet, and groups of more than 32 bits', () => {
    expect(() => decode(decodeAscii85, Buffer.from('9jq\x80^'))).toThrow(Broken);
    expect(() => decode(decodeAscii85, Buffer.from('uuuuu'))).toThrow(Broken);
  });
});

describe('decodeAsciiHex', () => {
  it('gives back what was written, white space in it or not', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = `${Buffer.from(bytes)
          .toString('hex')
          .replace(/(.{9})/g, '$1\n')}>`;
        expect(new Uint8Array(decode(decodeAsciiHex, Buffer.from(text)).output)).toEqual(bytes);
      }),
    );
  });

  it('takes a missing last digit for zero, and contradicts other bytes', () => {
    expect(decode(decodeAsciiHex, Buffer.from('4A7>')).output.toString('hex')).toBe('4a70');
    expect(() => decode(decodeAsciiHex, Buffer.from('4G>'))).toThrow(Broken);
  });
});

describe('decodeRunLength', () => {
  it('decodes literal and repeated runs up to the end mark', () => {
    const { output, consumed } = decode(decodeRunLength, Buffer.from([2, 97, 98, 99, 254, 120, 128, 1, 1]));
    expect(output.toString()).toBe('abcxxx');
    expect(consumed).toBe(7);
  });

  it('says that a run is cut short', () => {
    expect(() => decode(decodeRunLength, Buffer.from([9, 97]))).toThrow(Truncated);
  });
});
