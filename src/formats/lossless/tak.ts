import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc24 } from '../../checks/crc24.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTailTags } from '../tags/tail-tags.ts';

const HEAD = 4;
const SUM = 3;
/** Bytes of the header of a frame before its sum, at least and at most. */
const [LEAST_HEADER, MOST_HEADER] = [5, 48];
/** A frame has up to 250 ms of samples. */
const MOST_FRAME = 1 << 20;
/** Eight random bytes change a sum of 24 bits without its notice once in 16 million. */
const FLOOR = 4;

export const tak: Format = {
  id: 'tak',
  title: 'TAK audio',
  extensions: ['tak'],
  signatures: [{ at: 0, hex: '7442614b' }],
  spec: 'FFmpeg source, libavformat/takdec.c, libavcodec/tak.c',
  proof: 'CRC-24 of the parts of the header, and of head and data of each frame',
  texture: 'dense',
  verify(reader, ledger, context): void {
    reader.expect(0, 'tBaK', 'magic');
    ledger.account(0, HEAD, 'structure', 'magic');
    const start = accountParts(reader, ledger);
    const end = accountTailTags({ reader, ledger, context, start, end: reader.size });
    accountFrames(reader, ledger, start, end);
  },
};

/** A type, a length of 24 bits, and data with their CRC-24; type 0 ends them. */
function accountParts(reader: Reader, ledger: Ledger): number {
  for (let at = HEAD; ; ) {
    reader.meter.step();
    const type = reader.u8(at, 'part of the header') & 0x7f;
    const body = at + HEAD;
    const end = body + (reader.u32le(at, 'part of the header') >>> 8);
    ledger.account(at, body, 'structure', 'head of a part');
    if (type === 0) return end;
    if (end > reader.size) throw new Truncated(reader.size, 'part of the header', end - reader.size);
    if (end >= body + SUM) checkSum(reader, body, end, 'part of the header');
    ledger.account(body, end, 'checksum', 'CRC-24', FLOOR);
    at = end;
  }
}

function checkSum(reader: Reader, start: number, end: number, what: string): void {
  const sum = crc24(reader.bytes(start, end - start - SUM, what));
  const stored = sumAt(reader, end - SUM);
  if (sum !== stored) throw new Broken(start, `CRC-24 of a ${what}`, stored, sum);
}

function sumAt(reader: Reader, at: number): number {
  return reader.u16le(at) | (reader.u8(at + 2) << 16);
}

/** Frames don't say how long they are: each goes on to the next header that proves itself. */
function accountFrames(reader: Reader, ledger: Ledger, start: number, end: number): void {
  for (let at = start; at < end; ) {
    reader.meter.step();
    const body = at + headerLength(reader, at, end);
    if (body === at) throw new Broken(at, 'header of a frame', 'FF A0 and a CRC-24', 'others');
    ledger.account(at, body, 'checksum', 'CRC-24', FLOOR);
    const next = findHeader(reader, body, end);
    try {
      checkSum(reader, body, next, 'frame');
      ledger.account(body, next, 'checksum', 'CRC-24', FLOOR);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      ledger.broken(error, next);
    }
    at = next;
  }
}

/** With its sum; 0 where no header stands. */
function headerLength(reader: Reader, at: number, end: number): number {
  if (!reader.has(at, [0xff, 0xa0])) return 0;
  for (let length = LEAST_HEADER; length <= MOST_HEADER && at + length + SUM <= end; length++) {
    if (crc24(reader.bytes(at, length)) === sumAt(reader, at + length)) return length + SUM;
  }
  return 0;
}

function findHeader(reader: Reader, from: number, end: number): number {
  const limit = Math.min(end, from + MOST_FRAME);
  for (let at = from; ; at++) {
    reader.meter.step();
    at = reader.indexOf(Uint8Array.of(0xff, 0xa0), at, limit);
    if (at < 0) return limit;
    if (headerLength(reader, at, end) > 0) return at;
  }
}
