import type { NoticeList } from '../notice-list.ts';
import { fileNameAt, isShort, parentOf } from './name.ts';
import { NameTree } from './name-tree.ts';
import { firstAttribute, isBase, isInUse, nextAttribute, typeOf, types } from './record.ts';
import type { Records } from './records.ts';

/** The first records are the file system's own; some of them are reserved and have no name. */
export const FIRST_OF_USERS = 24;
/** Bytes of records in a row that were never written, after which the rest is taken for a lie of its size. */
const MOST_ABSENT = 256 << 20;

/** What a look at every record of the table gives. */
export interface Survey {
  readonly tree: NameTree;
  /** Records of files in use without a name in them. */
  readonly nameless: readonly number[];
  /** Records that aren't whole. */
  readonly broken: number;
}

/** Looks at every record once, in order. */
export function survey(
  records: Records,
  recordSize: number,
  withDeleted: boolean,
  notices: NoticeList,
  onBroken?: (number: number) => void,
): Survey {
  const tree = new NameTree();
  const nameless: number[] = [];
  let broken = 0;
  let absent = 0;
  for (let number = 0; number < records.count; number++) {
    const record = records.record(number);
    if (record === null) {
      const isBroken = records.health(number) === 'broken';
      if (isBroken) onBroken?.(number);
      broken += isBroken ? 1 : 0;
      absent = isBroken ? 0 : absent + 1;
      if (absent * recordSize < MOST_ABSENT) continue;
      notices.wrong(`no record stands in the ${absent} places up to ${number}: the rest of $MFT is not read`);
      break;
    }
    absent = 0;
    if (!isInUse(record) && !withDeleted) continue;
    const isNamed = addNames(tree, record, number);
    if (!isNamed && number >= FIRST_OF_USERS && isBase(record) && isInUse(record)) nameless.push(number);
  }
  return { tree, nameless, broken };
}

/** Short names for DOS count only where the record has no other. */
function addNames(tree: NameTree, record: Uint8Array, number: number): boolean {
  let short = -1;
  let isNamed = false;
  for (let at = firstAttribute(record); at > 0; at = nextAttribute(record, at)) {
    const type = typeOf(record, at);
    if (type > types.fileName) break;
    if (type !== types.fileName) continue;
    const value = fileNameAt(record, at);
    if (value === null) continue;
    if (isShort(value)) short = at;
    else {
      isNamed = true;
      tree.add(parentOf(value), number, at);
    }
  }
  if (isNamed || short < 0) return isNamed;
  tree.add(parentOf(fileNameAt(record, short)!), number, short);
  return true;
}
