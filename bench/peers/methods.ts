import { catalogueOf } from '../../src/examine/catalogue.ts';
import { compatible } from '../../src/formats/families.ts';

/** What others do to tell encrypted files from good ones, plainly. True: the file is called encrypted. */
export interface Method {
  readonly id: string;
  /** Where it's used. */
  readonly usedBy: string;
  accuses(bytes: Uint8Array, name: string): boolean;
}

const BLOCK = 4096;
const HIGH = 7.5;
/** χ² with 255 degrees of freedom lies between these but for 1 % on either side. */
const LOWER = 205.4;
const UPPER = 310.5;

function countsOf(bytes: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  for (let i = 0; i < bytes.length; i++) counts[bytes[i]!]!++;
  return counts;
}

/** Shannon's, in bits per byte. */
function entropyOf(counts: Float64Array, length: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum += count * Math.log2(count);
  return length === 0 ? 0 : Math.log2(length) - sum / length;
}

function chiSquareOf(counts: Float64Array, length: number): number {
  let squares = 0;
  for (const count of counts) squares += count * count;
  return length === 0 ? Number.POSITIVE_INFINITY : (256 * squares) / length - length;
}

function someBlock(bytes: Uint8Array, test: (counts: Float64Array, length: number) => boolean): boolean {
  for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK)
    if (test(countsOf(bytes.subarray(at, at + BLOCK)), BLOCK)) return true;
  return false;
}

const isHigh = (counts: Float64Array, length: number) => entropyOf(counts, length) >= HIGH;
const isUniform = (counts: Float64Array, length: number) => {
  const x2 = chiSquareOf(counts, length);
  return x2 >= LOWER && x2 <= UPPER;
};

export const methods: readonly Method[] = [
  {
    id: 'entropy ≥ 7.5, whole file',
    usedBy: 'backup and antivirus heuristics',
    accuses: (bytes) => isHigh(countsOf(bytes), bytes.length),
  },
  {
    id: 'χ² uniform, whole file',
    usedBy: 'ent, and tools built on it',
    accuses: (bytes) => isUniform(countsOf(bytes), bytes.length),
  },
  {
    id: 'entropy ≥ 7.5, some 4 KiB block',
    usedBy: 'binwalk -E and block scanners',
    accuses: (bytes) => someBlock(bytes, isHigh),
  },
  {
    id: 'χ² uniform, some 4 KiB block',
    usedBy: 'block scanners',
    accuses: (bytes) => someBlock(bytes, isUniform),
  },
  {
    id: 'entropy ≥ 7.5, first 4 KiB',
    usedBy: 'agents that look at the head only',
    accuses: (bytes) => isHigh(countsOf(bytes.subarray(0, BLOCK)), Math.min(BLOCK, bytes.length)),
  },
  { id: 'magic bytes only', usedBy: 'file, and checks of types by name', accuses: contradictsName },
];

/** The extension promises a type with magic bytes, and none of that family are there. */
function contradictsName(bytes: Uint8Array, name: string): boolean {
  const { extensions, matcher } = catalogueOf(undefined);
  const promised = extensions.promisedBy(name).formats.filter(({ signatures }) => signatures.length > 0);
  if (promised.length === 0) return false;
  const matched = matcher.match(bytes.subarray(0, matcher.headBytes), bytes.subarray(-1024), bytes.length);
  return !matched.some((found) => promised.some((format) => compatible(format, found)));
}
