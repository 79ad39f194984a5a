import { ReadError } from '../../../bytes/errors.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import type { KnownVolume } from '../file-system.ts';

/** Bytes that tell a kind of volume. */
interface Mark {
  /** Byte of the volume; below zero, from its end. */
  readonly at: number;
  readonly hex: string;
}

/** A kind of volume, and what tells it: any one of the marks. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly protection?: string;
  readonly marks: readonly Mark[];
}

const KiB = 1024;
const MiB = KiB * KiB;

/** Letters as hexadecimal digits. */
function letters(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

/** Pages of swap space end in its mark, and pages have several sizes. */
const swapPages = [4 * KiB, 8 * KiB, 16 * KiB, 64 * KiB];
/** The second header of LUKS2 stands behind the first, which has one of these sizes (LUKS2 on-disk format, §2). */
const luksHeaders = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096].map((size) => size * KiB);

const rows: readonly Row[] = [
  {
    id: 'bitlocker',
    title: 'BitLocker',
    protection: 'BitLocker',
    marks: [
      { at: 3, hex: letters('-FVE-FS-') },
      // BitLocker To Go hides behind a boot sector of FAT; its GUID, 4967d63b-2e29-4ad8-8399-f6a339e3d001.
      { at: 424, hex: '3bd66749292ed84a8399f6a339e3d001' },
    ],
  },
  {
    id: 'luks',
    title: 'LUKS',
    protection: 'LUKS',
    marks: [
      { at: 0, hex: `${letters('LUKS')}babe0001` },
      { at: 0, hex: `${letters('LUKS')}babe0002` },
      ...luksHeaders.map((at) => ({ at, hex: `${letters('SKUL')}babe0002` })),
    ],
  },
  { id: 'geli', title: 'GELI', protection: 'GELI', marks: [{ at: -512, hex: letters('GEOM::ELI') }] },
  {
    id: 'pgp-disk',
    title: 'PGP whole disk',
    protection: 'PGP',
    marks: [{ at: 3, hex: letters('PGPGUARD') }],
  },
  { id: 'xfs', title: 'XFS', marks: [{ at: 0, hex: letters('XFSB') }] },
  { id: 'btrfs', title: 'btrfs', marks: [{ at: 64 * KiB + 64, hex: letters('_BHRfS_M') }] },
  {
    id: 'bcachefs',
    title: 'bcachefs',
    marks: [{ at: 4 * KiB + 24, hex: 'c68573f64e1a45ca8265f57f48ba6d81' }],
  },
  { id: 'refs', title: 'ReFS', marks: [{ at: 3, hex: `${letters('ReFS')}00000000` }] },
  {
    id: 'hfs-plus',
    title: 'HFS+',
    marks: [
      { at: KiB, hex: `${letters('H+')}0004` },
      { at: KiB, hex: `${letters('HX')}0005` },
    ],
  },
  {
    id: 'lvm2',
    title: 'LVM2 physical volume',
    marks: [0, 512, 1024, 1536].map((at) => ({ at: at + 24, hex: letters('LVM2 001') })),
  },
  {
    id: 'swap',
    title: 'Linux swap space',
    marks: swapPages.flatMap((page) =>
      ['SWAPSPACE2', 'SWAP-SPACE'].map((text) => ({ at: page - 10, hex: letters(text) })),
    ),
  },
  {
    id: 'mdraid',
    title: 'Linux software RAID member',
    marks: [
      { at: 0, hex: 'fc4e2ba901000000' },
      { at: 4 * KiB, hex: 'fc4e2ba901000000' },
    ],
  },
  { id: 'vmfs', title: 'VMFS', marks: [{ at: MiB, hex: '0dd001c0' }] },
  {
    id: 'storage-spaces',
    title: 'Storage Spaces member',
    marks: [{ at: 4 * KiB, hex: letters('SPACEDB ') }],
  },
  { id: 'f2fs', title: 'F2FS', marks: [{ at: KiB, hex: '1020f5f2' }] },
  { id: 'jfs', title: 'JFS', marks: [{ at: 32 * KiB, hex: letters('JFS1') }] },
  {
    id: 'reiserfs',
    title: 'ReiserFS',
    marks: ['ReIsErFs', 'ReIsEr2Fs', 'ReIsEr3Fs'].map((text) => ({ at: 64 * KiB + 52, hex: letters(text) })),
  },
  {
    id: 'ufs',
    title: 'UFS',
    marks: [8, 64].flatMap((at) => ['54190100', '19015419'].map((hex) => ({ at: at * KiB + 1372, hex }))),
  },
  { id: 'squashfs', title: 'SquashFS', marks: [{ at: 0, hex: letters('hsqs') }] },
  { id: 'erofs', title: 'EROFS', marks: [{ at: KiB, hex: 'e2e1f5e0' }] },
  { id: 'iso9660', title: 'ISO 9660', marks: [{ at: 32 * KiB + 1, hex: letters('CD001') }] },
];

