import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import { passesForRandom, testRandomness } from '../randomness.ts';
import type { Mark } from './family.ts';

/** A tail, or a head, whose fields can be checked without any key. */
interface Structure {
  readonly families: readonly string[];
  /** Bytes that the structure adds to the file. */
  readonly length: number;
  /** What is checked, in words. */
  readonly text: string;
  holds(reader: Reader, contentSize: number): boolean;
  /**
   * Bytes before the end, and how many of them, that a key block fills. Named where the fields alone are small numbers,
   * which records of honest files hold, too: these bytes must then be random.
   */
  readonly keyBlock?: { readonly fromEnd: number; readonly length: number };
}

/** A key block is missed with twice this probability. */
const KEY_P = 1e-4;

const roundUp = (size: number) => Math.ceil(size / 16) * 16;

/** A 64-bit number that equals the size of the content: chance gives it once in 2⁶⁴. */
function isSize(reader: Reader, fromEnd: number, contentSize: number): boolean {
  const at = reader.size - fromEnd;
  return reader.u32le(at) + reader.u32le(at + 4) * 2 ** 32 === contentSize;
}

const oneOf = (reader: Reader, fromEnd: number, ...allowed: readonly number[]) =>
  allowed.includes(reader.u8(reader.size - fromEnd));

/** From published decryptors; docs/attacks.md names them. */
const structures: readonly Structure[] = [
  {
    families: ['Conti', 'LockBit Green', 'ScareCrow', 'Meow'],
    length: 534,
    text: 'mode, percentage and the size of the content in the last ten bytes',
    holds: (reader, size) => isSize(reader, 8, size) && oneOf(reader, 10, 0x24, 0x25, 0x26),
  },
  {
    families: ['Akira'],
    length: 534,
    text: 'mode, percentage and the size of the content in the last ten bytes',
    holds: (reader, size) => isSize(reader, 8, size) && oneOf(reader, 10, 0, 1, 2),
  },
  {
    families: ['SafePay'],
    length: 80,
    text: 'the size of the content, blocks of ten and algorithm',
    holds: (reader, size) => isSize(reader, 80, size) && oneOf(reader, 7, 0, 1),
  },
  {
    families: ['DeadBolt'],
    length: 128,
    text: 'DEADBOLT, the size of the content, zeros',
    holds: (reader, size) => {
      const at = reader.size - 128;
      return reader.has(at, 'DEADBOLT') && roundUp(reader.u32le(at + 8)) % 2 ** 32 === size % 2 ** 32;
    },
  },
  {
    families: ['Money Message'],
    length: 172,
    text: 'CRC-32 over the rest of the tail',
    holds: (reader) => {
      const at = reader.size - 172;
      return (
        reader.u32le(at) <= 144 &&
        reader.u32le(at) > 0 &&
        crc32(reader.bytes(at, 168)) === reader.u32le(at + 168)
      );
    },
  },
  {
    families: ['Phobos', '8Base'],
    length: 178,
    text: 'the length of the tail, and of its padding',
    keyBlock: { fromEnd: 138, length: 128 },
    holds: (reader) => {
      const length = reader.u32le(reader.size - 10);
      const padding = reader.u32le(reader.size - 142);
      return padding <= 16 && length > 178 && length <= reader.size && (length - 178) % 16 === 0;
    },
  },
  {
    families: ['MedusaLocker 3'],
    length: 24,
    text: 'encrypted size, mode, block and gap',
    keyBlock: { fromEnd: 1024, length: 512 },
    holds: (reader) => {
      const at = reader.size - 20;
      const encrypted = reader.u32le(at) + reader.u32le(at + 4) * 2 ** 32;
      const [mode, block, gap] = [reader.u32le(at + 8), reader.u32le(at + 12), reader.u32le(at + 16)];
      const isUsual = block > 0 && block % 4096 === 0 && gap % 4096 === 0;
      return encrypted > 0 && encrypted <= reader.size && mode <= 1 && isUsual;
    },
  },
];

const LONGEST_TAIL = 4096;
const SHORTEST_TAIL = 24;

/**
 * Tails that hold together: those of known families, else any number of 64 bits that equals the size of the file without
 * the tail which begins at or before it. Meant for files in which something is wrong: honest formats end in such
 * numbers, too.
 * @throws OverBudget, ReadError
 */
export function findTails(reader: Reader): Mark[] {
  const known = structures.filter((one) => stands(one, reader));
  if (known.length > 0) return known.map((one) => asMark(one, reader.size - one.length));
  const anonymous = findSizeField(reader);
  return anonymous === null ? [] : [anonymous];
}

function stands({ length, holds, keyBlock }: Structure, reader: Reader): boolean {
  const { size } = reader;
  if (size <= length || !holds(reader, size - length)) return false;
  if (keyBlock === undefined) return true;
  const start = size - keyBlock.fromEnd;
  if (start < 0) return false;
  return passesForRandom(testRandomness(reader, { start, end: start + keyBlock.length }), KEY_P);
}

function asMark({ families, text }: Structure, at: number): Mark {
  return { kind: 'tail', families, text, at, strong: true };
}

/** Of 4,096 places and as many lengths, one fits by chance with 2⁻⁴⁰. */
function findSizeField(reader: Reader): Mark | null {
  const { size } = reader;
  const from = Math.max(0, size - LONGEST_TAIL);
  const tail = Buffer.from(reader.copy(from, size - from));
  for (let at = 0; at + 8 <= tail.length; at++) {
    const high = tail.readUInt32LE(at + 4);
    if (high > 0xffff) continue;
    const content = tail.readUInt32LE(at) + high * 2 ** 32;
    if (content < LONGEST_TAIL || content > from + at || size - content > LONGEST_TAIL) continue;
    if (size - content < SHORTEST_TAIL) continue;
    const text = `a tail of ${size - content} bytes holds the size of the file without it`;
    return { kind: 'tail', families: [], text, at: content, strong: false };
  }
  return null;
}
