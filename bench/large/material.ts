import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { Random } from '../attacks/random.ts';

const PART = 1 << 20;
const words =
  'the of and to in is was for on that with as by at from it an be are this which or had not were'.split(' ');

/** Lines of one kind, to any length: each from the seed and its number. */
export type Line = (random: Random, number: number) => string;

export const logLine: Line = (random, number) =>
  `2026-03-0${1 + (number % 9)}T${two(random.below(24))}:${two(random.below(60))}:${two(random.below(60))}Z ${
    random.below(9) === 0 ? 'WARN' : 'INFO'
  } [worker-${random.below(16)}] request ${random.below(1_000_000)} ${phrase(random, 5)} in ${random.below(5000)} ms\n`;

export const tableLine: Line = (random, number) =>
  number === 0
    ? 'id,name,city,amount,share\n'
    : `${number},${phrase(random, 1)},${phrase(random, 2)},${random.below(100_000)},${random.below(1000) / 10}\n`;

export const recordLine: Line = (random, number) =>
  `${number === 0 ? '[' : ','}{"id":${number},"name":"${phrase(random, 2)}","price":${random.below(100_000) / 100},"tags":["${phrase(random, 1)}","${phrase(random, 1)}"]}\n`;

/** Writes lines until there are `size` bytes or a little more, then `end`. */
export function writeLines(path: string, size: number, seed: number, line: Line, end = ''): void {
  const random = new Random(seed);
  const file = openSync(path, 'w');
  let number = 0;
  for (let written = 0; written < size; ) {
    let part = '';
    while (part.length < Math.min(PART, size - written)) part += line(random, number++);
    written += writeSync(file, part);
  }
  writeSync(file, end);
  closeSync(file);
}

/** Smooth in places, grainy as a camera's: rows of `width` pixels of three bytes. */
export function* imageRows(width: number, height: number, seed: number): Generator<Uint8Array> {
  const random = new Random(seed);
  const grain = random.bytes(1 << 16);
  const row = new Uint8Array(width * 3);
  for (let y = 0; y < height; y++) {
    const shift = random.below(grain.length);
    for (let i = 0; i < row.length; i++) {
      const slope = 128 + 90 * Math.sin((i / 3 + y * 0.7) * 0.004 + (i % 3));
      row[i] = slope + (grain[(i + shift) & 0xffff]! & 15);
    }
    yield row;
  }
}

/** A PPM, for the encoders of others. */
export function writePpm(path: string, width: number, height: number, seed: number): void {
  const file = openSync(path, 'w');
  writeSync(file, `P6\n${width} ${height}\n255\n`);
  for (const row of imageRows(width, height, seed)) writeSync(file, row);
  closeSync(file);
}

/** PNG (ISO/IEC 15948): each row with the filter Sub; the stream of all in chunks of 64 KiB. */
export function writePng(path: string, width: number, height: number, seed: number): void {
  const raw = new Uint8Array((width * 3 + 1) * height);
  let at = 0;
  for (const row of imageRows(width, height, seed)) {
    raw[at++] = 1;
    for (let i = 0; i < row.length; i++) raw[at++] = row[i]! - (i < 3 ? 0 : row[i - 3]!);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const packed = deflateSync(raw, { level: 1 });
  const file = openSync(path, 'w');
  writeSync(file, Buffer.from('89504e470d0a1a0a', 'hex'));
  writeChunk(file, 'IHDR', head);
  for (let from = 0; from < packed.length; from += 65536)
    writeChunk(file, 'IDAT', packed.subarray(from, from + 65536));
  writeChunk(file, 'IEND', Buffer.alloc(0));
  closeSync(file);
}

/** 16-bit stereo: three tones that wander, and noise of a quiet room. */
export function writeWav(path: string, bytes: number, seed: number): void {
  const random = new Random(seed);
  const size = bytes & ~3;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + size, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(44_100, 24);
  head.writeUInt32LE(44_100 * 4, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(size, 40);
  const file = openSync(path, 'w');
  writeSync(file, head);
  const noise = new Int16Array(1 << 16).map(() => random.below(256) - 128);
  for (let from = 0; from < size; from += PART) {
    const samples = new Int16Array(Math.min(PART, size - from) / 2);
    const shift = random.below(noise.length);
    for (let i = 0; i < samples.length; i++) {
      const t = (from / 2 + i) / 2;
      const tone = Math.sin(t * 0.031) + Math.sin(t * 0.0173) + Math.sin(t * 0.00091);
      samples[i] = tone * 6000 + noise[(i + shift) & 0xffff]!;
    }
    writeSync(file, samples);
  }
  closeSync(file);
}

function writeChunk(file: number, type: string, data: Uint8Array): void {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  writeSync(file, chunk);
}

function phrase(random: Random, count: number): string {
  return Array.from({ length: count }, () => words[random.below(words.length)]!).join(' ');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
