import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Broken, OverBudget, Truncated } from '../../src/bytes/errors.ts';
import { defaultBudget, Meter } from '../../src/bytes/meter.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { inflate } from '../../src/checks/inflate.ts';
import { InflatedSource } from '../../src/checks/inflated-source.ts';
import { randomBytes } from '../support/random.ts';

function readerOf(bytes: Uint8Array, meter = new Meter()): Reader {
  return new Reader(new BufferSource(bytes), meter);
}

function unpack(packed: Uint8Array, end = packed.length) {
  const parts: Buffer[] = [];
  const result = inflate(readerOf(packed), 0, end, (part) => parts.push(Buffer.from(part)));
  return { ...result, bytes: Buffer.concat(parts) };
}

/** What zlib says of these bytes: output and length taken, or null where it refuses. */
function peer(packed: Uint8Array): { bytes: Buffer; consumed: number } | null {
  try {
    const result = inflateRawSync(packed, { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { bytes: result.buffer, consumed: result.engine.bytesWritten };
  } catch {
    return null;
  }
}

function tryUnpack(packed: Uint8Array): { bytes: Buffer; consumed: number } | null {
  try {
    const { bytes, consumed } = unpack(packed);
    return { bytes, consumed };
  } catch (error) {
    expect(error).toBeInstanceOf(Broken);
    return null;
  }
}

/** Bits as RFC 1951 packs them: the first is the lowest of its byte. */
function bytesOf(...fields: [value: number, bits: number][]): Buffer {
  const bits = fields.flatMap(([value, count]) => Array.from({ length: count }, (_, i) => (value >> i) & 1));
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8) + 8);
  for (const [i, bit] of bits.entries()) bytes[i >> 3]! |= bit << (i & 7);
  return bytes;
}

const words = fc
  .array(fc.constantFrom('zebra ', 'quagga ', 'okapi\n', 'z', 'zz', '\0\0\0'), { maxLength: 3000 })
  .map((parts) => Buffer.from(parts.join('')));
const noise = fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes));

