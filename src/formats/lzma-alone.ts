import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { decodeLzma } from '../checks/lzma.ts';
import { drain, type Pieces } from '../checks/pieces.ts';
import type { Run } from '../checks/stream-engine.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineContent, PackedContent } from './packed-content.ts';
import { accountTail } from './tail.ts';

const HEADER = 13;
/** Header's size of a content that only an end mark ends. */
const UNKNOWN = 0xffffffff;
/**
 * The range coder ends with the value zero of 32 bits, and nothing but the exact symbols leads there: a changed stream
 * passes once in 2³². None of 5,000 random overwrites of 1 to 4,096 bytes did.
 */
const FLOOR = 4;

export const lzmaAlone: Format = {
  id: 'lzma',
  title: 'LZMA alone',
  extensions: ['lzma', 'tlz'],
  signatures: [
    { at: 0, hex: '5d00000000ffffffffffffffff', mask: 'ffff000000ffffffffffffffff' },
    { at: 0, hex: '5d0000000000000000000000', mask: 'ffff000000000000ffffff00' },
  ],
  spec: 'lzma-file-format.txt (XZ Utils), LZMA specification (LZMA SDK)',
  proof:
    'the range coder ends at zero, on the last byte; a distance of the LZMA stream reaches no further back than its output',
  texture: 'dense',
  recognise: (head, size) => size > HEADER + 5 && isHeader(head),
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    if (!isHeader(reader.bytes(0, HEADER + 5, 'LZMA header'))) {
      throw new Broken(0, 'LZMA header', 'usual properties, dictionary and size');
    }
    const content = new PackedContent();
    const run = drain(decode(reader), content.add)!;
    const end = HEADER + run.consumed;
    accountHeader(reader, ledger);
    ledger.account(HEADER, end, 'decoder', 'LZMA stream to its exact end', FLOOR);
    accountTail(reader, ledger, end);
    examineContent({ reader, ledger, context, start: 0, end }, content, (again) => decode(again));
  },
};

/** Writers other than the reference ones keep to these, too, and xz demands the last two (alone_decoder.c). */
function isHeader(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const dictionary = view.getUint32(1, true);
  const high = view.getUint32(9, true);
  const isUsualSize = high < 1 << 8 || (high === UNKNOWN && view.getUint32(5, true) === UNKNOWN);
  // All zeros would be an empty stream.
  if (high === 0 && view.getUint32(5, true) === 0) return false;
  return head[0]! < 225 && isUsualDictionary(dictionary) && isUsualSize && head[HEADER] === 0;
}

/** 2ⁿ or 2ⁿ + 2ⁿ⁻¹, or none given. */
function isUsualDictionary(size: number): boolean {
  if (size === 0xffffffff || size === 0) return true;
  const isPower = (value: number): boolean => (value & (value - 1)) === 0;
  return isPower(size) || (size % 3 === 0 && isPower(size / 3));
}

function decode(reader: Reader): Pieces<Run> {
  const low = reader.u32le(5, 'size of the content');
  const high = reader.u32le(9, 'size of the content');
  return decodeLzma(
    { reader, start: HEADER, end: reader.size },
    {
      properties: reader.u8(0),
      dictionary: reader.u32le(1),
      size: high === UNKNOWN ? null : high * 2 ** 32 + low,
    },
  );
}

/** Larger dictionaries than the one written decode the same: its bits are proved by being usual only. */
function accountHeader(reader: Reader, ledger: Ledger): void {
  ledger.account(0, 1, 'decoder', 'LZMA properties', FLOOR);
  ledger.account(1, 5, 'structure', 'size of the dictionary');
  ledger.account(
    5,
    HEADER,
    reader.u32le(9) === UNKNOWN ? 'structure' : 'decoder',
    'size of the content',
    FLOOR,
  );
}
