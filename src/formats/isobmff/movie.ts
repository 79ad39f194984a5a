import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Box } from './boxes.ts';
import { entryChildren, readDescription, refineDescription } from './description.ts';
import { accountLeaf, type Surroundings } from './leaves.ts';
import { readTable, tableTypes } from './tables.ts';
import { newTrack, type Track } from './track.ts';
import { walkTree } from './tree.ts';

const containers = new Set(
  [
    'moov',
    'trak',
    'mdia',
    'minf',
    'stbl',
    'dinf',
    'edts',
    'udta',
    'mvex',
    'sinf',
    'schi',
    'rinf',
    'wave',
  ].concat(['gmhd', 'ilst', 'meco', 'tapt', 'trgr', 'strk', 'strd', 'hoov', 'clip', 'matt', '----']),
);

/** What the tree of a movie says. */
export interface Movie {
  readonly tracks: Track[];
  /** Default sample sizes of fragments, by track (`trex`, section 8.8.3). */
  readonly defaults: Map<number, number>;
  /** Whether key systems are named (`pssh`). */
  hasKeySystems: boolean;
}

export function newMovie(): Movie {
  return { tracks: [], defaults: new Map(), hasKeySystems: false };
}

/** Accounts for the boxes of `moov` and reads what its tracks say. */
export function readMovie(at: Surroundings, box: Box, movie: Movie): void {
  const { reader } = at;
  const open = (inner: Box, parents: readonly Box[]) => openBox(reader, inner, parents, movie.tracks.at(-1));
  walkTree(at, { start: box.body, end: box.end }, open, (inner, parents, isLeaf) => {
    try {
      take(at, inner, parents, isLeaf, movie);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      at.ledger.broken(error, inner.end);
    }
  });
}

/** Where the children of a box of a movie begin. */
export function openBox(
  reader: Reader,
  box: Box,
  parents: readonly Box[],
  track: Track | undefined,
): number | null {
  const parent = parents.at(-1)?.type;
  if (containers.has(box.type) || parent === 'ilst') return box.body;
  if (box.type === 'stsd' || box.type === 'dref') return box.body + 8;
  if (box.type === 'meta') return metaChildren(reader, box);
  if (parent === 'stsd') return entryChildren(reader, box, track?.handler ?? '');
  return null;
}

/** A full box by ISO/IEC 14496-12, a plain one by QuickTime. */
export function metaChildren(reader: Reader, { body, end }: Box): number {
  const isPlain = body + 8 <= end && reader.has(body + 4, 'hdlr');
  return isPlain ? body : body + 4;
}

function take(at: Surroundings, box: Box, parents: readonly Box[], isLeaf: boolean, movie: Movie): void {
  const { reader, ledger } = at;
  if (box.type === 'trak') movie.tracks.push(newTrack());
  const track = movie.tracks.at(-1);
  const parent = parents.at(-1)?.type;
  if (parent === 'stsd' && track !== undefined) {
    track.descriptions.push(readDescription(reader, box, track.handler));
    ledger.raw(
      box.body,
      isLeaf ? box.end : (openBox(reader, box, parents, track) ?? box.end),
      'sample entry',
    );
    return;
  }
  if (!isLeaf) return;
  if (track !== undefined) readLeaf(reader, box, parents, track);
  if (box.type === 'trex' && box.body + 24 <= box.end)
    movie.defaults.set(reader.u32be(box.body + 4), reader.u32be(box.body + 16));
  if (box.type === 'pssh') movie.hasKeySystems = true;
  accountLeaf(at, box);
}

function readLeaf(reader: Reader, box: Box, parents: readonly Box[], track: Track): void {
  const { type, body, end } = box;
  const parent = parents.at(-1)?.type;
  if (type === 'hdlr' && parent === 'mdia' && body + 12 <= end) track.handler = reader.latin1(body + 8, 4);
  if (type === 'tkhd' && body + 24 <= end) track.id = reader.u32be(body + (reader.u8(body) === 1 ? 20 : 12));
  // Section 8.7.2: flag 1 says that the data stand in this file; QuickTime aliases point elsewhere.
  if (parent === 'dref' && body + 4 <= end && (reader.u8(body + 3) & 1) === 0) track.isElsewhere = true;
  if (tableTypes.has(type)) readTable(reader, box, track.tables);
  const description = track.descriptions.at(-1);
  if (description !== undefined && parents.some((one) => one.type === 'stsd'))
    refineDescription(reader, box, description);
}
