import { type NoticeList, reasonOf } from '../../notice-list.ts';
import type { Origin } from '../entry.ts';
import { loadFile } from '../file.ts';
import { indexEntries } from '../index.ts';
import { isShort, parentOf } from '../name.ts';
import { type NameTree, toIndexed } from '../name-tree.ts';
import { isBase, isFolder, isInUse } from '../record.ts';

/** Names of lost records that are kept. */
const MOST = 1 << 20;

/** Adds the names that the indexes of whole folders have for records that are lost. */
export function addIndexedNames(tree: NameTree, origin: Origin, notices: NoticeList): void {
  for (let number = 0; number < origin.records.count; number++) {
    const record = origin.records.record(number);
    if (record === null || !isInUse(record) || !isFolder(record) || !isBase(record)) continue;
    try {
      addFolder(tree, origin, number);
    } catch (error) {
      notices.wrong(`the index of folder ${number} can't be read: ${reasonOf(error)}`);
    }
    if (tree.indexed.length >= MOST) {
      notices.wrong(`more than ${MOST} files are known by name only: the rest is left out`);
      return;
    }
  }
}

function addFolder(tree: NameTree, { ground, records }: Origin, folder: number): void {
  const file = loadFile(ground, records, folder);
  if (file === null) return;
  for (const { number, sequence, value } of indexEntries(ground, file)) {
    if (isShort(value) || parentOf(value) !== folder || records.record(number) !== null) continue;
    tree.addIndexed(toIndexed(value, number, sequence));
    if (tree.indexed.length >= MOST) return;
  }
}
