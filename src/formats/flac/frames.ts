import { createHash } from 'node:crypto';
import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Bits } from './bits.ts';
import { crc16 } from './crc.ts';
import { type FrameHeader, readFrameHeader } from './frame-header.ts';
import type { StreamInfo } from './metadata.ts';
import { decodeSubframe } from './subframe.ts';

const MOST_CHANNELS = 8;
const MOST_SAMPLES = 65_536;
/** More than the largest frame that an encoder can make of 65,535 samples of 32 bits in eight channels. */
const LARGEST_FRAME = 2_400_000;
const WINDOW = 1 << 20;

/** Decodes the frames of a stream one after the other, and sums up their samples. */
export class Frames {
  /** Samples of each channel that came out so far. */
  samples = 0;
  readonly #reader: Reader;
  readonly #end: number;
  readonly #info: StreamInfo;
  readonly #channels: Float64Array[] = [];
  readonly #hash = createHash('md5');
  #output = Buffer.alloc(0);
  #buffer = new Uint8Array(0);
  #base = 0;
  #held = 0;
  readonly #bits = new Bits(this.#buffer);

  constructor(reader: Reader, end: number, info: StreamInfo) {
    this.#reader = reader;
    this.#end = end;
    this.#info = info;
  }

  /** Decodes the frame at `at` and gives where it ends. @throws Broken, Truncated */
  decode(at: number): number {
    this.#reader.meter.step();
    this.#hold(at, Math.min(LARGEST_FRAME, this.#end - at, Math.max(WINDOW, this.#info.largestFrame + 64)));
    const from = at - this.#base;
    const header = readFrameHeader(this.#buffer, from, this.#held);
    if (header === null)
      throw this.#problem(at, at, 'FLAC frame header', 'sync code and CRC-8', 'something else');
    const frameEnd = this.#decodeBody(header, at, from);
    const next = this.#base + frameEnd + 2;
    if (next > this.#end) throw new Truncated(this.#end, 'FLAC frame', next - this.#end);
    const stored = (this.#buffer[frameEnd]! << 8) | this.#buffer[frameEnd + 1]!;
    const sum = crc16(this.#buffer, from, frameEnd);
    if (sum !== stored) throw new Broken(at, 'CRC-16 of a FLAC frame', stored, sum);
    this.#reader.meter.produce(header.blockSize * header.channels * 4);
    this.samples += header.blockSize;
    if (this.#info.hasDigest) this.#hash.update(this.#interleave(header));
    return next;
  }

  /** MD5 of all samples as the encoder took them in (section 8.2). */
  digest(): string {
    return this.#hash.digest('hex');
  }

  /** The next frame header behind `at`, with a CRC-8 that fits; −1 where none follows. */
  resync(at: number): number {
    for (let start = at + 1; start < this.#end; start += WINDOW - 32) {
      this.#reader.meter.step();
      const length = Math.min(WINDOW, this.#end - start);
      this.#hold(start, length);
      for (let i = start - this.#base; i + 6 < this.#held; i++) {
        if (this.#buffer[i] !== 0xff || (this.#buffer[i + 1]! & 0xfe) !== 0xf8) continue;
        const header = readFrameHeader(this.#buffer, i, this.#held);
        if (header !== null && header.channels === this.#info.channels) return this.#base + i;
      }
    }
    return -1;
  }

  #decodeBody(header: FrameHeader, at: number, from: number): number {
    const { blockSize, channels, stereo } = header;
    const depth = header.depth || this.#info.depth;
    if (channels !== this.#info.channels || depth !== this.#info.depth || blockSize > MOST_SAMPLES)
      throw new Broken(
        at,
        'FLAC frame header',
        `${this.#info.channels} channels of ${this.#info.depth} bits`,
        `${channels} of ${depth}`,
      );
    this.#bits.seek(from + header.length, this.#held);
    for (let channel = 0; channel < Math.min(channels, MOST_CHANNELS); channel++) {
      this.#channels[channel] ??= new Float64Array(MOST_SAMPLES);
      // The side channel needs a bit more (section 9.1.3).
      const isSide = (stereo === 2 && channel === 0) || ((stereo === 1 || stereo === 3) && channel === 1);
      const isGood = decodeSubframe(
        this.#bits,
        this.#channels[channel]!,
        blockSize,
        depth + (isSide ? 1 : 0),
      );
      if (!isGood)
        throw this.#problem(
          at,
          this.#base + (this.#bits.at >>> 3),
          'FLAC subframe',
          'codes inside the frame',
          'others',
        );
    }
    this.#bits.align();
    return this.#bits.at >>> 3;
  }

  #problem(at: number, reached: number, what: string, expected: string, actual: string): Broken {
    if (reached >= this.#end || this.#end - at < 6) return new Truncated(this.#end, what, 1);
    return new Broken(at, what, expected, actual);
  }

  /** Joins the channels again and writes their samples as the encoder read them: little-endian, interleaved. */
  #interleave({ blockSize, channels, stereo }: FrameHeader): Buffer {
    const [a, b] = [this.#channels[0]!, this.#channels[1]!];
    if (stereo > 0) joinStereo(a, b, blockSize, stereo);
    const bytes = (this.#info.depth + 7) >> 3;
    const length = blockSize * channels * bytes;
    if (this.#output.length < length) this.#output = Buffer.alloc(length);
    for (let channel = 0; channel < channels; channel++)
      writeSamples(
        this.#output,
        this.#channels[channel]!,
        blockSize,
        channel * bytes,
        channels * bytes,
        bytes,
      );
    return this.#output.subarray(0, length);
  }

  #hold(at: number, length: number): void {
    if (at >= this.#base && at + length <= this.#base + this.#held) return;
    const size = Math.min(this.#end - at, Math.max(length, 2 * WINDOW));
    if (this.#buffer.length < size + 8) this.#buffer = new Uint8Array(size + 8);
    let held = 0;
    for (const part of this.#reader.stream(at, at + size, 'FLAC frames')) {
      this.#buffer.set(part, held);
      held += part.length;
    }
    this.#buffer.fill(0, held, held + 8);
    this.#base = at;
    this.#held = held;
    this.#bits.bytes = this.#buffer;
  }
}

function joinStereo(a: Float64Array, b: Float64Array, count: number, stereo: number): void {
  if (stereo === 1) for (let i = 0; i < count; i++) b[i] = a[i]! - b[i]!;
  else if (stereo === 2) for (let i = 0; i < count; i++) a[i]! += b[i]!;
  else
    for (let i = 0; i < count; i++) {
      const side = b[i]!;
      const mid = 2 * a[i]! + (side & 1);
      a[i] = (mid + side) / 2;
      b[i] = (mid - side) / 2;
    }
}

function writeSamples(
  output: Buffer,
  samples: Float64Array,
  count: number,
  first: number,
  step: number,
  bytes: number,
): void {
  let at = first;
  if (bytes === 2) {
    for (let i = 0; i < count; i++, at += step) {
      const value = samples[i]! | 0;
      output[at] = value;
      output[at + 1] = value >> 8;
    }
    return;
  }
  for (let i = 0; i < count; i++, at += step) {
    const value = samples[i]! | 0;
    output[at] = value;
    if (bytes > 1) output[at + 1] = value >> 8;
    if (bytes > 2) output[at + 2] = value >> 16;
    if (bytes > 3) output[at + 3] = value >> 24;
  }
}
