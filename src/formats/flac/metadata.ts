import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountSlack } from '../slack.ts';
import { examineStored, type Place } from '../stored.ts';
import { accountComments } from '../tags/vorbis-comment.ts';

/** What STREAMINFO says (RFC 9639 section 8.2). */
export interface StreamInfo {
  readonly channels: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** Samples of each channel; 0 where the encoder didn't know. */
  readonly samples: number;
  /** Bytes; 0 where the encoder didn't know. */
  readonly largestFrame: number;
  /** MD5 of the samples in hexadecimal. */
  readonly digest: string;
  readonly hasDigest: boolean;
}

const INFO = 34;

export function readStreamInfo(reader: Reader, at: number): StreamInfo {
  const packed = reader.u32be(at + 10, 'STREAMINFO');
  const digest = Buffer.from(reader.bytes(at + 18, 16)).toString('hex');
  return {
    channels: ((packed >>> 9) & 7) + 1,
    depth: ((packed >>> 4) & 31) + 1,
    samples: (packed & 15) * 2 ** 32 + reader.u32be(at + 14),
    largestFrame: reader.u24be(at + 7),
    digest,
    hasDigest: !/^0+$/.test(digest),
  };
}

/** Accounts for the metadata blocks from `start` on; gives what the first says, and where the frames begin. */
export function accountMetadata(place: Place): { info: StreamInfo; end: number } {
  const { reader, ledger, end } = place;
  let info: StreamInfo | null = null;
  let at = place.start;
  for (let isLast = false; !isLast; ) {
    reader.meter.step();
    const header = reader.u8(at, 'metadata block');
    isLast = header >= 0x80;
    const body = at + 4;
    const next = body + reader.u24be(at + 1, 'metadata block length');
    if (next > end) throw new Truncated(end, 'metadata block', next - end);
    ledger.account(at, body, 'structure', 'metadata block header');
    if (info === null) {
      if ((header & 0x7f) !== 0 || next - body !== INFO)
        throw new Broken(at, 'first metadata block', 'STREAMINFO', header);
      info = readStreamInfo(reader, body);
      ledger.account(body, next, 'structure', 'STREAMINFO', 8);
    } else accountBlock({ ...place, start: body, end: next }, header & 0x7f);
    at = next;
  }
  if (info === null) throw new Broken(place.start, 'STREAMINFO', 'one', 'none');
  return { info, end: at };
}

const blocks: readonly ((place: Place) => void)[] = [
  ({ start }) => {
    throw new Broken(start, 'metadata block', 'STREAMINFO only once', 'again');
  },
  ({ reader, ledger, start, end }) => accountSlack(reader, ledger, start, end, 'padding'),
  accountApplication,
  accountSeekTable,
  (place) => expectEnd(place, accountComments(place)),
  accountCueSheet,
  accountPicture,
];

function accountBlock(place: Place, type: number): void {
  const { ledger, start, end } = place;
  const account = blocks[type];
  if (account === undefined) {
    if (type === 127) throw new Broken(start - 4, 'metadata block type', '0–126', type);
    ledger.raw(start, end, `metadata block ${type}`);
    return;
  }
  try {
    account(place);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

function expectEnd({ reader, ledger, end }: Place, at: number): void {
  if (at < end) accountSlack(reader, ledger, at, end, 'padding');
}

/** Section 8.4: who registered it, and what they please. */
function accountApplication({ reader, ledger, start, end }: Place): void {
  accountTextOrRaw(reader, ledger, start, Math.min(end, start + 4), 'application');
  accountTextOrRaw(reader, ledger, Math.min(end, start + 4), end, 'application data');
}

const SEEK_POINT = 18;

/** Section 8.5: points in ascending order; unused ones are of ones, and last. */
function accountSeekTable({ reader, ledger, start, end }: Place): void {
  if ((end - start) % SEEK_POINT !== 0)
    throw new Broken(start, 'seek table', `times ${SEEK_POINT}`, end - start);
  let last = -1;
  for (let at = start; at < end; at += SEEK_POINT) {
    reader.meter.step();
    if (reader.u32be(at) === 0xffffffff && reader.u32be(at + 4) === 0xffffffff) continue;
    const sample = reader.u64be(at, 'seek point');
    if (sample <= last) throw new Broken(at, 'seek point', `above ${last}`, sample);
    last = sample;
  }
  ledger.account(start, end, 'structure', 'seek table', 2 * SEEK_POINT);
}

const CUE_SHEET = 396;

function accountCueSheet({ reader, ledger, start, end }: Place): void {
  if (end - start < CUE_SHEET) throw new Broken(start, 'cue sheet', `at least ${CUE_SHEET}`, end - start);
  accountTextOrRaw(reader, ledger, start, start + 128, 'catalog number');
  ledger.raw(start + 128, start + 137, 'lead-in');
  accountSlack(reader, ledger, start + 137, start + 395, 'reserved');
  ledger.raw(start + 395, end, 'tracks');
}

/** Section 8.8: type, kind, description, sizes, the picture. */
export function accountPicture(place: Place): void {
  const { reader, ledger, start, end } = place;
  const kindEnd = start + 8 + reader.u32be(start + 4, 'picture');
  if (kindEnd + 4 > end)
    throw new Broken(start + 4, 'length of the kind', 'inside the block', kindEnd - start - 8);
  const fields = kindEnd + 4 + reader.u32be(kindEnd, 'picture');
  if (fields + 20 > end)
    throw new Broken(kindEnd, 'length of the description', 'inside the block', fields - kindEnd);
  const data = fields + 20;
  if (data + reader.u32be(fields + 16) !== end)
    throw new Broken(fields + 16, 'picture length', end - data, reader.u32be(fields + 16));
  ledger.account(start, start + 8, 'structure', 'picture');
  accountTextOrRaw(reader, ledger, start + 8, kindEnd, 'kind of picture');
  accountTextOrRaw(reader, ledger, kindEnd + 4, fields, 'description');
  ledger.account(fields, data, 'structure', 'picture sizes', 20);
  ledger.account(kindEnd, kindEnd + 4, 'structure', 'picture');
  examineStored({ ...place, start: data }, 'cover');
}
