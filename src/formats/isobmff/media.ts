import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { accountTail, isZeroFilled } from '../tail.ts';
import { type Box, readBox } from './boxes.ts';
import { runsOf } from './fragments.ts';
import { accountItems } from './items.ts';
import { accountLeaf, type Surroundings } from './leaves.ts';
import { type Movie, newMovie, openBox, readMovie } from './movie.ts';
import { Payload } from './payload.ts';
import { chunksOf } from './samples.ts';
import { accountTables } from './tables.ts';
import { walkTree } from './tree.ts';

/** Accounts for a file of the ISO base media format, QuickTime and HEIF included, and gives its top-level boxes. */
export function accountMedia(reader: Reader, ledger: Ledger, context: Context): readonly Box[] {
  const at = { reader, ledger, context };
  const { boxes, stopped } = readTop(at);
  const movie = newMovie();
  for (const box of boxes) accountBox(at, box, movie);
  accountTracks(at, movie);
  accountFragments(at, boxes, movie);
  for (const box of boxes) if (box.type === 'meta') accountItems(at, box);
  checkEssentials(ledger, boxes, stopped);
  return boxes;
}

const MOST_BOXES = 100_000;

/** Boxes of the file itself. What comes after the last one is told. */
function readTop({ reader, ledger }: Surroundings): { boxes: Box[]; stopped: boolean } {
  const boxes: Box[] = [];
  for (let at = 0; at < reader.size; ) {
    reader.meter.step();
    try {
      const box = readBox(reader, at, reader.size);
      if (boxes.length < MOST_BOXES) boxes.push(box);
      ledger.account(box.start, box.body, 'structure', 'box header', 8);
      at = box.end;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      return { boxes, stopped: endTop(reader, ledger, boxes, at, error) };
    }
  }
  return { boxes, stopped: false };
}

/** Zeros and short rests behind the last box are a tail; a box that is cut, or none at all, is not. */
function endTop(reader: Reader, ledger: Ledger, boxes: readonly Box[], at: number, error: Broken): boolean {
  if (isZeroFilled(reader, at, reader.size)) {
    accountTail(reader, ledger, at);
    return false;
  }
  const hasAll = boxes.some(({ type }) => type === 'moov') && boxes.some(({ type }) => type === 'mdat');
  if (hasAll && !(error instanceof Truncated)) ledger.trailing(at, reader.size);
  else ledger.broken(error);
  return true;
}

/** A box of the file without its samples. */
function accountBox(at: Surroundings, box: Box, movie: Movie): void {
  try {
    if (box.type === 'moov') readMovie(at, box, movie);
    else if (box.type === 'meta' || box.type === 'moof' || box.type === 'mfra' || box.type === 'udta')
      accountTree(at, box);
    else if (box.type !== 'mdat') accountLeaf(at, box);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    at.ledger.broken(error, box.end);
  }
}

const opened = new Set(['traf', 'iprp', 'ipco']);

function accountTree(at: Surroundings, box: Box): void {
  const start = box.type === 'meta' ? (openBox(at.reader, box, [], undefined) ?? box.body) : box.body;
  at.ledger.account(box.body, start, 'structure', 'version and flags');
  const open = (inner: Box, parents: readonly Box[]) =>
    opened.has(inner.type) ? inner.body : openBox(at.reader, inner, parents, undefined);
  walkTree(at, { start, end: box.end }, open, (inner, _parents, isLeaf) => {
    if (isLeaf) accountLeaf(at, inner);
  });
}

function accountTracks({ reader, ledger }: Surroundings, movie: Movie): void {
  const data = reader.within(0, reader.size);
  for (const track of movie.tracks) {
    if (track.isElsewhere) {
      ledger.oddity(track.tables.chunks?.box.start ?? 0, 'samples of a track stand in another file');
      continue;
    }
    const payload = new Payload(data, ledger);
    try {
      for (const chunk of chunksOf(reader, track)) payload.take(chunk);
      accountTables(reader, ledger, track);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      ledger.broken(error);
    }
    payload.claim();
    noteScheme(ledger, track.descriptions);
  }
}

/** A track without samples here, as in the first segment of a stream, may still say that they are encrypted. */
function noteScheme(ledger: Ledger, descriptions: Movie['tracks'][number]['descriptions']): void {
  const sealed = descriptions.find(({ scheme }) => scheme !== null);
  if (sealed === undefined) return;
  const { start, end } = sealed.box;
  ledger.observe({ kind: 'protected', start, end, scheme: sealed.scheme ?? '' });
}

function accountFragments({ reader, ledger }: Surroundings, boxes: readonly Box[], movie: Movie): void {
  const data = reader.within(0, reader.size);
  const payloads = new Map<number, Payload>();
  for (const box of boxes) {
    if (box.type !== 'moof') continue;
    try {
      for (const { track, chunk } of runsOf(reader, box, movie)) {
        const payload = payloads.get(track) ?? new Payload(data, ledger);
        payloads.set(track, payload);
        payload.take(chunk);
      }
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      ledger.broken(error, box.end);
    }
  }
  for (const payload of payloads.values()) payload.claim();
}

/** Media data that nothing describes: the recording ended before its description was written. */
function checkEssentials(ledger: Ledger, boxes: readonly Box[], stopped: boolean): void {
  const has = (...types: string[]) => boxes.some(({ type }) => types.includes(type));
  if (stopped || has('moov', 'moof', 'meta', 'styp', 'sidx', 'pnot', 'PICT')) return;
  ledger.broken(new Broken(0, 'description of the media data', 'moov, moof or meta', 'none'));
}