describe('inflate', () => {
  it('gives back what zlib packed, at every level and strategy, with the exact end', () => {
    const strategies = [
      constants.Z_DEFAULT_STRATEGY,
      constants.Z_HUFFMAN_ONLY,
      constants.Z_RLE,
      constants.Z_FIXED,
    ];
    fc.assert(
      fc.property(
        fc.oneof(words, noise),
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(...strategies),
        (data, level, strategy) => {
          const packed = deflateRawSync(data, { level, strategy });
          const result = unpack(Buffer.concat([packed, randomBytes(20)]));
          expect(result.consumed).toBe(packed.length);
          expect(result.bytes.equals(data)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('crosses its input and output areas without a seam', () => {
    const data = Buffer.concat([randomBytes(400_000), Buffer.alloc(900_000, 'seam'), randomBytes(200_000)]);
    for (const level of [0, 1, 9]) {
      const packed = deflateRawSync(Buffer.concat([data, data]), { level });
      const result = unpack(packed);
      expect(result.consumed).toBe(packed.length);
      expect(result.bytes.equals(Buffer.concat([data, data]))).toBe(true);
    }
  });

  it('accepts and refuses flipped streams as zlib does', () => {
    const data = Buffer.from(
      'the okapi, the quagga and the zebra; '.repeat(20) + randomBytes(40).toString('hex'),
    );
    for (const level of [1, 9]) {
      const packed = deflateRawSync(data, { level });
      for (let bit = 0; bit < packed.length * 8; bit += 3) {
        const flipped = Buffer.from(packed);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expect(tryUnpack(flipped), `bit ${bit}`).toEqual(peer(flipped));
      }
    }
  });

  it('accepts and refuses random bytes as zlib does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), (bytes) => {
        expect(tryUnpack(bytes)).toEqual(peer(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it('calls every cut stream truncated', () => {
    const packed = deflateRawSync(Buffer.from('cut '.repeat(300) + randomBytes(200).toString('base64')));
    for (let length = 0; length < packed.length; length++) {
      expect(() => unpack(packed.subarray(0, length))).toThrow(Truncated);
    }
  });

  it('says broken, not truncated, where the container ends before the stream does', () => {
    const packed = deflateRawSync(randomBytes(100));
    expect(() => unpack(packed, 50)).toThrow(Broken);
    expect(() => unpack(packed, 50)).not.toThrow(Truncated);
  });

  it('names the byte at which a reserved block type stands', () => {
    const first = deflateRawSync(Buffer.from('fine'), { finishFlush: constants.Z_SYNC_FLUSH });
    const packed = Buffer.concat([first, Buffer.from([0b110, 0, 0, 0])]);
    expect(() => unpack(packed)).toThrow(
      expect.objectContaining({ at: first.length, what: 'deflate block type' }),
    );
  });

  it('refuses a distance beyond the first byte', () => {
    // Fixed codes: literal 'a', then length 3 at distance 2.
    const packed = bytesOf([1, 1], [1, 2], [0b10001001, 8], [0b1000000, 7], [0b10000, 5]);
    expect(peer(packed)).toBeNull();
    expect(() => unpack(packed)).toThrow(expect.objectContaining({ what: 'deflate distance' }));
  });

  it('sees nothing of the stream before', () => {
    unpack(deflateRawSync(randomBytes(500_000)));
    const packed = bytesOf([1, 1], [1, 2], [0b1000000, 7], [0, 5], [0, 7]);
    expect(() => unpack(packed)).toThrow(Broken);
  });

  it('tells where stored blocks keep their bytes', () => {
    const packed = deflateRawSync(Buffer.alloc(100_000, 'x'), { level: 0 });
    const { stored } = unpack(packed);
    expect(stored).toEqual([{ start: 5, end: packed.length }]);
    expect(unpack(deflateRawSync(Buffer.from('packed packed packed'))).stored).toEqual([]);
  });

  it('stops when the sink has enough', () => {
    const packed = deflateRawSync(Buffer.alloc(10_000_000));
    const result = inflate(readerOf(packed), 0, packed.length, () => false);
    expect(result.isComplete).toBe(false);
    expect(result.produced).toBeLessThan(1 << 20);
  });

  it('ends a bomb at the budget', () => {
    const packed = deflateRawSync(Buffer.alloc(30_000_000));
    const meter = new Meter({ ...defaultBudget, produced: 5_000_000 });
    expect(() => inflate(readerOf(packed, meter), 0, packed.length, () => undefined)).toThrow(OverBudget);
  });

  it('keeps streams apart that are decoded in turns', () => {
    const outer = deflateRawSync(Buffer.from('outer '.repeat(200_000)));
    const inner = deflateRawSync(Buffer.from('inner '.repeat(1000)));
    const parts: Buffer[] = [];
    inflate(readerOf(outer), 0, outer.length, (part) => {
      parts.push(Buffer.from(part));
      expect(unpack(inner).bytes.toString()).toBe('inner '.repeat(1000));
    });
    expect(Buffer.concat(parts).toString()).toBe('outer '.repeat(200_000));
  });
});

describe('InflatedSource', () => {
  it('reads like the bytes themselves, wherever one jumps', () => {
    const data = Buffer.concat([
      Buffer.alloc(9_000_000, 'a longish line of text\n'),
      randomBytes(7_000_000),
      Buffer.alloc(20_000_000, 'and the other end'),
    ]);
    const packed = deflateRawSync(data, { level: 1 });
    const source = new InflatedSource(readerOf(packed), 0, packed.length, data.length);
    const jumps = [0, 35_999_000, 5, 12_345_678, 12_345_000, 30_000_000, 8_999_990, 35_000_000, 4_194_304];
    for (const at of jumps) {
      const into = new Uint8Array(70_000);
      const got = source.read(into, at);
      expect(got).toBe(Math.min(70_000, data.length - at));
      expect(data.subarray(at, at + got).equals(into.subarray(0, got)), `at ${at}`).toBe(true);
    }
    source.close();
  });
});
