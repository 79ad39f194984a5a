import { describe, expect, it } from 'vitest';
import { families } from '../../src/formats/families.ts';
import { signatures } from '../../src/formats/signatures.ts';
import { formats } from '../../src/formats/table.ts';

const known = [...formats, ...signatures];

describe('the table of magic bytes', () => {
  it('knows at least 220 formats beyond those with a verifier', () => {
    expect(signatures.length).toBeGreaterThanOrEqual(220);
  });

  it('gives each id once, in this table or in that of the verifiers', () => {
    const ids = known.map((format) => format.id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it.each(signatures.map((format) => [format.id, format] as const))('states %s well', (_, format) => {
    expect(format.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(format.title.length).toBeGreaterThan(2);
    expect(format.spec.length).toBeGreaterThan(5);
    expect(format.signatures.length).toBeGreaterThan(0);
    for (const extension of format.extensions) expect(extension).toMatch(/^[a-z0-9][a-z0-9_+~.-]*$/);
    expect(new Set(format.extensions).size).toBe(format.extensions.length);
    for (const { at, hex, mask } of format.signatures) {
      expect(Number.isInteger(at)).toBe(true);
      expect(hex).toMatch(/^([0-9a-f]{2}){2,}$/);
      if (at < 0) expect(hex.length / 2).toBeLessThanOrEqual(-at);
      if (mask === undefined) continue;
      expect(mask).toMatch(/^([0-9a-f]{2})+$/);
      expect(mask.length).toBe(hex.length);
      expect(uncountedBits(hex, mask)).toBe(0);
    }
  });

  it('tests at least 16 bits in each signature', () => {
    const weak = signatures.filter((format) => format.signatures.some((one) => bitsOf(one) < 16));
    expect(weak.map((format) => format.id)).toEqual([]);
  });
});

describe('the families', () => {
  it('hold two formats or more, each once', () => {
    for (const [name, ids] of Object.entries(families)) {
      expect(new Set(ids).size, name).toBe(ids.length);
      expect(ids.length, name).toBeGreaterThan(1);
    }
  });
});

/** Bits that the signature gives though its mask doesn't count them. */
function uncountedBits(hex: string, mask: string): number {
  const bytes = Buffer.from(hex, 'hex');
  const counted = Buffer.from(mask, 'hex');
  return bytes.reduce((bits, byte, i) => bits | (byte & ~counted[i]!), 0);
}

function bitsOf({ hex, mask }: { hex: string; mask?: string }): number {
  const counted = Buffer.from(mask ?? 'ff'.repeat(hex.length / 2), 'hex');
  return [...counted].reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0);
}
