import { createCipheriv } from 'node:crypto';
import { extname } from 'node:path';
import type { Range } from '../../src/bytes/range.ts';
import { zipOf } from '../../test/support/zip-builder.ts';
import { type Attacked, assemble, attack, type Victim } from './attack.ts';
import { ciphers, type WeakCipherName } from './ciphers.ts';
import { head, KIB, MIB, stripes, whole } from './layouts/geometry.ts';
import { Random } from './random.ts';

export type AttackClass = 'cryptographic' | 'wiper' | 'rename' | 'password container';

/** What isn't a layout of ranges under a cipher: other forms of output, wipers, names. */
export interface OtherAttack {
  readonly id: string;
  readonly class: AttackClass;
  make(file: Victim, seed: number): Attacked | null;
}

const empty = new Uint8Array();

function encryptAll(bytes: Uint8Array, random: Random): Uint8Array {
  return createCipheriv('aes-256-ctr', random.bytes(32), random.bytes(16)).update(bytes);
}

/** A new file of another form, none of whose bytes are the original's. */
function replacement(name: string, bytes: Uint8Array): Attacked {
  return assemble(name, [empty, bytes, empty], [{ start: 0, end: bytes.length }]);
}

function output(
  id: string,
  form: (bytes: Uint8Array, name: string, random: Random) => [string, Uint8Array],
): OtherAttack {
  return {
    id,
    class: 'cryptographic',
    make: ({ name, bytes }, seed) => replacement(...form(bytes, name, new Random(seed))),
  };
}

function weak(id: string, cipher: WeakCipherName, from = 0): OtherAttack {
  const layout = { id, ranges: from === 0 ? whole : head(Number.POSITIVE_INFINITY, from) };
  return { id, class: 'cryptographic', make: (file, seed) => attack(file, layout, cipher, seed) };
}

/** Overwrites ranges; null where nothing changes by it. */
function wiper(
  id: string,
  places: (size: number, random: Random) => Range[],
  fill: (length: number, random: Random) => Uint8Array,
): OtherAttack {
  return {
    id,
    class: 'wiper',
    make: ({ name, bytes }, seed) => {
      const random = new Random(seed);
      const copy = Buffer.from(bytes);
      const ranges = places(bytes.length, random);
      for (const { start, end } of ranges) copy.set(fill(end - start, random), start);
      const changed = differing(bytes, copy, ranges);
      return changed.length === 0
        ? null
        : { ...assemble(name, [empty, copy, empty], changed), encrypted: [] };
    },
  };
}

/** The ranges without the bytes at both ends that are as they were. */
function differing(before: Uint8Array, after: Uint8Array, ranges: readonly Range[]): Range[] {
  return ranges.flatMap(({ start, end }) => {
    let from = start;
    let to = end;
    while (from < to && before[from] === after[from]) from++;
    while (to > from && before[to - 1] === after[to - 1]) to--;
    return from < to ? [{ start: from, end: to }] : [];
  });
}

const zeros = (length: number) => Buffer.alloc(length);
const noise = (length: number, random: Random) => random.bytes(length);

/** AE-1 of WinZip: salt, check value, AES-CTR, code of ten bytes. */
function passwordZip(name: string, bytes: Uint8Array, random: Random): Buffer {
  const packed = Buffer.concat([random.bytes(18), encryptAll(bytes, random), random.bytes(10)]);
  const extra = Buffer.from([0x01, 0x99, 7, 0, 1, 0, 0x41, 0x45, 3, 0, 0]);
  return zipOf([{ name, content: bytes, packed, method: 99, flags: 1, extra }]);
}

