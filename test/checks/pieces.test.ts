import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Broken, Truncated } from '../../src/bytes/errors.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { decodeBzip2 } from '../../src/checks/bzip2.ts';
import { ContinuedSource } from '../../src/checks/continued-source.ts';
import { decodeLzma } from '../../src/checks/lzma.ts';
import { drain, type Packed, type Pieces } from '../../src/checks/pieces.ts';
import { Sum, xxh32 } from '../../src/checks/sums.ts';
import { decodeXz } from '../../src/checks/xz.ts';
import { decodeZstdFrame } from '../../src/checks/zstd.ts';
import { randomBytes } from '../support/random.ts';

/** A decoder, and the native packer that it is held against. */
interface Peer {
  readonly command: string;
  readonly settings: readonly (readonly string[])[];
  readonly decode: (packed: Packed) => Pieces<{ readonly consumed: number; readonly produced: number }>;
}

const peers: { readonly xz: Peer; readonly lzma: Peer; readonly bzip2: Peer; readonly zstd: Peer } = {
  xz: {
    command: 'xz',
    settings: [
      ['-0'],
      ['-6'],
      ['-9', '--check=sha256'],
      ['--x86', '--lzma2=preset=1'],
      ['--delta=dist=3', '--lzma2'],
    ],
    decode: (packed) => decodeXz(packed),
  },
  lzma: {
    command: 'xz',
    settings: [['--format=lzma'], ['--format=lzma', '--lzma1=lc=0,lp=4,pb=0']],
    decode: ({ reader, start, end }) =>
      decodeLzma(
        { reader, start: start + 13, end },
        { properties: reader.u8(start), dictionary: reader.u32le(start + 1), size: null },
      ),
  },
  bzip2: { command: 'bzip2', settings: [['-1'], ['-9']], decode: (packed) => decodeBzip2(packed) },
  zstd: {
    command: 'zstd',
    settings: [
      ['-q', '-1'],
      ['-q', '-3', '--no-check'],
      ['-q', '-19'],
      ['-q', '--fast=5'],
    ],
    decode: (packed) => decodeZstdFrame(packed),
  },
};

/** Text, runs, noise and records, so that every kind of block comes up. */
function sample(): Uint8Array {
  const text = readFileSync(new URL('../../package.json', import.meta.url));
  const records = Uint8Array.from({ length: 200_000 }, (_, i) => (i % 16 < 4 ? i >> 8 : i % 16));
  return Buffer.concat([
    text,
    new Uint8Array(400_000),
    records,
    randomBytes(300_000),
    text,
    randomBytes(7),
    records,
  ]);
}

function packedBy(bytes: Uint8Array): Packed {
  return { reader: new Reader(new BufferSource(bytes)), start: 0, end: bytes.length };
}

function unpack({ decode }: Peer, bytes: Uint8Array) {
  const parts: Buffer[] = [];
  const run = drain(decode(packedBy(bytes)), (piece) => parts.push(Buffer.from(piece)));
  return { run: run!, output: Buffer.concat(parts) };
}

function isMissing(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error !== undefined;
}

describe.each(Object.entries<Peer>(peers))('%s', (name, peer) => {
  describe.skipIf(isMissing(peer.command))('against its native packer', () => {
    it('unpacks what it packed, at every setting, and takes all of it', () => {
      const bytes = sample();
      for (const settings of peer.settings) {
        const packed = execFileSync(peer.command, ['-c', ...settings], { input: bytes, maxBuffer: 1 << 28 });
        const { run, output } = unpack(peer, packed);
        expect(output.equals(bytes), settings.join(' ')).toBe(true);
        expect(run.produced).toBe(bytes.length);
        expect(run.consumed).toBe(packed.length - (name === 'lzma' ? 13 : 0));
      }
    }, 60_000);

    it('never fails but by Broken, wherever a byte is changed or the end is cut', () => {
      const bytes = sample().subarray(0, 6000);
      const packed = execFileSync(peer.command, ['-c', ...peer.settings[0]!], { input: bytes });
      fc.assert(
        fc.property(
          fc.nat(packed.length - 1),
          fc.integer({ min: 1, max: 255 }),
          fc.boolean(),
          (at, change, cut) => {
            const copy = cut ? packed.subarray(0, Math.max(16, at)) : Uint8Array.from(packed);
            if (!cut) copy[at]! ^= change;
            try {
              unpack(peer, copy);
            } catch (error) {
              expect(error).toBeInstanceOf(cut ? Truncated : Error);
              expect(error instanceof Broken || (error as Error).name === 'OverBudget').toBe(true);
            }
          },
        ),
        { seed: 5, numRuns: 300 },
      );
    });
  });
});

describe('sums', () => {
  it('are those of their specifications', () => {
    const text = Buffer.from('Nobody inspects the spammish repetition');
    expect(xxh32(text)).toBe(0xe2293b2f);
    const xxh64 = new Sum('xxh64');
    xxh64.add(text.subarray(0, 15));
    xxh64.add(text.subarray(15));
    expect(xxh64.digest().reverse().toString('hex')).toBe('fbcea83c8a378bf1');
    const crc64 = new Sum('crc64');
    crc64.add(Buffer.from('123456789'));
    expect(crc64.digest().reverse().toString('hex')).toBe('995dc9bbdf1939fa');
  });
});

describe('a content that is decoded as it is read', () => {
  const fixture = join(import.meta.dirname, '../../fixtures/xz/intact/blocks.xz');

  it('gives the same bytes in any order', () => {
    expect(existsSync(fixture)).toBe(true);
    const packed = readFileSync(fixture);
    const { output } = unpack(peers.xz, packed);
    const source = new ContinuedSource(output.length, () => decodeXz(packedBy(packed)));
    for (const at of [output.length - 10, 0, 5000, 1, output.length - 1]) {
      const into = Buffer.alloc(1000);
      const got = source.read(into, at);
      expect(into.subarray(0, got).equals(output.subarray(at, at + 1000))).toBe(true);
    }
    source.close();
  });
});
