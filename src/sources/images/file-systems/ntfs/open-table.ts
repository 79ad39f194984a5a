import { Broken } from '../../../../bytes/errors.ts';
import { type NoticeList, reasonOf } from '../notice-list.ts';
import { type ListEntry, readAttributeList } from './attribute-list.ts';
import type { Attribute } from './file.ts';
import type { Ground } from './ground.ts';
import { u64 } from './little-endian.ts';
import {
  attributeName,
  firstAttribute,
  idOf,
  isBase,
  isInUse,
  nextAttribute,
  typeOf,
  types,
  undoFixups,
} from './record.ts';
import { MasterFileTable } from './records.ts';
import { appendRuns, emptyRuns, HOLE, type Runs } from './runs.ts';

/** The table by the runs that its own first record gives, or the copy of that. @throws Broken */
export function openTable(ground: Ground, notices: NoticeList): MasterFileTable {
  const { mftAt, mirrorAt } = ground.geometry;
  const failures: string[] = [];
  for (const at of [mftAt, mirrorAt]) {
    try {
      const table = tableFrom(ground, notices, at);
      if (at !== mftAt) notices.wrong(`the first record of $MFT can't be used, its copy is: ${failures[0]}`);
      return table;
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  throw new Broken(mftAt, `$MFT, and its copy (${failures.join('; ')})`);
}

function tableFrom(ground: Ground, notices: NoticeList, at: number): MasterFileTable {
  const record = new Uint8Array(ground.geometry.recordSize);
  ground.read(record, at);
  const health = undoFixups(record, 'FILE');
  if (health !== 'good') throw new Broken(at, 'record of $MFT', 'good', health);
  return tableFromRecord(ground, notices, record, at);
}

/** The table by a record of it, whose fix-ups are undone, that stands at `at`. @throws Broken, OverBudget */
export function tableFromRecord(
  ground: Ground,
  notices: NoticeList,
  record: Uint8Array,
  at: number,
): MasterFileTable {
  if (!isBase(record) || !isInUse(record))
    throw new Broken(at, 'record of $MFT', 'a base record in use', 'another');
  const data = find(record, types.data);
  if (data < 0 || record[data + 8] === 0) throw new Broken(at, '$DATA of $MFT', 'runs', 'none');
  const runs = emptyRuns();
  appendRuns(runs, record, data, ground.geometry.clusters);
  const size = Math.min(u64(record, data + 48), u64(record, data + 56));
  const list = find(record, types.attributeList);
  if (list >= 0) appendListed(ground, notices, runs, record, list, size);
  checkLength(runs, ground.geometry.clusters, at);
  return new MasterFileTable(ground, runs, size);
}

/** Further runs stand in records that the runs so far lead to. */
function appendListed(
  ground: Ground,
  notices: NoticeList,
  runs: Runs,
  record: Uint8Array,
  list: number,
  size: number,
): void {
  try {
    const { entries } = readAttributeList(ground, record, list);
    for (const entry of entries) {
      if (entry.type !== types.data || entry.name.length > 0 || entry.first === 0) continue;
      const piece = listedPiece(new MasterFileTable(ground, runs, size), entry);
      appendRuns(runs, piece.record, piece.at, ground.geometry.clusters);
    }
  } catch (error) {
    notices.wrong(`a part of $MFT can't be found, and the files in it are missing: ${reasonOf(error)}`);
  }
}

function listedPiece(table: MasterFileTable, entry: ListEntry): Attribute {
  const record = table.record(entry.record);
  if (record === null) throw new Broken(0, 'record of $MFT', 'a record', `nothing at ${entry.record}`);
  for (let at = firstAttribute(record); at > 0; at = nextAttribute(record, at)) {
    if (typeOf(record, at) === types.data && idOf(record, at) === entry.id && record[at + 8] !== 0) {
      return { record, number: entry.record, at };
    }
  }
  throw new Broken(0, 'piece of $MFT', `in record ${entry.record}`, 'nothing');
}

/** The unnamed attribute of a type; −1 without one. */
function find(record: Uint8Array, type: number): number {
  for (let at = firstAttribute(record); at > 0; at = nextAttribute(record, at)) {
    if (typeOf(record, at) === type && attributeName(record, at)?.length === 0) return at;
  }
  return -1;
}

/** A table has each cluster once: no more of them than the volume has. */
function checkLength(runs: Runs, clusters: number, at: number): void {
  let stored = 0;
  runs.lengths.forEach((length, i) => {
    if (runs.places[i] !== HOLE) stored += length;
  });
  if (stored > clusters) throw new Broken(at, 'clusters of $MFT', `at most ${clusters}`, stored);
}
