import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type FrameHeader, readHeader } from './header.ts';

/** What a walk over frames found. */
export interface FrameChain {
  readonly first: FrameHeader;
  readonly frames: number;
  /** Bytes of the longest frame. */
  readonly longest: number;
  /** Runs of frames that follow each other. */
  readonly runs: readonly { start: number; end: number }[];
  readonly isWhole: boolean;
  readonly end: number;
}

/**
 * Walks the frames of [start, end): each tells where the next begins, and sync, version, layer and sample rate
 * stay the same. A last frame that is cut is what editors leave. @throws Broken where none begins
 */
export function walkFrames(reader: Reader, ledger: Ledger, start: number, end: number): FrameChain {
  const first = headerAt(reader, start, end);
  if (first === null) throw new Broken(start, 'frame header', 'sync, layer, rates', 'something else');
  const free = first.length === 0 ? freeLength(reader, start, end, first) : 0;
  const runs = [{ start, end: start }];
  let [at, frames, longest, isWhole] = [start, 0, 0, true];
  while (at < end) {
    reader.meter.step();
    const header = headerAt(reader, at, end);
    const length = header === null ? 0 : header.length || free + header.padding;
    if (header === null || header.constant !== first.constant || length < 5) {
      const next = resync(reader, at + 1, end, first);
      if (next < 0) break;
      isWhole = false;
      ledger.broken(new Broken(at, 'frame header', 'the stream’s own', 'something else'), next);
      runs.push({ start: next, end: next });
      at = next;
      continue;
    }
    if (at + length > end) {
      if (end < reader.size || frames > 0)
        ledger.oddity(at, `the last frame lacks ${at + length - end} bytes`);
      else throw new Truncated(end, 'frame', at + length - end);
      at = end;
    } else at += length;
    frames++;
    longest = Math.max(longest, length);
    runs[runs.length - 1]!.end = at;
  }
  return { first, frames, longest, runs, isWhole, end: at };
}

export function headerAt(reader: Reader, at: number, end: number): FrameHeader | null {
  return at + 4 <= end ? readHeader(reader.u32be(at)) : null;
}

/** Frames of a free bit rate are as long as it is to the next header like the first. */
function freeLength(reader: Reader, start: number, end: number, first: FrameHeader): number {
  for (let at = start + 24; at + 4 <= Math.min(end, start + 8192); at++) {
    const header = headerAt(reader, at, end);
    if (header?.constant === first.constant && header.length === 0) return at - start - first.padding;
  }
  throw new Broken(start, 'frame of a free bit rate', 'another behind it', 'none');
}

/** The next header of the stream that another one follows; −1 where there is none. */
function resync(reader: Reader, from: number, end: number, first: FrameHeader): number {
  for (let at = reader.indexOf('\xff', from, end); at >= 0; at = reader.indexOf('\xff', at + 1, end)) {
    reader.meter.step();
    const header = headerAt(reader, at, end);
    if (header === null || header.constant !== first.constant || header.length === 0) continue;
    const next = headerAt(reader, at + header.length, end);
    if (next?.constant === first.constant) return at;
  }
  return -1;
}
