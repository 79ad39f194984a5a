import type { BigIntStats } from 'node:fs';
import type { Snapshot } from './snapshot.ts';

/** What tells that two files have the same bytes, without a look at them. */
export const trusts = ['nothing', 'inodes', 'times'] as const;
/**
 * `inodes`: the same file (device and inode, on a file system that stands by them), or the same inode in two snapshots of
 * btrfs or ZFS with the same size and times, the time of change among them, which programs can't set. `times`: the same
 * size and modification time is enough, though attackers set times back. `nothing`: all is read.
 */
export type Trust = (typeof trusts)[number];

/** By `statfs(2)`: file systems whose inode numbers stand for one file as long as it's there. */
const local: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // btrfs
  0x2fc12fc1, // ZFS
  0x01021994, // tmpfs
  0xf2f52010, // F2FS
  0xca451a4e, // bcachefs
  0x794c7630, // overlayfs
]);
/** Those whose snapshots keep inode numbers and times, on a device number of their own. */
const snapshotting: ReadonlySet<number> = new Set([0x9123683e, 0x2fc12fc1]);

/** Files with the same text have the same bytes; empty where nothing is known before they're read. */
export function identityOf(stats: BigIntStats, snapshot: Snapshot, trust: Trust): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  if (trust === 'times') return `${size}:${mtimeNs}`;
  // Inodes of FUSE and of network file systems may be made up, and used again: restic's, for one, are hashes.
  const isKnown = dev === snapshot.device && local.has(snapshot.fileSystem);
  if (trust === 'nothing' || !isKnown) return '';
  const place = snapshotting.has(snapshot.fileSystem) ? snapshot.fileSystem : dev;
  return `${place}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