export const otherAttacks: readonly OtherAttack[] = [
  weak('L59 XOR 8', 'xor-8'),
  weak('L59 XOR 32', 'xor-32'),
  weak('L59 XOR 255', 'xor-255'),
  weak('L59 XOR 4096', 'xor-4096'),
  weak('L48 XOR, head kept', 'xor-8', 51),
  {
    id: 'L60 ECB',
    class: 'cryptographic',
    make: (file, seed) =>
      attack(
        file,
        { id: 'ECB', ranges: whole, trailer: (_, random) => random.bytes(256) },
        'aes-256-ecb',
        seed,
      ),
  },
  output('L93 base64 output', (bytes, name, random) => [
    name,
    Buffer.from(Buffer.from(encryptAll(bytes, random)).toString('base64')),
  ]),
  output('L54 Chaos text', (bytes, name, random) => [
    `${name}.a1b2`,
    Buffer.from(
      `<EncryptedKey>${random.bytes(256).toString('base64')}<EncryptedKey>${Buffer.from(encryptAll(bytes, random)).toString('base64')}`,
    ),
  ]),
  output('hex output', (bytes, name, random) => [
    name,
    Buffer.from(Buffer.from(encryptAll(bytes, random)).toString('hex')),
  ]),
  output('in a stored zip', (bytes, name, random) => [
    `${name}.zip`,
    zipOf([{ name, content: encryptAll(bytes, random), method: 0 }]),
  ]),
  output('extension random', (bytes, name, random) => [
    `${name.slice(0, name.length - extname(name).length)}.${random.bytes(3).toString('hex')}`,
    encryptAll(bytes, random),
  ]),
  output('L98 encrypted twice', (bytes, name, random) => [
    `${name}.cts0.cts1`,
    Buffer.concat([
      encryptAll(Buffer.concat([encryptAll(bytes, random), random.bytes(256)]), random),
      random.bytes(256),
    ]),
  ]),
  {
    id: 'magic glued in front',
    class: 'cryptographic',
    make: ({ name, bytes }, seed) =>
      assemble(
        name,
        [bytes.slice(0, 16), Buffer.from(encryptAll(bytes, new Random(seed))), empty],
        [{ start: 0, end: bytes.length }],
      ),
  },
  {
    id: 'L99 stopped half-way',
    class: 'cryptographic',
    make: (file, seed) =>
      attack(file, { id: 'half', ranges: head((size) => Math.max(1, (size >> 5) << 4)) }, 'chacha20', seed),
  },
  {
    id: 'L99 stripes, half-way',
    class: 'cryptographic',
    make: (file, seed) =>
      attack(
        file,
        { id: 'half', ranges: (size, random) => stripes(64 * KIB, 128 * KIB)(size >> 1, random) },
        'aes-256-ctr',
        seed,
      ),
  },
  {
    id: 'L74 Kraken Cryptor',
    class: 'cryptographic',
    make: (file, seed) =>
      attack(
        file,
        {
          id: 'kraken',
          ranges: whole,
          trailer: (_, random) =>
            Buffer.concat([file.bytes.subarray(0, 16), file.bytes.subarray(-16), random.bytes(480)]),
          rename: (name) => `${name.length}.onion`,
        },
        'rc4',
        seed,
      ),
  },
  {
    id: 'L22 Phobos, holes',
    class: 'cryptographic',
    make: ({ name, bytes }, seed) =>
      bytes.length < 1.5 * MIB ? null : phobos(name, bytes, new Random(seed)),
  },
  {
    id: 'L56 password zip',
    class: 'password container',
    make: ({ name, bytes }, seed) => replacement(`${name}.zip`, passwordZip(name, bytes, new Random(seed))),
  },
  wiper('L58 zeros', (size) => [{ start: 0, end: size }], zeros),
  wiper('L58 random', (size) => [{ start: 0, end: size }], noise),
  wiper(
    'L53 WhisperGate',
    (size) => [{ start: 0, end: Math.min(MIB, size) }],
    (length) => Buffer.alloc(length, 0xcc),
  ),
  wiper(
    'pattern',
    (size) => [{ start: 0, end: size }],
    (length) => Buffer.alloc(length, 'WIPED!'),
  ),
  wiper('L52 Azov', stripes(666, 1332), noise),
  wiper(
    'sparse holes',
    (size, random) => stripes(64 * KIB, 192 * KIB, random.below(Math.max(1, size >> 1)))(size, random),
    zeros,
  ),
  wiper('zeros to the end', (size) => [{ start: (size >> 1) & ~4095, end: size }], zeros),
  {
    id: 'L57 .locked added',
    class: 'rename',
    make: ({ name, bytes }) => ({ ...assemble(`${name}.locked`, [empty, bytes, empty], []), encrypted: [] }),
  },
  {
    id: 'L57 random extension',
    class: 'rename',
    make: ({ name, bytes }, seed) => {
      const stem = name.slice(0, name.length - extname(name).length);
      return assemble(`${stem}.${new Random(seed).bytes(4).toString('hex')}`, [empty, bytes, empty], []);
    },
  },
];

/** Three chunks of 256 KiB stand encrypted in the tail, zeros in their places. */
function phobos(name: string, bytes: Uint8Array, random: Random): Attacked {
  const copy = Buffer.from(bytes);
  const length = 256 * KIB;
  const ranges = [0, (bytes.length - length) >> 1, bytes.length - length].map((start) => ({
    start,
    end: start + length,
  }));
  const chunks = ranges.map(({ start, end }) => bytes.subarray(start, end));
  for (const { start, end } of ranges) copy.fill(0, start, end);
  const tail = Buffer.concat([ciphers.rc4(random)(Buffer.concat(chunks)), random.bytes(178)]);
  const attacked = assemble(`${name}.id[A1B2C3D4-1234].[x@y.z].phobos`, [empty, copy, tail], ranges);
  return { ...attacked, encrypted: [] };
}
