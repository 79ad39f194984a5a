import type { ByteSource } from '../../../../bytes/source.ts';
import type { NoticeList } from '../notice-list.ts';
import type { PageCache } from '../page-cache.ts';
import type { AllocationTable } from './allocation-table.ts';
import type { ExfatLayout } from './boot-sector.ts';

/** What the parts of the reader share. */
export interface ExfatMedium {
  readonly volume: ByteSource;
  readonly layout: ExfatLayout;
  readonly table: AllocationTable;
  /** Clusters of folders. */
  readonly blocks: PageCache;
  readonly notices: NoticeList;
}
