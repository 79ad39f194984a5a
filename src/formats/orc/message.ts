import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type ProtobufMessage, type ReadProtobuf, readProtobuf, type Schema } from '../../checks/protobuf.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountSection, type Packing, readSection } from './section.ts';

/** Random bytes as long as this break fields of a message, in bytes, where no field is longer. */
const MESSAGE_FLOOR = 64;

/** Null where fields are of a newer writer's schema, which nothing checks. */
export function floorOfMessage({ isKnown, longestOpaque }: ReadProtobuf): number | null {
  return isKnown ? MESSAGE_FLOOR + longestOpaque : null;
}

/** Reads and accounts for a section that is one message. Null where its codec isn't known. @throws Broken */
export function readMessage(
  reader: Reader,
  ledger: Ledger,
  range: Range,
  schema: Schema,
  packing: Packing,
): ProtobufMessage | null {
  const section = readSection(reader, range, packing);
  if (section === null) {
    ledger.coded(range.start, range.end, schema.name);
    return null;
  }
  const check = (content: Uint8Array) => readProtobuf(content, schema, 0, reader.meter);
  const read = readAt(range, () => check(section.content));
  accountSection(reader, ledger, section, packing, { check, grammarFloor: floorOfMessage(read) });
  return read.message;
}

/** What contradicts in unpacked bytes stands somewhere in the range. */
function readAt<T>({ start }: Range, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Broken(start, error.what, error.expected, error.actual);
  }
}
