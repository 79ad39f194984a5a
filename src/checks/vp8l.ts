import { Broken } from '../bytes/errors.ts';
import type { Meter } from '../bytes/meter.ts';
import { Vp8lBits } from './vp8l-bits.ts';
import { type PrefixCode, readPrefixCode } from './vp8l-codes.ts';

const LITERALS = 256;
const LENGTHS = 24;
const DISTANCES = 40;
const PIXELS_BETWEEN_CHECKS = 1 << 14;

/** Codes for green, lengths and colour cache; red; blue; alpha; distances. */
type Group = readonly [PrefixCode, PrefixCode, PrefixCode, PrefixCode, PrefixCode];

/** Distances of the first 120 codes: columns, rows (WebP lossless specification, 5.2.2). */
const near =
  '01,10,11,-11,02,20,12,-12,21,-21,22,-22,03,30,13,-13,31,-31,23,-23,32,-32,04,40,14,-14,41,-41,33,-33,24,-24,42,' +
  '-42,05,34,-34,43,-43,50,15,-15,51,-51,25,-25,52,-52,44,-44,35,-35,53,-53,06,60,16,-16,61,-61,26,-26,62,-62,45,' +
  '-45,54,-54,36,-36,63,-63,07,70,17,-17,55,-55,71,-71,46,-46,64,-64,27,-27,72,-72,37,-37,73,-73,56,-56,65,-65,80,' +
  '47,-47,74,-74,81,82,66,-66,83,57,-57,75,-75,84,67,-67,76,-76,85,77,-77,86,87';
const columns = Int8Array.from(near.split(','), (pair) => Number(pair.slice(0, -1)));
const rows = Int8Array.from(near.split(','), (pair) => Number(pair.slice(-1)));

/**
 * Decodes VP8L data (WebP lossless, RFC 9649 section 3) behind their header as far as it takes to know how many
 * pixels come out; returns the bytes taken.
 * @throws Broken where a code, length or distance can't be, or where the data end before the last pixel
 */
export function decodeVp8l(
  bytes: Uint8Array,
  at: number,
  width: number,
  height: number,
  meter: Meter,
): number {
  const image = new Vp8lImage(new Vp8lBits(bytes, at), meter);
  return image.decode(width, height);
}

class Vp8lImage {
  readonly #bits: Vp8lBits;
  readonly #meter: Meter;

  constructor(bits: Vp8lBits, meter: Meter) {
    this.#bits = bits;
    this.#meter = meter;
  }

  decode(width: number, height: number): number {
    const seen = new Set<number>();
    let columnsLeft = width;
    while (this.#bits.read(1) === 1) {
      const type = this.#bits.read(2);
      if (seen.has(type)) throw new Broken(this.#bits.at, 'transform', 'each once', type);
      seen.add(type);
      columnsLeft = this.#readTransform(type, columnsLeft, height);
    }
    this.#readPixels(columnsLeft, height, true, null);
    this.#bits.check();
    return this.#bits.taken;
  }

  /** Section 4: predictor, colour, subtract green, colour indexing. Returns the width that is left. */
  #readTransform(type: number, width: number, height: number): number {
    if (type === 2) return width;
    if (type === 3) {
      const size = this.#bits.read(8) + 1;
      this.#readPixels(size, 1, false, null);
      const packed = size <= 2 ? 3 : size <= 4 ? 2 : size <= 16 ? 1 : 0;
      return Math.ceil(width / 2 ** packed);
    }
    const block = 2 ** (this.#bits.read(3) + 2);
    this.#readPixels(Math.ceil(width / block), Math.ceil(height / block), false, null);
    return width;
  }

  /** An image with its colour cache and codes; `into` keeps the pixels where someone needs them. */
  #readPixels(width: number, height: number, isMain: boolean, into: Uint32Array | null): void {
    const cacheBits = this.#bits.read(1) === 1 ? this.#bits.read(4) : 0;
    if (cacheBits > 11) throw new Broken(this.#bits.at, 'colour cache', 'at most 11 bits', cacheBits);
    const map = isMain && this.#bits.read(1) === 1 ? this.#readMap(width, height) : null;
    const groups = this.#readGroups(map?.count ?? 1, cacheBits);
    const cache = into === null ? null : new ColourCache(into, cacheBits);
    const total = width * height;
    let untilCheck = PIXELS_BETWEEN_CHECKS;
    for (let pixel = 0; pixel < total; ) {
      const group = groups[map === null ? 0 : map.groupAt(pixel, width)]!;
      const taken = this.#readPixel(group, pixel, total, width, cache);
      pixel += taken;
      untilCheck -= taken;
      if (untilCheck > 0) continue;
      untilCheck = PIXELS_BETWEEN_CHECKS;
      this.#bits.check();
      this.#meter.produce(4 * PIXELS_BETWEEN_CHECKS);
    }
    this.#bits.check();
  }

  /** Section 6.2.2: which group of codes holds for a block of pixels. */
  #readMap(width: number, height: number): { count: number; groupAt(pixel: number, width: number): number } {
    const shift = this.#bits.read(3) + 2;
    const [wide, high] = [Math.ceil(width / 2 ** shift), Math.ceil(height / 2 ** shift)];
    const pixels = new Uint32Array(wide * high);
    this.#readPixels(wide, high, false, pixels);
    let highest = 0;
    for (let i = 0; i < pixels.length; i++) {
      pixels[i] = (pixels[i]! >>> 8) & 0xffff;
      highest = Math.max(highest, pixels[i]!);
    }
    const groupAt = (pixel: number, rowWidth: number): number => {
      const row = Math.floor(pixel / rowWidth);
      return pixels[(row >> shift) * wide + ((pixel - row * rowWidth) >> shift)]!;
    };
    return { count: highest + 1, groupAt };
  }

