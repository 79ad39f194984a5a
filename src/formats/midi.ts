import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Format } from './format.ts';
import { accountTextOrRaw } from './short-text.ts';
import type { Place } from './stored.ts';
import { accountTail } from './tail.ts';

export const midi: Format = {
  id: 'midi',
  title: 'Standard MIDI file',
  extensions: ['mid', 'midi', 'kar', 'smf'],
  signatures: [{ at: 0, hex: '4d54686400000006' }],
  spec: 'Standard MIDI Files 1.0',
  proof:
    'chunks tile the file, and the events of each track, whose data bytes are below 128, end exactly with it',
  texture: 'plain',
  verify(reader, ledger, context): void {
    const [kind, tracks] = [reader.u16be(8), reader.u16be(10)];
    if (kind > 2 || tracks === 0)
      throw new Broken(8, 'format and tracks', '0–2, at least 1', `${kind}, ${tracks}`);
    reader.u16be(12, 'division');
    ledger.account(0, 14, 'structure', 'header', 8);
    let at = 14;
    for (let seen = 0; at + 8 <= reader.size && (seen < tracks || reader.has(at, 'MTrk')); ) {
      reader.meter.step();
      const type = reader.latin1(at, 4, 'chunk');
      if (!/^[\x20-\x7e]{4}$/.test(type)) throw new Broken(at, 'chunk type', 'MTrk', type);
      const body = at + 8;
      const end = body + reader.u32be(at + 4, 'chunk size');
      if (end > reader.size) throw new Truncated(reader.size, `chunk ${type}`, end - reader.size);
      ledger.account(at, body, 'structure', 'chunk header', 8);
      const place = { reader, ledger, context, start: body, end };
      if (type === 'MTrk') accountTrack(place);
      else accountTextOrRaw(reader, ledger, body, end, `chunk ${type}`);
      if (type === 'MTrk') seen++;
      at = end;
    }
    accountTail(reader, ledger, at);
  },
};

/** Half of all bytes are no data bytes: 24 random ones in a row are. */
const FLOOR = 64;

function accountTrack({ reader, ledger, start, end }: Place): void {
  try {
    walkEvents(reader, start, end);
    ledger.account(start, end, 'grammar', 'events', FLOOR);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

/** Data bytes of channel messages 8 to E. */
const dataBytes = [2, 2, 2, 2, 1, 1, 2];

function walkEvents(reader: Reader, start: number, end: number): void {
  let status = 0;
  let isEnded = false;
  for (let at = start; at < end; ) {
    reader.meter.step();
    if (isEnded) throw new Broken(at, 'event', 'none behind the end of the track', 'one');
    at = afterVariable(reader, at, end);
    const first = reader.u8(at, 'event');
    if (first === 0xff) {
      isEnded = reader.u8(at + 1, 'meta event') === 0x2f;
      at = afterLength(reader, at + 2, end);
    } else if (first === 0xf0 || first === 0xf7) at = afterLength(reader, at + 1, end);
    else {
      if (first >= 0xf0) throw new Broken(at, 'event', 'of a channel', first);
      if (first >= 0x80) {
        status = first;
        at++;
      }
      if (status === 0) throw new Broken(at, 'event', 'a status', first);
      for (let left = dataBytes[(status >> 4) - 8]!; left > 0; left--, at++) {
        if (at >= end || reader.u8(at) >= 0x80)
          throw new Broken(at, 'data byte', 'below 128', at >= end ? 'the end' : reader.u8(at));
      }
    }
  }
}

/** Behind a number of seven bits a byte, four bytes at most. */
function afterVariable(reader: Reader, at: number, end: number): number {
  for (let i = 0; i < 4 && at + i < end; i++) if (reader.u8(at + i) < 0x80) return at + i + 1;
  throw new Broken(at, 'variable length', 'at most 4 bytes', 'more');
}

function afterLength(reader: Reader, at: number, end: number): number {
  const data = afterVariable(reader, at, end);
  let length = 0;
  for (let i = at; i < data; i++) length = length * 128 + (reader.u8(i) & 0x7f);
  if (data + length > end) throw new Broken(at, 'length of an event', `at most ${end - data}`, length);
  return data + length;
}
