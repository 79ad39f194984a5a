import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail, isZeroFilled } from '../tail.ts';

const TAG_HEADER = 11;
const AUDIO = 8;
const VIDEO = 9;
const SCRIPT = 18;

export const flv: Format = {
  id: 'flv',
  title: 'Flash video',
  extensions: ['flv'],
  signatures: [{ at: 0, hex: '464c5601' }],
  spec: 'Adobe Flash Video File Format Specification 10.1, annex E',
  proof: 'each tag tells its length twice; what the coders made stays unproved where tags are long',
  texture: 'dense',
  verify(reader, ledger): void {
    const start = reader.u32be(5, 'data offset');
    if (start < 9 || start + 4 > reader.size) throw new Broken(5, 'data offset', 9, start);
    if ((reader.u8(4) & 0xfa) !== 0) throw new Broken(4, 'flags', '0–5', reader.u8(4));
    ledger.account(0, 9, 'structure', 'header');
    ledger.account(start, start + 4, 'structure', 'size of the tag before');
    const end = accountTags(reader, ledger, start + 4);
    accountTail(reader, ledger, end);
  },
};

function accountTags(reader: Reader, ledger: Ledger, start: number): number {
  let at = start;
  while (at < reader.size) {
    reader.meter.step();
    if (reader.size - at < TAG_HEADER + 4 && isZeroFilled(reader, at, reader.size)) return at;
    const type = reader.u8(at) & 0x1f;
    if (type !== AUDIO && type !== VIDEO && type !== SCRIPT)
      throw new Broken(at, 'tag type', '8, 9 or 18', type);
    const body = at + TAG_HEADER;
    const end = body + reader.u24be(at + 1, 'tag size');
    if (reader.u24be(at + 8, 'stream') !== 0) throw new Broken(at + 8, 'stream', 0, reader.u24be(at + 8));
    ledger.account(at, body, 'structure', 'tag header', 8);
    if (end + 4 > reader.size) {
      if (end > reader.size) throw new Truncated(reader.size, 'tag', end + 4 - reader.size);
      ledger.oddity(end, 'the size of the last tag is not repeated');
      accountBody(reader, ledger, type, body, end);
      return reader.size;
    }
    const repeated = reader.u32be(end, 'size of the tag before');
    // Some writers count without the header.
    if (repeated !== end - at && repeated !== end - body && repeated !== 0)
      throw new Broken(end, 'size of the tag before', end - at, repeated);
    ledger.account(end, end + 4, 'structure', 'size of the tag before');
    accountBody(reader, ledger, type, body, end);
    at = end + 4;
  }
  return at;
}

function accountBody(reader: Reader, ledger: Ledger, type: number, start: number, end: number): void {
  if (type === SCRIPT) {
    ledger.raw(start, end, 'script data');
    return;
  }
  const isSealed = (reader.u8(start - TAG_HEADER) & 0x20) !== 0;
  if (isSealed) ledger.protect(start, end, 'FLV encryption');
  else ledger.coded(start, end, type === AUDIO ? 'sound' : 'video');
}
