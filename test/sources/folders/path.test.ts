import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBytes, fromText, nameOf, toBuffer, toSystemPath } from '../../../src/sources/folders/path.ts';
import { displayText, toReportedPath } from '../../../src/sources/folders/path-text.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((array) => Buffer.from(array));

describe('a path', () => {
  it('gives every sequence of bytes back', () => {
    fc.assert(fc.property(bytes, (name) => toBuffer(fromBytes(name)).equals(name)));
  });

  it('gives every text back, and keeps what is printable as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => toBuffer(fromText(text)).toString() === text),
    );
    expect(fromText('Übersicht 日本語 💾.txt')).toBe('Übersicht 日本語 💾.txt');
  });

  it('is different for different bytes', () => {
    fc.assert(fc.property(bytes, bytes, (a, b) => (fromBytes(a) === fromBytes(b)) === a.equals(b)));
  });

  it('hides from patterns what they stumble over', () => {
    fc.assert(fc.property(bytes, (name) => !/[\x00-\x1f\x7f\\\u2028\u2029]/.test(fromBytes(name))));
  });

  it('tells a half of a surrogate pair from an escaped byte', () => {
    const name = Buffer.from([...Buffer.from('\u{10000}'), 0x0a, 0xff, ...Buffer.from('\u{103ff}')]);
    expect(toBuffer(fromBytes(name))).toEqual(name);
  });

  it('goes to system calls as a string only where that says the same', () => {
    expect(toSystemPath(fromText('é/ü'))).toBe('é/ü');
    expect(toSystemPath(fromBytes(Buffer.from([0xe9])))).toEqual(Buffer.from([0xe9]));
  });

  it('has a last segment', () => {
    expect(nameOf(fromText('a/b/c'))).toBe('c');
    expect(nameOf(fromText('c'))).toBe('c');
  });
});

describe('a path for people', () => {
  it('never acts on a terminal', () => {
    fc.assert(
      fc.property(
        bytes,
        (name) => !/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]/.test(displayText(fromBytes(name))),
      ),
    );
    expect(displayText(fromText('a\x1b[31mb\n\u202etxt.exe'))).toBe('a\\x1b[31mb\\n\\u{202e}txt.exe');
  });

  it('looks different for different bytes', () => {
    expect(displayText(fromText('a\\nb'))).not.toBe(displayText(fromText('a\nb')));
    expect(displayText(fromBytes(Buffer.from([0xe9])))).toBe('\\xe9');
  });
});

describe('a path in a report', () => {
  it('is its text where it is UTF-8', () => {
    expect(toReportedPath(fromText('new\nline\\é'))).toEqual({ text: 'new\nline\\é' });
  });

  it('carries its bytes where it is not', () => {
    fc.assert(
      fc.property(bytes, (name) => {
        const { text, raw } = toReportedPath(fromBytes(name));
        const restored = raw === undefined ? Buffer.from(text) : Buffer.from(raw, 'base64');
        return restored.equals(name);
      }),
    );
  });
});
