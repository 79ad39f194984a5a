import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attack } from '../../bench/attacks/attack.ts';
import { logOf } from '../../bench/attacks/hosts/large-files.ts';
import { clip, stripes } from '../../bench/attacks/layouts/geometry.ts';
import type { Layout } from '../../bench/attacks/layouts.ts';
import { Random } from '../../bench/attacks/random.ts';
import { overlapOf } from '../../bench/attacks/truth.ts';
import { examine } from '../../src/examine/examine.ts';
import { chunk, header, png } from '../support/png-builder.ts';
import { zipOf } from '../support/zip-builder.ts';

const KIB = 1024;

function pngHost(): Buffer {
  const [width, height] = [700, 700];
  const grain = new Random(2).bytes((width + 1) * height);
  const lines = Buffer.from(
    grain.map((byte, i) => (i % (width + 1) === 0 ? 0 : 90 + 50 * Math.sin(i / 900) + (byte & 15))),
  );
  const packed = deflateSync(lines);
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; at += 8192) parts.push(chunk('IDAT', packed.subarray(at, at + 8192)));
  return png(header(width, height), ...parts);
}

const hosts = [
  { name: 'server.log', bytes: logOf(600 * KIB, 3), least: 0.98 },
  {
    name: 'logs.zip',
    bytes: zipOf(
      Array.from({ length: 40 }, (_, i) => ({ name: `${i}.log`, content: logOf(48 * KIB, i + 1) })),
    ),
    least: 0.8,
  },
  { name: 'picture.png', bytes: pngHost(), least: 0.85 },
];

/** From the first byte on, which makes the file encrypted by any rule. */
const layouts: fc.Arbitrary<Layout['ranges']> = fc.oneof(
  fc.integer({ min: 64, max: 160 }).map((k) => (size: number) => clip([{ start: 0, end: k * KIB }], size)),
  fc
    .tuple(fc.integer({ min: 48, max: 96 }), fc.integer({ min: 48, max: 96 }))
    .map(([on, off]) => stripes(on * KIB, (on + off) * KIB)),
);

describe('the ranges of an encrypted file', () => {
  it.each(hosts)('are those that were encrypted, in $name', ({ name, bytes, least }) => {
    fc.assert(
      fc.property(layouts, fc.nat(1000), (ranges, seed) => {
        const attacked = attack({ name, bytes }, { id: 'any', ranges }, 'chacha20', seed)!;
        const { judgement } = examine(attacked.bytes, { name });
        expect(judgement.verdict).toBe('encrypted');
        expect(overlapOf(judgement.encrypted, attacked)).toBeGreaterThan(least);
      }),
      { numRuns: 8 },
    );
  });

  it('of an office file with a lost head are a head, and no stripes', () => {
    const bytes = readFileSync(new URL('../../fixtures/zip/encrypted/head-4k.xlsx', import.meta.url));
    const { judgement } = examine(bytes, { name: 'head-4k.xlsx' });
    expect(judgement.scheme).toMatchObject({ kind: 'head' });
  });

  it('take in ciphertext that is written as text', () => {
    const text = Buffer.from(Buffer.from(new Random(6).bytes(60_000)).toString('base64'));
    const { judgement } = examine(text, { name: 'report.docx' });
    expect(judgement.verdict).toBe('encrypted');
    expect(judgement.encrypted).toEqual([{ start: 0, end: text.length }]);
  });
});
