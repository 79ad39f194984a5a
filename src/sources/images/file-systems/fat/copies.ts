import type { ByteSource } from '../../../../bytes/source.ts';
import { type NoticeList, reasonOf } from '../notice-list.ts';
import type { FatLayout } from './boot-sector.ts';

const PIECE = 1 << 20;

/** Says which copies of the table differ from the one that is used, and in how many sectors. */
export function compareCopies(volume: ByteSource, layout: FatLayout, notices: NoticeList): void {
  if (!layout.mirrored) {
    notices.note(`only copy ${layout.activeFat + 1} of the file allocation table is kept up to date`);
    return;
  }
  for (let copy = 1; copy < layout.fats; copy++) {
    try {
      const different = countDifferences(volume, layout, copy);
      if (different === 0) continue;
      notices.wrong(
        `copy ${copy + 1} of the file allocation table differs in ${different} sectors; the first was used`,
      );
    } catch (error) {
      notices.wrong(`copy ${copy + 1} of the file allocation table can't be read: ${reasonOf(error)}`);
    }
  }
}

/** In sectors, among those that hold entries. */
function countDifferences(volume: ByteSource, layout: FatLayout, copy: number): number {
  const used = Math.min(layout.fatSize, Math.ceil(((layout.clusters + 2) * layout.bits) / 8));
  const first = Buffer.alloc(Math.min(PIECE, used));
  const other = Buffer.alloc(first.length);
  let different = 0;
  for (let at = 0; at < used; at += PIECE) {
    const length = Math.min(PIECE, used - at);
    volume.read(first.subarray(0, length), layout.fatAt + at);
    volume.read(other.subarray(0, length), layout.fatAt + copy * layout.fatSize + at);
    if (first.compare(other, 0, length, 0, length) === 0) continue;
    for (let i = 0; i < length; i += layout.sectorSize) {
      const end = Math.min(i + layout.sectorSize, length);
      if (first.compare(other, i, end, i, end) !== 0) different++;
    }
  }
  return different;
}
