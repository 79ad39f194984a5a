import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodes, settingsOf } from '../../src/checks/brotli-again.ts';
import { hasLongestCopies } from '../../src/checks/deflate-copies.ts';
import { noticesOverwrites } from '../../src/checks/overwrite-trials.ts';
import { randomBytes } from '../support/random.ts';

const sentences = Array.from(
  { length: 400 },
  (_, i) => `The ${['quick', 'slow', 'old'][i % 3]} fox no ${i * i} jumps over dog ${i % 17}.\n`,
);
const prose = Buffer.from(sentences.join(''));

describe('trial overwrites', () => {
  it('reject a stream of which nothing is checked', () => {
    expect(noticesOverwrites(randomBytes(5000), () => true)).toBe(false);
  });

  it('accept a stream in which each change shows, and leave it as it was', () => {
    const stream = randomBytes(5000);
    const before = Buffer.from(stream);
    expect(noticesOverwrites(stream, (tried) => before.equals(tried))).toBe(true);
    expect(before.equals(stream)).toBe(true);
  });

  it('reject a stream with one part of which nothing is checked', () => {
    const stream = randomBytes(8192);
    const kept = Buffer.from(stream);
    const passes = (tried: Uint8Array) =>
      kept.subarray(0, 4000).equals(tried.subarray(0, 4000)) &&
      kept.subarray(5200).equals(tried.subarray(5200));
    expect(noticesOverwrites(stream, passes)).toBe(false);
  });
});

describe('the longest copies of a deflate stream', () => {
  it.each([1, 4, 6, 9])('are those that zlib makes at level %i', (level) => {
    expect(hasLongestCopies(zlib.deflateRawSync(prose, { level }), prose.length)).toBe(true);
  });

  it('are found with the fixed code too', () => {
    const stream = zlib.deflateRawSync(prose, { strategy: zlib.constants.Z_FIXED });
    expect(hasLongestCopies(stream, prose.length)).toBe(true);
  });

  it('are not in a stream whose middle is random', () => {
    const stream = Buffer.from(zlib.deflateRawSync(prose));
    stream.set(randomBytes(600), stream.length >> 1);
    expect(hasLongestCopies(stream, 4 * prose.length)).toBe(false);
  });

  it('are not in a stream that is cut, goes on, or keeps its content as it is', () => {
    const stream = zlib.deflateRawSync(prose);
    expect(hasLongestCopies(stream.subarray(0, -1), prose.length)).toBe(false);
    expect(hasLongestCopies(Buffer.concat([stream, Buffer.alloc(1)]), prose.length)).toBe(false);
    expect(hasLongestCopies(stream, prose.length - 1)).toBe(false);
    expect(hasLongestCopies(zlib.deflateRawSync(prose, { level: 0 }), prose.length)).toBe(false);
  });

  it('are looked for in any bytes without an end in sight', () => {
    for (let i = 0; i < 200; i++) expect(hasLongestCopies(randomBytes(300), 4096)).toBe(false);
  });
});

describe('the settings of a Brotli stream', () => {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;

  it.each([
    [1, 16],
    [5, 18],
    [9, 22],
    [11, 24],
    [11, 12],
  ])('are found again: quality %i, window %i', (quality, window) => {
    const stream = zlib.brotliCompressSync(prose, {
      params: {
        [BROTLI_PARAM_QUALITY]: quality,
        [BROTLI_PARAM_LGWIN]: window,
        [BROTLI_PARAM_SIZE_HINT]: prose.length,
      },
    });
    const settings = settingsOf(stream, prose);
    expect(settings).not.toBeNull();
    expect(encodes(prose, settings!, stream)).toBe(true);
    expect(encodes(prose.subarray(1), settings!, stream)).toBe(false);
  });

  it('are none of a stream of another content', () => {
    expect(settingsOf(zlib.brotliCompressSync(prose), prose.subarray(1))).toBeNull();
  });
});
