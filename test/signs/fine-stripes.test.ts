import { describe, expect, it } from 'vitest';
import { Random } from '../../bench/attacks/random.ts';
import { Meter } from '../../src/bytes/meter.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { findFineStripes } from '../../src/signs/fine-stripes.ts';
import { findPattern } from '../../src/signs/pattern.ts';

const line = '2024-05-01 12:00:00 host kernel: order accepted, volume mounted, 42 ms\n';
const text = Buffer.from(line.repeat(6000));
const readerOf = (bytes: Uint8Array) => new Reader(new BufferSource(bytes), new Meter());

function striped(on: number, period: number, first: number): Buffer {
  const bytes = Buffer.from(text);
  const random = new Random(3);
  for (let at = first; at + on <= bytes.length; at += period) bytes.set(random.bytes(on), at);
  return bytes;
}

describe('fine stripes', () => {
  it.each([
    [64, 192, 0],
    [16, 32, 32],
  ])('of %i in every %i bytes are followed to the end', (on, period, first) => {
    expect(findFineStripes(readerOf(striped(on, period, first)), first + 3)).toEqual({
      start: first,
      end: text.length,
      period,
      phase: first % period,
      on,
    });
  });

  it('aren’t seen in text', () => {
    expect(findFineStripes(readerOf(text), 0)).toBeNull();
  });
});

describe('a pattern', () => {
  it('is followed as far as it holds', () => {
    const bytes = Buffer.alloc(10_000, 'WIPED!');
    bytes[9000] = 0;
    expect(findPattern(readerOf(bytes))).toEqual({ period: 6, length: 9000, isText: true });
  });

  it('is none in text, nor in a handful of bytes', () => {
    expect(
      findPattern(
        readerOf(Buffer.from('no pattern in here, whatever is tried on it, at all, or so it seems')),
      ),
    ).toBeNull();
    expect(findPattern(readerOf(Buffer.alloc(20)))).toBeNull();
  });
});
