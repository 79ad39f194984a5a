import { type CipherName, ciphers } from '../attacks/ciphers.ts';
import { Random } from '../attacks/random.ts';

/** A family that exists nowhere: its marks are drawn from the seed, and no table knows them. */
export interface InventedFamily {
  readonly id: string;
  /** What it leaves, in words. */
  readonly leaves: string;
  readonly make: (seed: number) => (file: { name: string; bytes: Uint8Array }, number: number) => Attacked;
}

export interface Attacked {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const KiB = 1024;
type Encrypt = (bytes: Buffer, random: Random) => void;

const whole = ranges((size) => [[0, size]]);
const head64 = ranges((size) => [[0, Math.min(size, 64 * KiB)]]);
const head4 = ranges((size) => [[0, Math.min(size, 4 * KiB)]]);
const allBut4 = ranges((size) => [[Math.min(size, 4 * KiB), size]]);
const striped = ranges((size) =>
  Array.from({ length: Math.ceil(size / (64 * KiB)) }, (_, i): [number, number] => [
    i * 64 * KiB,
    Math.min(size, i * 64 * KiB + 16 * KiB),
  ]),
);

function ranges(of: (size: number) => readonly (readonly [number, number])[]): Encrypt {
  const names = Object.keys(ciphers).filter((name) => name !== 'aes-256-ecb') as CipherName[];
  return (bytes, random) => {
    const cipher = ciphers[names[random.below(names.length)]!](random);
    for (const [start, end] of of(bytes.length)) bytes.set(cipher(bytes.subarray(start, end)), start);
  };
}

interface Marks {
  readonly header?: (constant: Random, random: Random) => Buffer;
  readonly trailer?: (constant: Random, random: Random) => Buffer;
  readonly rename?: (name: string, constant: Random, random: Random) => string;
}

function family(id: string, leaves: string, encrypt: Encrypt, marks: Marks): InventedFamily {
  const make: InventedFamily['make'] = (seed) => {
    const constant = () => new Random(seed);
    return ({ name, bytes }, number) => {
      const random = new Random(seed * 1_000_003 + number + 1);
      const body = Buffer.from(bytes);
      encrypt(body, random);
      const header = marks.header?.(constant(), random) ?? Buffer.alloc(0);
      const trailer = marks.trailer?.(constant(), random) ?? Buffer.alloc(0);
      const renamed = marks.rename?.(name, constant(), random) ?? name;
      return { name: renamed, bytes: Buffer.concat([header, body, trailer]) };
    };
  };
  return { id, leaves, make };
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const word = (random: Random, length: number) =>
  Array.from({ length }, () => letters[random.below(letters.length)]!).join('');

/** 8 constant bytes, a version, then a key block. */
const magicTail = (length: number) => (constant: Random, random: Random) =>
  Buffer.concat([constant.bytes(8), Buffer.of(1, 0), random.bytes(length - 10)]);
const keyTail = (length: number) => (_: Random, random: Random) => random.bytes(length);

export const inventedFamilies: readonly InventedFamily[] = [
  family(
    'renamed',
    'whole files; a new extension of 6 letters; tail of 512: 8 constant bytes and a key',
    whole,
    {
      trailer: magicTail(512),
      rename: (name, constant) => `${name}.${word(constant, 6)}`,
    },
  ),
  family('nameless', 'whole files under random names with a new extension; the same tail', whole, {
    trailer: magicTail(512),
    rename: (_, constant, random) => `${word(random, 7)}.${word(constant, 4)}`,
  }),
  family('quiet', 'whole files, names kept; tail of 512 with 8 constant bytes', whole, {
    trailer: magicTail(512),
  }),
  family('header', 'whole files, names kept; header of 280: 8 constant bytes, a key, the size', whole, {
    header: (constant, random) => Buffer.concat([constant.bytes(8), random.bytes(272)]),
  }),
  family('head', 'first 64 KiB, names kept; tail of 256 random bytes without any mark', head64, {
    trailer: keyTail(256),
  }),
  family('keeps head', 'all but the first 4 KiB, names kept; tail of 512 with 8 constant bytes', allBut4, {
    trailer: magicTail(512),
  }),
  family('stripes', '16 KiB of every 64 KiB, names kept, nothing added', striped, {}),
  family('small head', 'first 4 KiB, names kept; tail of 144: a key and 8 constant bytes', head4, {
    trailer: (constant, random) => Buffer.concat([random.bytes(136), constant.bytes(8)]),
  }),
];