  #readGroups(count: number, cacheBits: number): Group[] {
    const alphabets = [LITERALS + LENGTHS + (cacheBits > 0 ? 2 ** cacheBits : 0), 256, 256, 256, DISTANCES];
    return Array.from({ length: count }, () => {
      this.#meter.step();
      return alphabets.map((alphabet) => readPrefixCode(this.#bits, alphabet)) as unknown as Group;
    });
  }

  /** A literal, a copy of earlier pixels, or a colour of the cache; returns how many pixels it gives. */
  #readPixel(group: Group, pixel: number, total: number, width: number, cache: ColourCache | null): number {
    const bits = this.#bits;
    const green = group[0].read(bits);
    if (green < LITERALS) {
      const red = group[1].read(bits);
      const blue = group[2].read(bits);
      const alpha = group[3].read(bits);
      cache?.put(pixel, ((alpha << 24) | (red << 16) | (green << 8) | blue) >>> 0);
      return 1;
    }
    if (green >= LITERALS + LENGTHS) {
      cache?.putCached(pixel, green - LITERALS - LENGTHS);
      return 1;
    }
    const length = this.#readValue(green - LITERALS);
    const distance = this.#readDistance(group[4], width);
    if (distance > pixel) throw new Broken(bits.at, 'distance', `at most ${pixel}`, distance);
    if (pixel + length > total) throw new Broken(bits.at, 'run of pixels', total - pixel, length);
    cache?.copy(pixel, distance, length);
    return length;
  }

  #readDistance(code: PrefixCode, width: number): number {
    const value = this.#readValue(code.read(this.#bits));
    if (value > columns.length) return value - columns.length;
    return Math.max(1, columns[value - 1]! + rows[value - 1]! * width);
  }

  /** Section 5.2.2: a prefix, and bits that follow it. */
  #readValue(prefix: number): number {
    if (prefix < 4) return prefix + 1;
    const count = (prefix - 2) >> 1;
    const low = this.#bits.read(Math.min(count, 16));
    const extra = count > 16 ? low + this.#bits.read(count - 16) * 65536 : low;
    return (2 + (prefix & 1)) * 2 ** count + extra + 1;
  }
}

/** Pixels that are kept, and the colours that stood last under each hash (section 5.2.3). */
class ColourCache {
  readonly #pixels: Uint32Array;
  readonly #colours: Uint32Array;
  readonly #shift: number;

  constructor(pixels: Uint32Array, bits: number) {
    this.#pixels = pixels;
    this.#colours = new Uint32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  put(pixel: number, colour: number): void {
    this.#pixels[pixel] = colour;
    if (this.#shift < 32) this.#colours[Math.imul(0x1e35a7bd, colour) >>> this.#shift] = colour;
  }

  putCached(pixel: number, index: number): void {
    this.put(pixel, this.#colours[index] ?? 0);
  }

  copy(pixel: number, distance: number, length: number): void {
    for (let i = 0; i < length; i++) this.put(pixel + i, this.#pixels[pixel + i - distance]!);
  }
}
