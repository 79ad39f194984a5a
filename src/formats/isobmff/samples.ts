import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Description, Tables, Track } from './track.ts';

/** Samples that stand one behind the other: a chunk of a track, or a run of a fragment. */
export interface Chunk extends Range {
  readonly description: Description | undefined;
  /** Sizes of its samples in bytes, in order; null where they are of PCM, without bounds that matter. */
  readonly sizes: Iterable<number> | null;
}

/** The chunks of a track in order, by `stsc`, `stco` and `stsz`. @throws Broken, Truncated */
export function* chunksOf(reader: Reader, track: Track): Generator<Chunk, void, undefined> {
  const { sizes, chunks, toChunk } = track.tables;
  if (sizes === null || chunks === null || toChunk === null || toChunk.count === 0) return;
  let sample = 0;
  let entry = 0;
  for (let number = 1; number <= chunks.count && sample < sizes.count; number++) {
    reader.meter.step();
    while (entry + 1 < toChunk.count && reader.u32be(toChunk.at + 12 * (entry + 1)) <= number) entry++;
    const perChunk = reader.u32be(toChunk.at + 12 * entry + 4, 'samples per chunk');
    const count = Math.min(perChunk, sizes.count - sample);
    const description = track.descriptions[reader.u32be(toChunk.at + 12 * entry + 8) - 1];
    const at = chunks.at + chunks.width * (number - 1);
    const start = chunks.width === 8 ? reader.u64be(at) : reader.u32be(at, 'chunk offset');
    yield chunkAt(reader, sizes, description, { start, first: sample, count, at });
    sample += count;
  }
  if (sample !== sizes.count) throw new Broken(toChunk.box.start, 'samples in chunks', sizes.count, sample);
}

type Sizes = NonNullable<Tables['sizes']>;

interface Place {
  readonly start: number;
  readonly first: number;
  readonly count: number;
  /** Where the offset stands. */
  readonly at: number;
}

function chunkAt(reader: Reader, sizes: Sizes, description: Description | undefined, place: Place): Chunk {
  const { start, first, count, at } = place;
  const isFrames = sizes.uniform > 0 && sizes.uniform <= 8 && (description?.frameBytes ?? 0) > 0;
  const length = isFrames ? lengthOfFrames(description!, count) : sumOf(reader, sizes, first, count);
  const end = start + length;
  if (start >= reader.size && length > 0) throw new Broken(at, 'chunk offset', `below ${reader.size}`, start);
  if (end > reader.size) throw new Truncated(reader.size, 'samples', end - reader.size);
  const list = isFrames || sizes.uniform > 0 ? null : sizesOf(reader, sizes, first, count);
  return { start, end, description, sizes: list ?? (isFrames ? null : repeat(sizes.uniform, count)) };
}

/** QuickTime counts uncompressed and packed sound in frames, whatever `stsz` says (QTFF, sound sample descriptions). */
function lengthOfFrames({ frameBytes, framesPerPacket }: Description, count: number): number {
  return Math.ceil(count / framesPerPacket) * frameBytes;
}

function sumOf(reader: Reader, sizes: Sizes, first: number, count: number): number {
  if (sizes.uniform > 0) return sizes.uniform * count;
  let sum = 0;
  for (const size of sizesOf(reader, sizes, first, count)) sum += size;
  return sum;
}

function* sizesOf(reader: Reader, { at, bits }: Sizes, first: number, count: number): Generator<number> {
  for (let i = first; i < first + count; i++) {
    reader.meter.step();
    if (bits === 32) yield reader.u32be(at + 4 * i, 'sample size');
    else if (bits === 16) yield reader.u16be(at + 2 * i, 'sample size');
    else if (bits === 8) yield reader.u8(at + i, 'sample size');
    else yield (reader.u8(at + (i >> 1), 'sample size') >> (i % 2 === 0 ? 4 : 0)) & 15;
  }
}

function* repeat(size: number, count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield size;
}
