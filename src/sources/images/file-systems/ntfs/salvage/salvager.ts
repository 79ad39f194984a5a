import { Broken } from '../../../../../bytes/errors.ts';
import { type Range, union } from '../../../../../bytes/range.ts';
import type { ByteSource } from '../../../../../bytes/source.ts';
import type { Notice } from '../../../container.ts';
import type { SalvagedEntry, Salvager } from '../../../file-system.ts';
import { NoticeList } from '../../notice-list.ts';
import { entriesOf, type Origin } from '../entry.ts';
import { findBoot, isNobodys, readBoot } from '../geometry.ts';
import { Ground } from '../ground.ts';
import { openTable } from '../open-table.ts';
import { survey } from '../survey.ts';
import { type Found, Walk } from '../walk.ts';
import { addIndexedNames } from './index-names.ts';
import { LostRecord, WholeRecord } from './salvaged-entry.ts';
import { scanRecords } from './scan.ts';
import { openBySearch, UNKNOWN } from './searched-table.ts';

/** Bytes that are searched for a first record: Windows puts $MFT at 3 GiB of a large volume. */
const MOST_SEARCHED = 16 * 2 ** 30;

export const ntfsSalvager: Salvager = {
  id: 'ntfs',
  recognise(volume: ByteSource, damage: readonly Range[]): boolean {
    const ground = new Ground(volume, UNKNOWN, withEnd(volume, damage));
    const boot = findBoot(volume, reading(ground));
    if (boot?.isCopy === false) return true;
    if (!isNobodys(reading(ground))) return false;
    return boot !== null || scanRecords(ground, Math.min(volume.size, MOST_SEARCHED)).next().done === false;
  },
  salvage(volume: ByteSource, damage: readonly Range[]) {
    const notices = new NoticeList();
    const origin = openDamaged(volume, withEnd(volume, damage), notices);
    return {
      notices: notices.list as readonly Notice[],
      entries: origin === null ? [] : salvaged(origin, notices),
    };
  },
};

/** What lies behind the end of a volume that was cut short is as lost as what was overwritten. */
function withEnd(volume: ByteSource, damage: readonly Range[]): Range[] {
  return union([...damage, { start: volume.size, end: Number.MAX_SAFE_INTEGER }]);
}

function reading(ground: Ground): (at: number) => Uint8Array | null {
  return (at) => (ground.isHit(at, at + 512) ? null : readBoot(ground.volume, at));
}

/** The records that are left: by the table's own map where that can be had, else by a search of the whole volume. */
function openDamaged(volume: ByteSource, damage: readonly Range[], notices: NoticeList): Origin | null {
  const boot = findBoot(volume, reading(new Ground(volume, UNKNOWN, damage)));
  if (boot === null) notices.wrong('both boot sectors are lost: sizes are inferred from the records');
  else if (boot.isCopy) notices.note('the boot sector is lost, its copy in the last sector is used');
  if (boot === null) return openBySearch(new Ground(volume, UNKNOWN, damage), notices);
  const ground = new Ground(volume, boot.geometry, damage);
  try {
    return { ground, records: openTable(ground, notices) };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    notices.wrong(`the map of $MFT is lost: ${error.message}`);
    return openBySearch(ground, notices);
  }
}

function* salvaged(origin: Origin, notices: NoticeList): Generator<SalvagedEntry> {
  const { ground, records } = origin;
  let outside = 0;
  const seen = survey(records, ground.geometry.recordSize, false, notices, (number) => {
    if (records.place(number).some(({ start, end }) => !ground.isHit(start, end))) outside++;
  });
  if (seen.broken > 0) notices.wrong(`${seen.broken} file records are lost`);
  if (outside > 0) notices.wrong(`${outside} file records are broken outside of what is said to be damaged`);
  addIndexedNames(seen.tree, origin, notices);
  const told = new Set<string>();
  for (const found of new Walk(ground, records, seen, false).found()) {
    if (found.file === null) yield* once(told, found);
    else yield* entriesOf(origin, found, makeWhole);
  }
}

/** The name of a lost record may be known from more than one place. */
function* once(told: Set<string>, found: Found): Generator<SalvagedEntry> {
  const key = `${found.number}/${found.path}`;
  if (told.has(key)) return;
  told.add(key);
  yield new LostRecord(found);
}

const makeWhole = (
  ...[origin, found, file, stream]: ConstructorParameters<typeof WholeRecord>
): WholeRecord => new WholeRecord(origin, found, file, stream);
