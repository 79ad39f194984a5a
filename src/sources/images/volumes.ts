import type { Range } from '../../bytes/range.ts';
import type { Notice } from './container.ts';

/**
 * A part of a disk that may hold a file system. Offsets are in bytes of the disk; of a logical volume, `start` is that
 * of its first part and `end` that of its last, and only `parts` tell where it is.
 */
export interface Volume extends Range {
  /** Its name in paths: `p2`; `` where the file system takes the whole disk; `vg0-root` for a logical volume. */
  readonly name: string;
  /** What its table says that it holds: `Microsoft basic data`, `0x83 Linux`. */
  readonly type: string;
  readonly label: string | null;
  /** The ranges of the disk that it consists of, in order: one, except for logical volumes. */
  readonly parts: readonly Range[];
}

/** How a disk is divided. */
export interface VolumeTable {
  readonly scheme: 'gpt' | 'mbr' | 'none';
  readonly volumes: readonly Volume[];
  /** Ranges of the disk that belong to no volume and no table. */
  readonly gaps: readonly Range[];
  readonly notices: readonly Notice[];
}
