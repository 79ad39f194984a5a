import { Broken } from '../../bytes/errors.ts';
import type { Database } from './database.ts';
import { role } from './pages.ts';

/** Follows the trunk pages of the freelist (§1.5), whose leaves hold leftovers. */
export function walkFreelist(database: Database): void {
  let seen = 0;
  let reference = { page: database.header.firstTrunk, from: 1, at: 32 };
  while (reference.page !== 0) {
    database.reader.meter.step();
    if (!database.refer(reference.page, role.trunk, reference.from, reference.at)) return;
    const trunk = readTrunk(database, reference.page);
    if (trunk === null) return;
    seen += 1 + trunk.leaves;
    reference = { page: trunk.next, from: reference.page, at: database.offsetOf(reference.page) };
  }
  if (seen === database.header.freePages) return;
  const error = new Broken(36, 'freelist pages', database.header.freePages, seen);
  if (database.unsettled) database.ledger.oddity(36, error.message);
  else database.ledger.broken(error, 40);
}

function readTrunk(database: Database, number: number): { next: number; leaves: number } | null {
  const { header, reader, ledger } = database;
  const base = database.offsetOf(number);
  const next = reader.u32be(base);
  const leaves = reader.u32be(base + 4);
  const most = header.usable / 4 - 2;
  if (leaves > most || next > database.pages.count) {
    database.lose(
      number,
      new Broken(
        base,
        'freelist trunk',
        `${database.pages.count} pages, ${most} leaves`,
        `${next}, ${leaves}`,
      ),
    );
    return null;
  }
  const page = reader.copy(base, header.pageSize);
  const view = new DataView(page.buffer);
  for (let i = 0; i < leaves; i++) {
    const at = 8 + 4 * i;
    if (!database.refer(view.getUint32(at), role.free, number, base + at)) {
      database.lose(number, new Broken(base + at, 'freelist leaf', 'a page of its own', view.getUint32(at)));
      return null;
    }
  }
  ledger.account(base, base + 8 + 4 * leaves, 'structure', 'freelist trunk', 8);
  ledger.raw(base + 8 + 4 * leaves, base + header.pageSize, 'end of freelist trunk');
  return { next, leaves };
}
