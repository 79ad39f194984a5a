import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logOf } from '../../../bench/attacks/hosts/large-files.ts';
import { Random } from '../../../bench/attacks/random.ts';
import { Meter } from '../../../src/bytes/meter.ts';
import { intersection, type Range, totalLength, union } from '../../../src/bytes/range.ts';
import { Reader } from '../../../src/bytes/reader.ts';
import { BufferSource } from '../../../src/bytes/source.ts';
import { findZones } from '../../../src/signs/zones/zones.ts';

const text = logOf(1 << 20, 7);
const packed = deflateRawSync(logOf(5 << 20, 8), { level: 6 });
const readerOf = (bytes: Uint8Array) => new Reader(new BufferSource(bytes), new Meter());
const all = (bytes: Uint8Array) => [{ start: 0, end: bytes.length }];

function overwritten(host: Uint8Array, ranges: readonly Range[], seed = 1): Buffer {
  const bytes = Buffer.from(host);
  const random = new Random(seed);
  for (const { start, end } of ranges) bytes.set(random.bytes(end - start), start);
  return bytes;
}

function overlap(found: readonly Range[], truth: readonly Range[]): number {
  const common = totalLength(intersection(union(found), union(truth)));
  return common / (totalLength(union(found)) + totalLength(union(truth)) - common);
}

describe('zones', () => {
  it('in text begin and end within a few bytes of the truth, which lies between the ends that are given', () => {
    const truth = { start: 200_003, end: 331_077 };
    const bytes = overwritten(text, [truth]);
    const [zone, ...others] = findZones(readerOf(bytes), all(bytes), [truth]);
    expect(others).toEqual([]);
    expect(Math.abs(zone!.start - truth.start)).toBeLessThan(16);
    expect(Math.abs(zone!.end - truth.end)).toBeLessThan(16);
    expect(zone!.startsWithin.least).toBeLessThanOrEqual(truth.start);
    expect(zone!.startsWithin.most).toBeGreaterThanOrEqual(truth.start);
  });

  it('are found in packed data whose runs are broken and wrong', () => {
    const truth = { start: 262_144, end: 524_288 };
    const bytes = overwritten(packed, [truth]);
    const runs = [
      { start: 10_000, end: 14_000 },
      { start: 262_500, end: 300_000 },
      { start: 300_512, end: 524_000 },
      { start: 700_000, end: 703_000 },
    ];
    const zones = findZones(readerOf(bytes), all(bytes), runs);
    expect(overlap(zones, [truth])).toBeGreaterThan(0.97);
  });

  it('never lie where something is proved', () => {
    const bytes = overwritten(packed, [{ start: 100_000, end: 400_000 }]);
    const open = [
      { start: 0, end: 150_000 },
      { start: 200_000, end: bytes.length },
    ];
    const zones = findZones(readerOf(bytes), open, [{ start: 100_000, end: 150_000 }]);
    expect(intersection(union(zones), [{ start: 150_000, end: 200_000 }])).toEqual([]);
  });

  it('take up a file that is random throughout', () => {
    const bytes = Buffer.from(new Random(4).bytes(300_000));
    expect(overlap(findZones(readerOf(bytes), all(bytes), all(bytes)), all(bytes))).toBeGreaterThan(0.999);
  });

  it.each([
    ['text', text, 0.99],
    ['packed data', packed, 0.95],
  ] as const)('in %s agree with stripes of any length and distance', (_, host, least) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 64 }),
        fc.integer({ min: 24, max: 128 }),
        fc.nat(1000),
        (length, gap, seed) => {
          const [on, period] = [length * 2048, (length + gap) * 2048];
          const truth: Range[] = [];
          for (let at = 0; at < host.length; at += period)
            truth.push({ start: at, end: Math.min(host.length, at + on) });
          const bytes = overwritten(host, truth, seed);
          expect(overlap(findZones(readerOf(bytes), all(bytes), truth), truth)).toBeGreaterThan(least);
        },
      ),
      { numRuns: 8 },
    );
  });
});
