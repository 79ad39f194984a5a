import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';
import { readMessage } from './message.ts';

const MAGIC = 'ARROW1';
const CONTINUATION = 0xffffffff;

const shared = {
  spec: 'Apache Arrow Columnar Format, section Serialization and Interprocess Communication',
  proof:
    'messages and their bodies tile the file; metadata and plain columns by contrast, packed ones stay unproved',
  texture: 'dense',
} as const;

export const arrow: Format = {
  ...shared,
  id: 'arrow',
  title: 'Arrow file, Feather',
  extensions: [],
  signatures: [{ at: 0, hex: '4152524f57310000' }],
  verify(reader: Reader, ledger: Ledger): void {
    const end = reader.size - 10;
    reader.expect(end + 4, MAGIC, 'magic at the end');
    const footer = end - reader.u32le(end, 'length of the footer');
    if (footer < 8) throw new Broken(end, 'length of the footer', `at most ${end - 8}`, end - footer);
    ledger.account(0, 8, 'structure', 'magic');
    const last = walkMessages(reader, ledger, 8, footer);
    accountGaps(reader, ledger, [], { start: last, end: footer });
    ledger.raw(footer, end, 'footer');
    ledger.account(end, reader.size, 'structure', 'end of the file');
  },
};

export const arrowStream: Format = {
  ...shared,
  id: 'arrow-stream',
  title: 'Arrow stream',
  extensions: ['arrows'],
  signatures: [{ at: 0, hex: 'ffffffff0000000010000000', mask: 'ffffffff0000ffffffffffff' }],
  verify(reader: Reader, ledger: Ledger): void {
    accountTail(reader, ledger, walkMessages(reader, ledger, 0, reader.size));
  },
};

/** Gives where the messages end: at a length of zero, or at `end`. */
function walkMessages(reader: Reader, ledger: Ledger, start: number, end: number): number {
  let at = start;
  while (at + 4 <= end) {
    reader.meter.step();
    // Before version 0.15 the length stood alone.
    const isNew = reader.u32le(at) === CONTINUATION;
    const prefix = isNew ? 8 : 4;
    const length = reader.u32le(at + prefix - 4);
    ledger.account(at, at + prefix, 'structure', 'length of a message', prefix);
    if (length === 0) return at + prefix;
    const bodyAt = at + prefix + length;
    if (bodyAt > end) throw overEnd(reader, at, bodyAt, end);
    const message = readMessage(reader, at + prefix, bodyAt);
    ledger.raw(at + prefix, bodyAt, 'metadata of a message');
    const bodyEnd = bodyAt + message.bodyLength;
    if (bodyEnd > end) throw overEnd(reader, at, bodyEnd, end);
    if (message.isPacked) ledger.coded(bodyAt, bodyEnd, 'packed columns');
    else ledger.raw(bodyAt, bodyEnd, 'columns');
    at = bodyEnd;
  }
  return at;
}

function overEnd(reader: Reader, at: number, needed: number, end: number): Broken {
  if (end === reader.size) return new Truncated(end, 'message', needed - end);
  return new Broken(at, 'length of a message', `up to ${end}`, needed);
}
