import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountId3, id3Length } from '../tags/id3v2.ts';
import { accountTailTags } from '../tags/tail-tags.ts';

const HEADER = 7;

export const adts: Format = {
  id: 'adts',
  title: 'AAC audio, ADTS frames',
  extensions: ['aac', 'adts'],
  signatures: [],
  spec: 'ISO/IEC 14496-3, section 1.A.3',
  proof: 'a chain of frames whose headers agree, so that random bytes longer than a frame break it',
  texture: 'dense',
  recognise: (head, size) => size > HEADER && isChain(head),
  verify(reader, ledger, context): void {
    const whole = { reader, ledger, context, start: 0, end: reader.size };
    const start = id3Length(reader, 0) > 0 ? accountId3(whole) : 0;
    const end = accountTailTags({ ...whole, start });
    walkFrames(reader, ledger, start, end);
  },
};

function isChain(head: Uint8Array): boolean {
  if (head[0] !== 0xff || (head[1]! & 0xf6) !== 0xf0) return false;
  const next = ((head[3]! & 3) << 11) | (head[4]! << 3) | (head[5]! >> 5);
  if (next < HEADER) return false;
  return next + 2 > head.length || (head[next] === 0xff && head[next + 1] === head[1]);
}

/** Sync, layer 0, profile, rate and channels stay the same; 13 bits tell the length. */
function walkFrames(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const first = constantOf(reader, start) === NONE ? resync(reader, start + 1, end, NONE) : start;
  if (first !== start)
    ledger.broken(new Broken(start, 'ADTS header', 'FFF', 'something else'), first < 0 ? end : first);
  if (first < 0) return;
  const constant = constantOf(reader, first);
  let [at, from, longest, frames] = [first, first, 0, 0];
  const claim = () => claimChain(ledger, { start: from, end: Math.min(at, end) }, frames, longest);
  while (at < end) {
    reader.meter.step();
    const length = at + HEADER <= end && constantOf(reader, at) === constant ? lengthAt(reader, at) : 0;
    if (length < HEADER) {
      const next = resync(reader, at + 1, end, constant);
      claim();
      ledger.broken(
        new Broken(at, 'ADTS header', 'the stream’s own', 'something else'),
        next < 0 ? end : next,
      );
      if (next < 0) return;
      [at, from, frames] = [next, next, 0];
      continue;
    }
    longest = Math.max(longest, length);
    if (at + length > end) ledger.oddity(at, `the last frame lacks ${at + length - end} bytes`);
    at += length;
    frames++;
  }
  claim();
}

/** One header alone stands among random bytes once in some thousand places; a second where it says does not. */
function claimChain(ledger: Ledger, { start, end }: Range, frames: number, longest: number): void {
  if (frames < 2) ledger.coded(start, end, 'a single frame');
  else ledger.account(start, end, 'structure', 'chain of frames', longest + 24);
}

/** What no header gives. */
const NONE = -1;

/** The first 28 bits without the flag of private use; `NONE` where no header stands. @throws Broken */
function constantOf(reader: Reader, at: number): number {
  const word = reader.u32be(at, 'ADTS header');
  if (word >>> 20 !== 0xfff || ((word >>> 17) & 3) !== 0) return NONE;
  return word & 0xfffefdc0;
}

function lengthAt(reader: Reader, at: number): number {
  return ((reader.u8(at + 3) & 3) << 11) | (reader.u8(at + 4) << 3) | (reader.u8(at + 5) >> 5);
}

/** Where the next frame starts that another one follows, both with this constant, or any where it's `NONE`; −1 if none. */
function resync(reader: Reader, from: number, end: number, constant: number): number {
  for (let at = reader.indexOf('\xff', from, end); at >= 0; at = reader.indexOf('\xff', at + 1, end)) {
    reader.meter.step();
    const own = at + HEADER > end ? NONE : constantOf(reader, at);
    if (own === NONE || (constant !== NONE && own !== constant)) continue;
    const next = at + lengthAt(reader, at);
    if (next > at && next + HEADER <= end && constantOf(reader, next) === own) return at;
  }
  return -1;
}
