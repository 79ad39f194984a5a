import type { Range } from '../../bytes/range.ts';
import type { ReportedExtent } from '../../report/line.ts';
import type { Container, Piece } from './container.ts';
import type { Extent } from './file-system.ts';
import type { Volume } from './volumes.ts';

/** Where a file's bytes are stored, and how many runs were left out. */
export interface Placement {
  readonly extents: readonly ReportedExtent[];
  readonly leftOut: number;
}

/** Pieces of the image that are looked at for one file: a compressed chunk is one, and large files have millions. */
const MOST_PIECES = 100_000;

/**
 * Follows a file's extents through its volume to the files that hold the image. Runs that go on in all of these are one.
 * @param most extents to give; the others are counted
 */
export function placeExtents(
  container: Container,
  volume: Volume,
  extents: readonly Extent[],
  most: number,
): Placement {
  const list = new PlacedList(most);
  let pieces = 0;
  for (const extent of extents) {
    if (extent.kind === 'zero') list.add({ start: extent.start, end: extent.end, zero: true });
    else if (pieces > MOST_PIECES) list.leftOut++;
    else
      for (const placed of placeExtent(container, volume, extent)) {
        list.add(placed);
        pieces++;
      }
  }
  return { extents: list.extents, leftOut: list.leftOut };
}

type StoredExtent = Exclude<Extent, { kind: 'zero' }>;

function* placeExtent(
  container: Container,
  volume: Volume,
  extent: StoredExtent,
): Generator<ReportedExtent & { disk: number }> {
  const length = extent.kind === 'compressed' ? extent.stored : extent.end - extent.start;
  for (const { start, end, disk } of diskRanges(volume.parts, extent.at, extent.at + length)) {
    if (extent.kind === 'compressed') {
      yield packedExtent(container, extent, disk, end - start);
      return;
    }
    const shift = extent.start + start - extent.at - disk;
    for (const piece of container.map(disk, disk + end - start)) {
      yield { start: piece.start + shift, end: piece.end + shift, disk: piece.start, ...storageOf(piece) };
    }
  }
}

/** Compressed by the file system: its bytes have no places of their own, so that only the whole run has one. */
function packedExtent(
  container: Container,
  { start, end, stored }: StoredExtent & { kind: 'compressed' },
  disk: number,
  length: number,
): ReportedExtent & { disk: number } {
  const [piece] = container.map(disk, disk + length);
  const place = piece === undefined ? {} : storageOf(piece);
  return { start, end, disk, packed: stored, ...place };
}

function storageOf(piece: Piece): Partial<ReportedExtent> {
  switch (piece.kind) {
    case 'data':
      return { file: piece.file, at: piece.at };
    case 'compressed':
      return { file: piece.file, at: piece.at, stored: piece.stored };
    case 'zero':
      return { zero: true };
    case 'unreadable':
      return { unreadable: piece.why };
  }
}

/** The ranges of the disk that a range of the volume stands for. */
function* diskRanges(
  parts: readonly Range[],
  start: number,
  end: number,
): Generator<Range & { disk: number }> {
  let at = 0;
  for (const part of parts) {
    const length = part.end - part.start;
    const from = Math.max(start, at);
    const to = Math.min(end, at + length);
    if (from < to) yield { start: from, end: to, disk: part.start + from - at };
    at += length;
    if (at >= end) return;
  }
}

type Growing = { -readonly [Key in keyof ReportedExtent]: ReportedExtent[Key] };

class PlacedList {
  readonly extents: Growing[] = [];
  leftOut = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(next: ReportedExtent): void {
    const last = this.extents.at(-1);
    if (last !== undefined && this.leftOut === 0 && extend(last, next)) return;
    if (this.extents.length >= this.#most) this.leftOut++;
    else this.extents.push({ ...next });
  }
}

/** Whether `next` goes on where `last` ends, everywhere; then `last` takes it in. */
function extend(last: Growing, next: ReportedExtent): boolean {
  const length = last.end - last.start;
  const goesOn =
    last.end === next.start &&
    last.packed === undefined &&
    next.packed === undefined &&
    last.zero === next.zero &&
    last.unreadable === next.unreadable &&
    last.file === next.file &&
    (last.disk === undefined ? next.disk === undefined : last.disk + length === next.disk);
  if (!goesOn || !goesOnInFile(last, next, length)) return false;
  if (last.stored !== undefined && last.at !== next.at) last.stored = next.at! + next.stored! - last.at!;
  last.end = next.end;
  return true;
}

/** Compressed chunks stand one behind the other; neighbouring files share one. */
function goesOnInFile(last: ReportedExtent, next: ReportedExtent, length: number): boolean {
  if (last.at === undefined || next.at === undefined) return last.at === next.at;
  if (last.stored === undefined || next.stored === undefined)
    return last.stored === next.stored && last.at + length === next.at;
  return last.at + last.stored === next.at || (last.at === next.at && last.stored === next.stored);
}
