import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Random } from '../../bench/attacks/random.ts';
import { Meter } from '../../src/bytes/meter.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { explainMore } from '../../src/signs/stripes-gain.ts';

const line = '2024-05-01 12:00:00 host kernel: order accepted, volume mounted, 42 ms\n';
const text = Buffer.from(line.repeat(3000));
const readerOf = (bytes: Uint8Array) => new Reader(new BufferSource(bytes), new Meter());

function striped(plain: Uint8Array, on: number, period: number): Buffer {
  const bytes = Buffer.from(plain);
  const random = new Random(5);
  for (let at = 0; at + on <= bytes.length; at += period) bytes.set(random.bytes(on), at);
  return bytes;
}

describe('stripes', () => {
  it.each([
    [64, 192],
    [16, 32],
    [16, 384],
  ])('of %i in every %i bytes of text explain more than solid runs', (on, period) => {
    const bytes = striped(text, on, period);
    const stripes = { start: 0, end: bytes.length, period, phase: 0, on };
    expect(explainMore(readerOf(bytes), stripes, [])).toBe(true);
  });

  it('explain nothing in a packed file, nor where a solid run does', () => {
    const random = new Random(9);
    const packed = deflateRawSync(Buffer.from(random.bytes(60_000).toString('hex')));
    const stripes = { start: 0, end: packed.length, period: 128, phase: 0, on: 24 };
    expect(explainMore(readerOf(packed), stripes, [])).toBe(false);
    const headed = Buffer.concat([random.bytes(4096), packed]);
    expect(explainMore(readerOf(headed), stripes, [{ start: 0, end: 4096 }])).toBe(false);
  });

  it('explain nothing where all is random', () => {
    const stripes = { start: 0, end: 65_536, period: 96, phase: 16, on: 40 };
    expect(explainMore(readerOf(new Random(3).bytes(65_536)), stripes, [])).toBe(false);
  });
});
