import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Broken, OverBudget, ReadError, Truncated } from '../../src/bytes/errors.ts';
import { defaultBudget, Meter } from '../../src/bytes/meter.ts';
import { Reader, WINDOW } from '../../src/bytes/reader.ts';
import { BufferSource, type ByteSource, SliceSource } from '../../src/bytes/source.ts';

const counting = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);

describe('Reader', () => {
  it('gives the same bytes wherever its window stands', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(69_000), fc.nat(1_000)), { maxLength: 20 }), (jumps) => {
        const reader = new Reader(new BufferSource(counting));
        for (const [at, length] of jumps)
          expect(reader.copy(at, length)).toEqual(counting.slice(at, at + length));
      }),
    );
  });

  it('streams a range without gap in views no longer than the window', () => {
    const big = new Uint8Array(3 * WINDOW + 17).map((_, i) => i % 251);
    const reader = new Reader(new BufferSource(big));
    reader.u8(5);
    let at = 3;
    for (const part of reader.stream(3, big.length - 2)) {
      expect(part.length).toBeLessThanOrEqual(WINDOW);
      expect(Buffer.compare(part, big.subarray(at, at + part.length))).toBe(0);
      at += part.length;
    }
    expect(at).toBe(big.length - 2);
  });

  it('reads integers of both byte orders as DataView does', () => {
    const reader = new Reader(new BufferSource(counting));
    const view = new DataView(counting.buffer);
    for (const at of [0, 1, 999, 65_533]) {
      expect(reader.u16le(at)).toBe(view.getUint16(at, true));
      expect(reader.u16be(at)).toBe(view.getUint16(at));
      expect(reader.u32le(at)).toBe(view.getUint32(at, true));
      expect(reader.u32be(at)).toBe(view.getUint32(at));
    }
  });

  it('calls a read beyond the end truncated, and says how much is missing', () => {
    const reader = new Reader(new BufferSource(counting.subarray(0, 10)));
    expect(() => reader.u32le(8)).toThrowError(expect.objectContaining({ missing: 2 }));
    expect(() => reader.bytes(0, 11)).toThrow(Truncated);
  });

  it('refuses lengths and offsets that a hostile file makes up', () => {
    const reader = new Reader(new BufferSource(counting));
    expect(() => reader.bytes(-1, 4)).toThrow(Broken);
    expect(() => reader.bytes(2 ** 60, 4)).toThrow(Broken);
    expect(() => reader.bytes(Number.NaN, 4)).toThrow(Broken);
    expect(() => reader.bytes(0, WINDOW + 1)).toThrow(OverBudget);
  });

  it('refuses 64-bit values beyond 2^53', () => {
    const reader = new Reader(new BufferSource(new Uint8Array(8).fill(255)));
    expect(() => reader.u64le(0)).toThrow(Broken);
    expect(() => reader.u64be(0)).toThrow(Broken);
  });

  it('finds a pattern across the edge of its window', () => {
    const bytes = new Uint8Array(2 * WINDOW);
    bytes.set([1, 2, 3, 4], WINDOW - 2);
    expect(new Reader(new BufferSource(bytes)).indexOf(Uint8Array.of(1, 2, 3, 4), 0)).toBe(WINDOW - 2);
    expect(new Reader(new BufferSource(bytes)).indexOf(Uint8Array.of(9, 9), 0)).toBe(-1);
  });

  it('finds where a run of one byte ends, across the edge of its window', () => {
    const bytes = new Uint8Array(2 * WINDOW);
    bytes[WINDOW + 5] = 7;
    const reader = new Reader(new BufferSource(bytes));
    expect(reader.endOfRun(3, 0)).toBe(WINDOW + 5);
    expect(reader.endOfRun(3, 0, 100)).toBe(100);
    expect(reader.endOfRun(WINDOW + 5, 7)).toBe(WINDOW + 6);
    expect(reader.endOfRun(0, 1)).toBe(0);
  });

  it('notices that the file shrank', () => {
    const shrinking: ByteSource = { size: 100, read: (into) => Math.min(into.length, 40), close() {} };
    expect(() => new Reader(shrinking).bytes(0, 100)).toThrow(ReadError);
  });

  it('ends when the budget of bytes read is used up', () => {
    const meter = new Meter({ ...defaultBudget, read: 100_000 });
    const reader = new Reader(new BufferSource(new Uint8Array(3 * WINDOW)), meter);
    expect(() => {
      for (let i = 1; i < 20; i++) reader.bytes(i % 2 === 0 ? 5 : 2 * WINDOW, 10);
    }).toThrow(OverBudget);
  });
});

describe('SliceSource', () => {
  it('is the range it was cut from', () => {
    const slice = new SliceSource(new BufferSource(counting), 100, 200);
    const into = new Uint8Array(300);
    expect(slice.read(into, 50)).toBe(50);
    expect(into.subarray(0, 50)).toEqual(counting.subarray(150, 200));
    expect(slice.read(into, 100)).toBe(0);
  });

  it('refuses a range outside of the whole', () => {
    expect(() => new SliceSource(new BufferSource(counting), 0, counting.length + 1)).toThrow(ReadError);
  });
});
