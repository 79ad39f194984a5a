import type { NoticeList } from '../notice-list.ts';
import { compat, incompat, roCompat, type Superblock } from './superblock.ts';

/** Names of features, as `dumpe2fs` has them, by their bits. */
const features: Readonly<Record<'compat' | 'incompat' | 'roCompat', Readonly<Record<number, string>>>> = {
  compat: {
    4: 'has_journal',
    8: 'ext_attr',
    16: 'resize_inode',
    32: 'dir_index',
    512: 'sparse_super2',
    1024: 'fast_commit',
    2048: 'stable_inodes',
    4096: 'orphan_file',
  },
  incompat: {
    1: 'compression',
    2: 'filetype',
    4: 'needs_recovery',
    8: 'journal_dev',
    16: 'meta_bg',
    64: 'extent',
    128: '64bit',
    256: 'mmp',
    512: 'flex_bg',
    1024: 'ea_inode',
    4096: 'dirdata',
    8192: 'metadata_csum_seed',
    16384: 'large_dir',
    32768: 'inline_data',
    65536: 'encrypt',
    131072: 'casefold',
  },
  roCompat: {
    1: 'sparse_super',
    2: 'large_file',
    8: 'huge_file',
    16: 'uninit_bg',
    32: 'dir_nlink',
    64: 'extra_isize',
    128: 'has_snapshot',
    256: 'quota',
    512: 'bigalloc',
    1024: 'metadata_csum',
    4096: 'read-only',
    8192: 'project',
    16384: 'shared_blocks',
    32768: 'verity',
    65536: 'orphan_present',
  },
};
const CLEAN = 1;
const ERRORS = 2;

/** `ext2`, `ext3`, `ext4`: features that only the later one has. */
export function nameOfKind(superblock: Superblock): string {
  const later = (superblock.incompat & ~0x1f) !== 0 || (superblock.roCompat & ~0x7) !== 0;
  if (later) return 'ext4';
  return (superblock.compat & compat.journal) !== 0 ? 'ext3' : 'ext2';
}

export function factsOf(superblock: Superblock): ReadonlyMap<string, string> {
  const { blockSize, blocks, inodes, groups } = superblock;
  return new Map([
    ['kind', nameOfKind(superblock)],
    ['uuid', formatUuid(superblock.uuid)],
    ['size', `${blocks} blocks of ${blockSize} bytes in ${groups} groups`],
    ['inodes', `${inodes} of ${superblock.inodeSize} bytes`],
    ['created', formatTime(superblock.created)],
    ['written', formatTime(superblock.written)],
    ['mounted on', superblock.mountedOn],
    ['state', (superblock.state & CLEAN) !== 0 ? 'clean' : 'not clean'],
    ['features', namesOfFeatures(superblock).join(' ')],
  ]);
}

/** What is to be said before anything is read. */
export function noticesOf(superblock: Superblock, volumeSize: number, notices: NoticeList): void {
  const size = superblock.blocks * superblock.blockSize;
  if (!superblock.checksumHolds) notices.wrong('the superblock fails its checksum');
  if (size > volumeSize)
    notices.wrong(`the file system has ${size} bytes, the volume ${volumeSize}: its end is missing`);
  if ((superblock.incompat & incompat.recover) !== 0) {
    notices.wrong('the journal holds changes and was not replayed: the newest may be missing, or half there');
  } else if ((superblock.compat & compat.journal) !== 0) notices.note('the journal was not read');
  if ((superblock.state & CLEAN) === 0) notices.wrong('the file system was not cleanly unmounted');
  if ((superblock.state & ERRORS) !== 0) notices.wrong('the file system was marked as having errors');
  if (superblock.lastOrphan !== 0)
    notices.note(`deleted files were still open; the first is inode ${superblock.lastOrphan}`);
  const unknown = (superblock.incompat & ~knownBits('incompat')) >>> 0;
  if (unknown !== 0)
    notices.wrong(
      `features that this reader doesn't know: 0x${unknown.toString(16)}; what it reads may be wrong`,
    );
  if ((superblock.roCompat & roCompat.metadataChecksums) === 0)
    notices.note('its metadata have no checksums');
}

function namesOfFeatures(superblock: Superblock): string[] {
  const kinds = ['compat', 'incompat', 'roCompat'] as const;
  return kinds.flatMap((kind) => {
    const known = Object.entries(features[kind]).filter(([bit]) => (superblock[kind] & Number(bit)) !== 0);
    const unknown = (superblock[kind] & ~knownBits(kind)) >>> 0;
    return [
      ...known.map(([, name]) => name),
      ...(unknown === 0 ? [] : [`${kind}:0x${unknown.toString(16)}`]),
    ];
  });
}

function knownBits(kind: keyof typeof features): number {
  return Object.keys(features[kind]).reduce((bits, bit) => bits | Number(bit), 0);
}

function formatUuid(uuid: Buffer): string {
  return uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function formatTime(seconds: number): string {
  return seconds === 0 ? '–' : new Date(seconds * 1000).toISOString();
}
