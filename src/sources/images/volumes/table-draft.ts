import type { Range } from '../../../bytes/range.ts';
import type { Notice } from '../container.ts';
import type { Volume } from '../volumes.ts';

/** A partition as its table gives it, before it's compared with the disk. */
export type Partition = Omit<Volume, 'parts'>;

/** What one kind of table says. */
export interface TableDraft {
  readonly scheme: 'gpt' | 'mbr';
  readonly partitions: readonly Partition[];
  /** Where the table itself stands. */
  readonly tables: readonly Range[];
  readonly notices: readonly Notice[];
}
