import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScan } from '../../src/checks/json-scan.ts';

function isValid(text: string | Uint8Array): boolean {
  const bytes = Buffer.from(text);
  const scan = new JsonScan();
  return scan.take(bytes) === bytes.length && scan.isWhole;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const texts = fc.json({ maxDepth: 5 });
/** JSON with a few characters put in, taken out or exchanged. */
const nearly = fc
  .tuple(
    texts,
    fc.nat(),
    fc.constantFrom('', '"', '\\', ',', ']', '}', '{', '0', '-', '.', 'e', 't', 'u', '\u0001'),
  )
  .map(
    ([text, at, put]) =>
      text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1),
  );

describe('a scan of JSON', () => {
  it('takes what JSON.parse takes', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(isValid(text)).toBe(true);
      }),
    );
  });

  it('takes nothing else, but for what it calls odd', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        const scan = new JsonScan();
        const bytes = Buffer.from(text);
        const isTaken = scan.take(bytes) === bytes.length && scan.isWhole;
        expect(isTaken && scan.oddity === null, text).toBe(parses(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('comes to the same in pieces of any size, beside others', () => {
    fc.assert(
      fc.property(nearly, nearly, fc.integer({ min: 1, max: 7 }), (one, other, size) => {
        const scans = [one, other].map((text) => ({
          scan: new JsonScan(),
          bytes: Buffer.from(text),
          taken: 0,
        }));
        for (let at = 0; at < Math.max(one.length, other.length) * 4; at += size) {
          for (const each of scans) {
            if (each.taken < Math.min(at, each.bytes.length)) continue;
            each.taken += each.scan.take(each.bytes.subarray(at, at + size));
          }
        }
        for (const { scan, bytes, taken } of scans)
          expect(taken === bytes.length && scan.isWhole).toBe(isValid(bytes));
      }),
    );
  });

  it.each([
    ['{"a":1', 6, false],
    ['[1,]', 4, true],
    ['{"a":1}\n{"a":2}\n', 16, true],
    ['[NaN, -Infinity]', 16, true],
    ['// a comment\n[] /* another **/', 30, true],
    ['01', 1, false],
    ['[1.]', 3, false],
    ['"\\x"', 2, false],
    ['[tru]', 4, false],
    ['', 0, false],
  ])('takes of %j %i bytes', (text, taken, isWhole) => {
    const scan = new JsonScan();
    expect(scan.take(Buffer.from(text))).toBe(taken);
    expect(taken === text.length && scan.isWhole).toBe(isWhole);
  });

  it('follows a hundred thousand brackets, and says that a million and one are too many', () => {
    expect(isValid('['.repeat(100_000) + ']'.repeat(100_000))).toBe(true);
    const scan = new JsonScan();
    expect(scan.take(Buffer.alloc(1_000_001, '['))).toBe(1_000_000);
    expect(scan.isTooDeep).toBe(true);
  });
});
