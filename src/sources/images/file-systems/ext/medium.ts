import type { ByteSource } from '../../../../bytes/source.ts';
import type { NoticeList } from '../notice-list.ts';
import type { PageCache } from '../page-cache.ts';
import type { Descriptors } from './groups.ts';
import type { Superblock } from './superblock.ts';

/** What the parts of the reader share: the volume, and how it's laid out. */
export interface Medium {
  readonly volume: ByteSource;
  /** Inode tables and bitmaps, read in large pieces. */
  readonly tables: PageCache;
  /** Blocks of folders and extent trees, which lie apart. */
  readonly blocks: PageCache;
  readonly superblock: Superblock;
  readonly groups: Descriptors;
  readonly notices: NoticeList;
}
