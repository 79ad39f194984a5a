import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountId3, id3Length } from '../tags/id3v2.ts';
import { accountTailTags } from '../tags/tail-tags.ts';
import { accountTail, isZeroFilled } from '../tail.ts';
import { LARGEST_PAGE, type Page, readPage } from './page.ts';

export const ogg: Format = {
  id: 'ogg',
  title: 'Ogg container',
  extensions: ['ogg', 'oga', 'ogv', 'ogx', 'ogm', 'opus', 'spx'],
  signatures: [{ at: 0, hex: '4f67675300' }],
  spec: 'RFC 3533; RFC 5334 (codecs)',
  proof:
    'CRC-32 of every page; pages of each stream are numbered without gap; each stream begins as its codec does',
  texture: 'dense',
  verify(reader, ledger, context): void {
    const start = id3Length(reader, 0);
    const whole = { reader, ledger, context, start: 0, end: reader.size };
    if (start > 0) accountId3(whole);
    const end = accountTailTags({ ...whole, start });
    accountPages(reader, ledger, start, end);
  },
};

/** What a logical stream begins with, by codec. */
const codecs: readonly (readonly [string, string])[] = [
  ['\x01vorbis', 'Vorbis'],
  ['OpusHead', 'Opus'],
  ['\x7fFLAC', 'FLAC'],
  ['fLaC', 'FLAC'],
  ['\x80theora', 'Theora'],
  ['Speex   ', 'Speex'],
  ['fishead\0', 'Skeleton'],
  ['OVP80', 'VP8'],
  ['BBCD\0', 'Dirac'],
  ['\x80kate', 'Kate'],
  ['CMML\0', 'CMML'],
  ['PCM     ', 'PCM'],
  ['\x01video', 'OGM video'],
  ['\x01audio', 'OGM audio'],
  ['\x01text', 'OGM text'],
  ['\x01Direct Show', 'OGM'],
  ['\x8aJNG', 'JNG'],
  ['\x8bMNG', 'MNG'],
  ['CELT    ', 'CELT'],
  ['Annodex\0', 'Annodex'],
  ['AnxData\0', 'Annodex'],
  ['YUV4Mpeg', 'YUV4MPEG'],
  ['UVS ', 'uncompressed video'],
];

const MOST_STREAMS = 10_000;

function accountPages(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const sequences = new Map<number, number>();
  let at = start;
  while (at >= 0 && at < end) {
    reader.meter.step();
    if (!reader.has(at, 'OggS') && at > start && isRest(reader, ledger, at, end)) return;
    try {
      const page = readPage(reader, at);
      takePage(reader, ledger, page, sequences);
      ledger.account(page.start, page.end, 'checksum', 'CRC-32 of pages');
      at = page.end;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      const next = findPage(reader, at + 1, end);
      ledger.broken(error, next < 0 ? end : next);
      at = next;
    }
  }
}

/** Zeros and other bytes behind which no page follows. */
function isRest(reader: Reader, ledger: Ledger, at: number, end: number): boolean {
  if (findPage(reader, at, end) >= 0) return false;
  if (end === reader.size) accountTail(reader, ledger, at);
  else if (isZeroFilled(reader, at, end)) ledger.account(at, end, 'padding', 'zeros behind the pages');
  else ledger.trailing(at, end);
  return true;
}

/** The next page from `from` on whose sum fits; the most that is looked through is what the file has. */
function findPage(reader: Reader, from: number, end: number): number {
  for (let at = reader.indexOf('OggS', from, end); at >= 0; at = reader.indexOf('OggS', at + 1, end)) {
    reader.meter.step(64);
    try {
      readPage(reader, at);
      return at;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      if (error instanceof Truncated && at + LARGEST_PAGE < end) return -1;
    }
  }
  return -1;
}

/** Streams begin with a page of their own that names the codec; later pages are numbered. */
function takePage(reader: Reader, ledger: Ledger, page: Page, sequences: Map<number, number>): void {
  const last = sequences.get(page.serial);
  if (page.isFirst) {
    const known = codecs.find(([name]) => reader.has(page.body, name));
    if (known === undefined) ledger.unexamined(page.body, page.end, 'a stream of an unknown codec');
  } else if (last === undefined) ledger.oddity(page.start, 'a stream without its first page');
  else if (page.sequence !== last + 1 && page.sequence !== last)
    ledger.oddity(page.start, `page ${page.sequence} follows page ${last}`);
  sequences.set(page.serial, page.sequence);
  if (sequences.size > MOST_STREAMS) throw new OverBudget('streams of an Ogg file', MOST_STREAMS);
}
