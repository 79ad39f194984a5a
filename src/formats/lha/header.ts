import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc16 } from '../../checks/crc16.ts';

/** The range is that of the header with its extensions; the file's data follow. */
export interface LhaHeader extends Range {
  /** `-lh5-` */
  readonly method: string;
  /** Bytes of the data. */
  readonly packedSize: number;
  readonly size: number;
  /** CRC-16 of the unpacked file. */
  readonly sum: number;
  readonly name: string;
  /** Whether a sum over the header holds that is more than eight bits. */
  readonly isSummed: boolean;
}

const LEVEL = 20;
const SHORTEST = 22;
const EXTENSION_NAME = 0x01;
const EXTENSION_SUM = 0x00;

/** Null at the end: a byte of zero. @throws Broken, Truncated */
export function readHeader(reader: Reader, start: number): LhaHeader | null {
  if (reader.u8(start, 'LHA header') === 0) return null;
  const method = reader.latin1(start + 2, 5, 'LHA method');
  if (!/^-[lp][hzcm][0-9a-z]-$/.test(method))
    throw new Broken(start + 2, 'LHA method', '-lh5- or the like', 'others');
  const level = reader.u8(start + LEVEL, 'LHA header level');
  if (level <= 1) return readShort(reader, start, method, level);
  if (level === 2) return readLong(reader, start, method);
  throw new Broken(start + LEVEL, 'LHA header level', '0 to 2', level);
}

/** Levels 0 and 1: length and sum of eight bits, then fields and name; level 1 has extensions behind. */
function readShort(reader: Reader, start: number, method: string, level: number): LhaHeader {
  const length = reader.u8(start);
  if (length < SHORTEST - 2)
    throw new Broken(start, 'length of an LHA header', `at least ${SHORTEST - 2}`, length);
  const end = start + 2 + length;
  const sum = reader.bytes(start + 2, length, 'LHA header').reduce((total, byte) => (total + byte) & 0xff, 0);
  const said = reader.u8(start + 1);
  if (sum !== said) throw new Broken(start + 1, 'sum of an LHA header', said, sum);
  const nameLength = reader.u8(start + 21);
  const nameEnd = start + 22 + nameLength;
  if (nameEnd + 2 > end)
    throw new Broken(start + 21, 'length of a name', `at most ${end - start - 24}`, nameLength);
  const extensions = level === 0 ? [] : readExtensions(reader, end - 2, end);
  const last = extensions.at(-1)?.end ?? end;
  const total = reader.u32le(start + 7);
  if (total < last - end) throw new Broken(start + 7, 'packed size', `at least ${last - end}`, total);
  return {
    start,
    end: last,
    method,
    packedSize: total - (last - end),
    size: reader.u32le(start + 11),
    sum: reader.u16le(nameEnd),
    name: nameIn(reader, extensions) ?? reader.latin1(start + 22, nameLength),
    isSummed: false,
  };
}

/** Level 2: the length of the whole header first, extensions inside of it, one of which sums it up. */
function readLong(reader: Reader, start: number, method: string): LhaHeader {
  const length = reader.u16le(start);
  if (length < 26) throw new Broken(start, 'length of an LHA header', 'at least 26', length);
  const end = start + length;
  const extensions = readExtensions(reader, start + 24, start + 26);
  const last = extensions.at(-1)?.end ?? start + 26;
  if (last > end) throw new Broken(start, 'length of an LHA header', last - start, length);
  return {
    start,
    end,
    method,
    packedSize: reader.u32le(start + 7),
    size: reader.u32le(start + 11),
    sum: reader.u16le(start + 21),
    name: nameIn(reader, extensions) ?? '',
    isSummed: verifySum(reader, start, length, extensions),
  };
}

/** The range is from the type to the length of the next. */
interface Extension extends Range {
  readonly type: number;
}

/** Each is as long as the two bytes before it say, and ends in those for the next; 0 ends them. */
function readExtensions(reader: Reader, lengthAt: number, start: number): Extension[] {
  const extensions: Extension[] = [];
  let length = reader.u16le(lengthAt, 'length of an extension');
  for (let at = start; length !== 0; at = extensions.at(-1)!.end) {
    reader.meter.step();
    if (length < 3 || at + length > reader.size || extensions.length > 100)
      throw new Broken(at, 'extension of an LHA header', 'a length inside of the file', length);
    extensions.push({ start: at, end: at + length, type: reader.u8(at) });
    length = reader.u16le(at + length - 2);
  }
  return extensions;
}

function nameIn(reader: Reader, extensions: readonly Extension[]): string | null {
  const found = extensions.find(({ type }) => type === EXTENSION_NAME);
  return found === undefined ? null : reader.latin1(found.start + 1, found.end - found.start - 3);
}

/** The sum over the header, with zeros in its own place. False where there's none. @throws Broken */
function verifySum(reader: Reader, start: number, length: number, extensions: readonly Extension[]): boolean {
  const found = extensions.find(({ type }) => type === EXTENSION_SUM);
  if (found === undefined || found.end - found.start < 5) return false;
  const said = reader.u16le(found.start + 1);
  const bytes = reader.copy(start, length, 'LHA header');
  bytes.fill(0, found.start + 1 - start, found.start + 3 - start);
  const sum = crc16(bytes);
  if (sum !== said) throw new Broken(found.start + 1, 'CRC-16 of an LHA header', said, sum);
  return true;
}
