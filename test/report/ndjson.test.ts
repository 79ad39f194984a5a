import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNdjson } from '../../src/report/ndjson.ts';

describe('a line of the report', () => {
  const text = fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  });

  it('says the same after parsing', () => {
    fc.assert(
      fc.property(text, (why) => {
        const line = { type: 'skipped', path: { text: why }, why } as const;
        expect(JSON.parse(toNdjson(line))).toEqual(line);
      }),
    );
  });

  it('is one line, and acts on no terminal', () => {
    fc.assert(
      fc.property(text, (why) => {
        const line = toNdjson({ type: 'skipped', path: { text: why }, why });
        expect(line.slice(0, -1)).not.toMatch(
          /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
        );
        expect(line.endsWith('\n')).toBe(true);
      }),
    );
  });
});
