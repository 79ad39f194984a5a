import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { crc32Forward } from '../ogg/crc.ts';
import { accountTail } from '../tail.ts';

const PACKET = 188;
const SYNC = 0x47;
const NULL_PID = 0x1fff;

const proof =
  'a sync byte, a known stream and a running counter every 188 bytes, so that random bytes longer than a packet break them; CRC-32 of tables';

export const mpegTs: Format = {
  id: 'mpeg-ts',
  title: 'MPEG transport stream',
  // `.ts` and `.mts` are source code on most servers: they promise nothing here.
  extensions: ['tp', 'trp', 'm2t'],
  signatures: [
    {
      at: 0,
      hex: `47${'00'.repeat(187)}47${'00'.repeat(187)}47`,
      mask: `ff${'00'.repeat(187)}ff${'00'.repeat(187)}ff`,
    },
  ],
  spec: 'ISO/IEC 13818-1, section 2.4.3',
  proof,
  texture: 'dense',
  verify: (reader, ledger) => accountPackets(reader, ledger, 0),
};

/** Blu-ray puts four bytes of time before each packet. */
export const m2ts: Format = {
  ...mpegTs,
  id: 'm2ts',
  title: 'Blu-ray transport stream',
  extensions: ['m2ts'],
  signatures: [
    {
      at: 4,
      hex: `47${'00'.repeat(191)}47${'00'.repeat(191)}47`,
      mask: `ff${'00'.repeat(191)}ff${'00'.repeat(191)}ff`,
    },
  ],
  spec: 'BDAV MPEG-2 transport stream; ISO/IEC 13818-1, section 2.4.3',
  verify: (reader, ledger) => accountPackets(reader, ledger, 4),
};

/** How often each stream occurs, and the last value of its counter. */
interface Stream {
  packets: number;
  counter: number;
  jumps: number;
}

function accountPackets(reader: Reader, ledger: Ledger, lead: number): void {
  const streams = countStreams(reader, lead);
  const size = lead + PACKET;
  let [at, from] = [0, 0];
  while (at + size <= reader.size) {
    reader.meter.step();
    const problem = checkPacket(reader, at + lead, streams);
    if (problem === null) {
      at += size;
      continue;
    }
    claim(ledger, from, at, size);
    const next = resync(reader, at + 1, lead);
    if (next < 0) {
      if (at > 0 && at + size * 4 > reader.size) accountTail(reader, ledger, at);
      else ledger.broken(problem, reader.size);
      return;
    }
    ledger.broken(problem, next);
    [at, from] = [next, next];
  }
  claim(ledger, from, at, size);
  if (at < reader.size) ledger.broken(new Truncated(reader.size, 'packet', at + size - reader.size));
}

/** A whole header lies in every run longer than a packet: 8 bits of sync, 13 of a stream, 4 of its counter. */
function claim(ledger: Ledger, start: number, end: number, size: number): void {
  ledger.account(start, end, 'structure', 'chain of packets', 2 * size);
}

/** Streams of a handful of packets are what random bytes would make of others. */
function countStreams(reader: Reader, lead: number): Map<number, Stream> {
  const streams = new Map<number, Stream>();
  for (let at = lead; at + PACKET <= reader.size; at += lead + PACKET) {
    reader.meter.step();
    if (reader.u8(at) !== SYNC) continue;
    const pid = reader.u16be(at + 1) & 0x1fff;
    const stream = streams.get(pid);
    if (stream === undefined) streams.set(pid, { packets: 1, counter: -1, jumps: 0 });
    else stream.packets++;
  }
  return streams;
}

function checkPacket(reader: Reader, at: number, streams: Map<number, Stream>): Broken | null {
  if (reader.u8(at) !== SYNC) return new Broken(at, 'sync byte', '47', reader.u8(at).toString(16));
  const word = reader.u16be(at + 1);
  if ((word & 0x8000) !== 0) return new Broken(at + 1, 'transport error flag', 0, 1);
  const flags = reader.u8(at + 3);
  const control = (flags >> 4) & 3;
  if (control === 0) return new Broken(at + 3, 'adaptation field control', '1–3', 0);
  if ((control & 2) !== 0 && reader.u8(at + 4) > 183)
    return new Broken(at + 4, 'adaptation field length', 'at most 183', reader.u8(at + 4));
  return checkStream(reader, at, word & 0x1fff, flags & 15, control, streams);
}

/** Counters run on with each payload; one may come twice, and a flag announces jumps (section 2.4.3.3). */
function checkStream(
  reader: Reader,
  at: number,
  pid: number,
  counter: number,
  control: number,
  streams: Map<number, Stream>,
): Broken | null {
  const stream = streams.get(pid);
  if (stream === undefined || pid === NULL_PID) return null;
  const isFirst = stream.counter < 0;
  const wanted = (control & 1) === 0 ? stream.counter : (stream.counter + 1) & 15;
  const isAnnounced = (control & 2) !== 0 && reader.u8(at + 4) > 0 && (reader.u8(at + 5) & 0x80) !== 0;
  const isRight = isFirst || counter === wanted || counter === stream.counter || isAnnounced;
  stream.counter = counter;
  if (isRight) return checkSection(reader, at, pid, control);
  stream.jumps++;
  // A lost packet is what reception does; many streams of one packet are not.
  if (stream.packets > 2 && stream.jumps <= 1 + stream.packets / 100) return null;
  return new Broken(at + 3, 'continuity counter', wanted, counter);
}

const ALL_ONES = 0xffffffff;

/** The tables of programs begin in a packet of their own; those that end in it are summed up (section 2.4.4). */
function checkSection(reader: Reader, at: number, pid: number, control: number): Broken | null {
  const begins = (reader.u8(at + 1) & 0x40) !== 0;
  if (pid !== 0 || !begins || (control & 1) === 0) return null;
  const payload = at + 4 + ((control & 2) === 0 ? 0 : 1 + reader.u8(at + 4));
  const section = payload + 1 + reader.u8(payload);
  if (section + 3 > at + PACKET) return null;
  const end = section + 3 + (reader.u16be(section + 1) & 0xfff);
  if (end > at + PACKET) return null;
  const bytes = reader.bytes(section, end - section);
  return crc32Forward(bytes, 0, bytes.length, ALL_ONES) === 0
    ? null
    : new Broken(end - 4, 'CRC-32 of a table', 0, 'another');
}

/** The next place from which four packets follow each other. */
function resync(reader: Reader, from: number, lead: number): number {
  const size = lead + PACKET;
  for (let at = from; at + 4 * size <= reader.size; at++) {
    reader.meter.step();
    if ([0, 1, 2, 3].every((i) => reader.u8(at + lead + i * size) === SYNC)) return at;
  }
  return -1;
}
