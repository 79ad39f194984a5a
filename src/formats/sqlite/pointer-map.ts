import { Broken } from '../../bytes/errors.ts';
import type { Database } from './database.ts';
import { isPointerMap } from './header.ts';
import { role } from './pages.ts';

/** Bytes of an entry: type and parent (§1.8). */
const ENTRY = 5;

export function markPointerMaps(database: Database): void {
  const { header, pages } = database;
  if (!header.autoVacuum) return;
  for (let number = 2; number <= pages.count; number++) {
    if (isPointerMap(header, number)) database.refer(number, role.pointerMap, 0, 0);
  }
}

/** Compares the map at page `number` with what has been found about the pages that it speaks of. */
export function checkPointerMap(database: Database, number: number): void {
  const { header, reader, pages, ledger } = database;
  const base = database.offsetOf(number);
  const map = reader.copy(base, header.pageSize, 'pointer map');
  const view = new DataView(map.buffer);
  const entries = Math.min(Math.floor(header.usable / ENTRY), pages.count - number);
  for (let i = 0; i < entries; i++) {
    reader.meter.step();
    const error = checkEntry(
      database,
      number + 1 + i,
      map[i * ENTRY]!,
      view.getUint32(i * ENTRY + 1),
      base + i * ENTRY,
    );
    if (error !== null) {
      database.lose(number, error);
      return;
    }
  }
  ledger.account(base, base + entries * ENTRY, 'structure', 'pointer map', 8);
  ledger.raw(base + entries * ENTRY, base + header.pageSize, 'end of pointer map');
}

function checkEntry(
  database: Database,
  page: number,
  type: number,
  parent: number,
  at: number,
): Broken | null {
  const { pages } = database;
  const found = pages.roleOf(page);
  if (found === role.locked || found === role.pointerMap) return null;
  if (type > 5 || parent > pages.count)
    return new Broken(at, `entry of page ${page}`, 'a type up to 5', type);
  if (found === role.unknown || database.unsettled || database.lost.size > 0) return null;
  const expected = found === role.trunk ? role.free : found;
  const expectedParent = expected === role.root || expected === role.free ? 0 : pages.parentOf(page);
  if (type === expected && parent === expectedParent) return null;
  return new Broken(at, `entry of page ${page}`, `${expected}, ${expectedParent}`, `${type}, ${parent}`);
}
