import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes/source.ts';
import { known } from '../../../../src/sources/images/file-systems/known.ts';
import { corpusFiles, hasCorpus } from '../../../support/corpus.ts';
import { randomBytes } from '../../../support/random.ts';

const KiB = 1024;

function identify(volume: Uint8Array): string | undefined {
  return known.find((one) => one.recognise(new BufferSource(volume)))?.id;
}

/** A volume of zeros, with bytes at some place. */
function volume(at: number, bytes: string | Buffer): Buffer {
  const whole = Buffer.alloc(2048 * KiB);
  const mark = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  mark.copy(whole, at < 0 ? whole.length + at : at);
  return whole;
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

describe('volumes known by name', () => {
  // Places and bytes as the documents of each system give them, and blkid (util-linux) looks for them.
  it.each([
    ['bitlocker', 3, '-FVE-FS-'],
    ['luks', 0, 'LUKS\xba\xbe\0\x01'],
    ['luks', 0, 'LUKS\xba\xbe\0\x02'],
    ['luks', 16 * KiB, 'SKUL\xba\xbe\0\x02'],
    ['geli', -512, 'GEOM::ELI'],
    ['xfs', 0, 'XFSB'],
    ['btrfs', 64 * KiB + 64, '_BHRfS_M'],
    ['refs', 3, 'ReFS\0\0\0\0'],
    ['hfs-plus', KiB, 'H+\0\x04'],
    ['lvm2', 512 + 24, 'LVM2 001'],
    ['swap', 4096 - 10, 'SWAPSPACE2'],
    ['vmfs', KiB * KiB, hex('0dd001c0')],
    ['zfs', 132 * KiB, hex('0cb1ba0000000000')],
    ['apfs', 32, 'NXSB'],
    ['iso9660', 32 * KiB + 1, 'CD001'],
  ])('%s', (id, at, bytes) => {
    expect(identify(volume(at, bytes))).toBe(id);
  });

  it('tells an APFS container with keys, and one of Core Storage with FileVault, by their protection', () => {
    const apfs = volume(32, 'NXSB');
    apfs[1296] = 7;
    const coreStorage = volume(88, 'CS');
    coreStorage.writeUInt32LE(0x100001, 8);
    const plain = identify(coreStorage);
    coreStorage.writeUInt32LE(2, 168);
    expect([identify(apfs), plain, identify(coreStorage)]).toEqual([
      'apfs-filevault',
      'core-storage',
      'filevault',
    ]);
  });

  it('knows nothing in zeros, random bytes, and volumes of a few bytes', () => {
    for (const bytes of [
      new Uint8Array(256 * KiB),
      randomBytes(2048 * KiB),
      randomBytes(7),
      new Uint8Array(0),
    ]) {
      expect(identify(bytes)).toBeUndefined();
    }
  });

  it.skipIf(!hasCorpus)('calls real LUKS volumes protected', () => {
    for (const { name, bytes } of corpusFiles('protected', 'luks'))
      expect(identify(bytes), name).toBe('luks');
  });
});
