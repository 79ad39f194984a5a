import type { RecordParser } from '../../cluster-salvage/dialect.ts';
import { ENTRY, EntrySet, type ExfatRecord, nameHashHolds } from '../entry-set.ts';

/** Entry sets whose checksums hold, one after the other. */
export class SetParser implements RecordParser<ExfatRecord> {
  ended = false;
  readonly #set = new EntrySet();

  *parse(bytes: Buffer, at: number): Generator<ExfatRecord> {
    for (let i = 0; i < bytes.length; i += ENTRY) {
      this.ended = bytes[i] === 0;
      if (this.ended) return;
      const record = this.#set.add(bytes.subarray(i, i + ENTRY), at + i);
      if (record !== null && typeof record !== 'string') yield record;
    }
  }
}

/** `EntryType` of a file, in use or deleted. */
const FILE = 0x05;

/** Whether a cluster begins with an entry set, and has one in use whose name has its hash. */
export function beginsWithSets(bytes: Buffer): boolean {
  if ((bytes[0]! & 0x7f) !== FILE) return false;
  for (const { deleted, metadata } of new SetParser().parse(bytes, 0)) {
    const entries = metadata.map(({ start, end }) => bytes.subarray(start, end));
    if (!deleted && nameHashHolds(entries)) return true;
  }
  return false;
}
