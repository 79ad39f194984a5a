import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type ProtobufMessage, readProtobuf } from '../../checks/protobuf.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { readMessage } from './message.ts';
import { footer, metadata, postScript } from './schema.ts';
import type { Packing } from './section.ts';
import { type Stripe, type Type, verifyStripe } from './stripe.ts';

const MAGIC = 'ORC';

export const orc: Format = {
  id: 'orc',
  title: 'Apache ORC',
  extensions: ['orc'],
  signatures: [{ at: 0, hex: '4f5243' }],
  spec: 'Apache ORC specification v1',
  proof:
    'postscript, footers and indexes by their schemas; blocks decode, and hold as many values as rows demand; trial overwrites show whether that is proof; unpacked streams by contrast',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, MAGIC, 'magic');
    ledger.account(0, 3, 'structure', 'magic', 3);
    const tail = readTail(reader, ledger);
    const range = { start: tail.footer, end: tail.end };
    const message = readMessage(reader, ledger, range, footer, tail.packing);
    if (tail.metadata < tail.footer) verifyMetadata(reader, ledger, tail);
    if (message === null) return;
    const stripes = stripesOf(message, tail.metadata);
    const types = typesOf(message);
    for (const stripe of stripes)
      attempt(ledger, stripe, () => verifyStripe(reader, ledger, stripe, types, tail.packing));
    accountGaps(reader, ledger, [{ start: 0, end: 3 }, ...stripes], { start: 0, end: tail.metadata });
  },
};

interface Tail {
  readonly packing: Packing;
  readonly metadata: number;
  readonly footer: number;
  /** Where the footer ends. */
  readonly end: number;
}

/** The last byte is the length of the postscript before it, which gives the lengths of what stands before that. */
function readTail(reader: Reader, ledger: Ledger): Tail {
  const last = reader.size - 1;
  const end = last - reader.u8(last, 'length of the postscript');
  if (end < 3) throw new Broken(last, 'length of the postscript', `at most ${last - 3}`, last - end);
  const { message } = readProtobuf(reader.copy(end, last - end, 'postscript'), postScript, end, reader.meter);
  if (message.text(8000) !== MAGIC)
    throw new Broken(end, 'magic of the postscript', MAGIC, message.text(8000).slice(0, 16));
  const footerAt = end - message.number(1);
  const metadataAt = footerAt - message.number(5);
  if (metadataAt < 3) throw new Broken(end, 'lengths of the footers', `at most ${end - 3}`, end - metadataAt);
  ledger.account(end, reader.size, 'structure', 'postscript', 8);
  const packing = { codec: message.number(2), blockSize: message.number(3) };
  return { packing, metadata: metadataAt, footer: footerAt, end };
}

function verifyMetadata(reader: Reader, ledger: Ledger, tail: Tail): void {
  const range = { start: tail.metadata, end: tail.footer };
  attempt(ledger, range, () => readMessage(reader, ledger, range, metadata, tail.packing));
}

function stripesOf(message: ProtobufMessage, limit: number): Stripe[] {
  let before = 3;
  return message.messages(3).map((each) => {
    const start = each.number(1);
    const footerAt = start + each.number(2) + each.number(3);
    const end = footerAt + each.number(4);
    if (start < before || end > limit)
      throw new Broken(limit, 'place of a stripe', `${before} to ${limit}`, `${start} to ${end}`);
    before = end;
    return { start, end, footer: footerAt, rows: each.number(5) };
  });
}

function typesOf(message: ProtobufMessage): Type[] {
  return message.messages(4).map((each) => ({ kind: each.number(1), children: each.numbers(2) }));
}

function attempt(ledger: Ledger, { end }: Range, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}