/** Uberblocks of ZFS: a ring of 128 KiB in each label, which begins at 128 KiB. */
const ZFS = { at: 128 * KiB, length: 128 * KiB, step: KiB, hex: ['0cb1ba0000000000', '0000000000bab10c'] };
/** Apple File System Reference, nx_superblock_t: the place of the container's keys, and their count. */
const APFS = { magic: { at: 32, hex: letters('NXSB') }, keys: 1296 };
/** libfvde, Core Storage: signature, version 1 of a block of type 0x10, and method of encryption, 2 for AES-XTS. */
const CORE_STORAGE = {
  magic: { at: 88, hex: letters('CS') },
  version: { at: 8, hex: '01001000' },
  method: 168,
};

/**
 * Volumes that are known, and whose contents can't be read: encrypted by their owner, or of a file system that isn't
 * read. To be asked after the file systems that are.
 */
export const known: readonly KnownVolume[] = [
  ...rows.map(({ id, title, protection = null, marks }) => ({
    id,
    title,
    protection,
    recognise: (volume: ByteSource) => marks.some((mark) => stands(volume, mark)),
  })),
  {
    id: 'zfs',
    title: 'ZFS',
    protection: null,
    recognise: hasUberblock,
  },
  {
    id: 'filevault',
    title: 'Core Storage with FileVault',
    protection: 'FileVault',
    recognise: (volume) => isCoreStorage(volume) && isEncryptedCoreStorage(volume),
  },
  { id: 'core-storage', title: 'Core Storage', protection: null, recognise: isCoreStorage },
  {
    id: 'apfs-filevault',
    title: 'APFS with keys of FileVault',
    protection: 'FileVault',
    recognise: (volume) => stands(volume, APFS.magic) && hasKeys(volume),
  },
  { id: 'apfs', title: 'APFS', protection: null, recognise: (volume) => stands(volume, APFS.magic) },
];

function stands(volume: ByteSource, { at, hex }: Mark): boolean {
  const wanted = Buffer.from(hex, 'hex');
  const start = at < 0 ? volume.size + at : at;
  return bytesAt(volume, start, wanted.length).equals(wanted);
}

/** What can be read of the bytes from `at`; nothing where the volume is shorter, or can't be read. */
function bytesAt(volume: ByteSource, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (at < 0 || at + length > volume.size) return Buffer.alloc(0);
  try {
    return bytes.subarray(0, volume.read(bytes, at));
  } catch (error) {
    if (error instanceof ReadError) return Buffer.alloc(0);
    throw error;
  }
}

function hasUberblock(volume: ByteSource): boolean {
  const ring = bytesAt(volume, ZFS.at, ZFS.length);
  for (let at = 0; at < ring.length; at += ZFS.step) {
    if (ZFS.hex.includes(ring.toString('hex', at, at + 8))) return true;
  }
  return false;
}

function hasKeys(volume: ByteSource): boolean {
  const keys = bytesAt(volume, APFS.keys, 16);
  return keys.length === 16 && keys.some((byte) => byte !== 0);
}

function isCoreStorage(volume: ByteSource): boolean {
  return stands(volume, CORE_STORAGE.magic) && stands(volume, CORE_STORAGE.version);
}

function isEncryptedCoreStorage(volume: ByteSource): boolean {
  return bytesAt(volume, CORE_STORAGE.method, 4).equals(Buffer.of(2, 0, 0, 0));
}
