import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type Box, childrenOf } from './boxes.ts';
import type { Movie } from './movie.ts';
import type { Chunk } from './samples.ts';

/** A run of samples of a fragment, and the track it belongs to. */
export interface Run {
  readonly track: number;
  readonly chunk: Chunk;
}

interface Header {
  readonly track: number;
  /** From where the offsets of runs count. */
  readonly base: number;
  readonly size: number;
}

/** The runs of samples that `moof` describes (ISO/IEC 14496-12 sections 8.8.4 to 8.8.8). @throws Broken, Truncated */
export function* runsOf(reader: Reader, moof: Box, movie: Movie): Generator<Run, void, undefined> {
  let previousEnd = moof.start;
  for (const traf of childrenOf(reader, moof.body, moof.end)) {
    if (traf.type !== 'traf') continue;
    let header: Header | null = null;
    let at = 0;
    for (const box of childrenOf(reader, traf.body, traf.end)) {
      if (box.type === 'tfhd') {
        header = readHeader(reader, box, moof, previousEnd, movie);
        at = header.base;
      }
      if (box.type !== 'trun') continue;
      if (header === null) throw new Broken(box.start, 'trun', 'behind tfhd', 'before it');
      const run = readRun(reader, box, header, at, movie);
      yield run;
      at = run.chunk.end;
    }
    previousEnd = Math.max(previousEnd, at);
  }
}

function readHeader(reader: Reader, box: Box, moof: Box, previousEnd: number, movie: Movie): Header {
  const flags = reader.u24be(box.body + 1, 'tfhd');
  const track = reader.u32be(box.body + 4, 'tfhd');
  let at = box.body + 8;
  let base = (flags & 0x20000) !== 0 ? moof.start : previousEnd;
  let size = movie.defaults.get(track) ?? 0;
  if ((flags & 1) !== 0) {
    base = reader.u64be(at, 'base data offset');
    at += 8;
  }
  if ((flags & 2) !== 0) at += 4;
  if ((flags & 8) !== 0) at += 4;
  if ((flags & 16) !== 0) size = reader.u32be(at, 'default sample size');
  return { track, base, size };
}

function readRun(reader: Reader, box: Box, header: Header, follows: number, movie: Movie): Run {
  const flags = reader.u24be(box.body + 1, 'trun');
  const count = reader.u32be(box.body + 4, 'trun');
  let at = box.body + 8;
  let start = follows;
  if ((flags & 1) !== 0) {
    start = header.base + (reader.u32be(at, 'data offset') | 0);
    at += 4;
  }
  if ((flags & 4) !== 0) at += 4;
  const width = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => (flags & flag) !== 0).length;
  if (at + count * width > box.end)
    throw new Broken(box.body + 4, 'samples of trun', Math.floor((box.end - at) / width), count);
  const hasSizes = (flags & 0x200) !== 0;
  const sizeAt = at + ((flags & 0x100) === 0 ? 0 : 4);
  const sizes = hasSizes ? () => fields(reader, sizeAt, width, count) : () => repeat(header.size, count);
  let end = start;
  if (hasSizes) for (const size of sizes()) end += size;
  else end += header.size * count;
  if (start < 0 || start >= reader.size) throw new Broken(box.start, 'data offset', 'inside the file', start);
  if (end > reader.size) throw new Truncated(reader.size, 'samples', end - reader.size);
  const description = movie.tracks.find(({ id }) => id === header.track)?.descriptions[0];
  return { track: header.track, chunk: { start, end, description, sizes: { [Symbol.iterator]: sizes } } };
}

function* fields(reader: Reader, at: number, width: number, count: number): Generator<number> {
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    yield reader.u32be(at + i * width, 'sample size');
  }
}

function* repeat(size: number, count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield size;
}
