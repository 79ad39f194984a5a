import { Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { Database } from './database.ts';
import { walkFreelist } from './freelist.ts';
import { lockedPage, readHeader } from './header.ts';
import { PageSweep } from './leaves.ts';
import { role } from './pages.ts';
import { checkPointerMap, markPointerMaps } from './pointer-map.ts';
import { TreeWalk } from './trees.ts';

export const sqlite: Format = {
  id: 'sqlite',
  title: 'SQLite database',
  extensions: ['sqlite', 'sqlite3', 'db', 'db3', 's3db', 'gpkg', 'mbtiles', 'fossil'],
  signatures: [{ at: 0, hex: '53514c69746520666f726d6174203300' }],
  spec: 'SQLite, "Database File Format", sections 1 and 2',
  proof:
    'every page is used once; cells tile pages, sizes of values add up, text is valid; numbers and free pages stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const header = readHeader(reader);
    const database = new Database(header, reader, ledger, context, isUnsettled(context));
    checkSize(database);
    markSpecialPages(database);
    new TreeWalk(database).walk();
    walkFreelist(database);
    new PageSweep(database).sweep();
    for (let number = 2; number <= database.pages.count; number++) {
      if (database.pages.roleOf(number) === role.pointerMap) checkPointerMap(database, number);
    }
    database.texts.report(ledger);
  },
};

/** A write-ahead log or a hot journal beside the database holds pages that it needs to be consistent. */
function isUnsettled(context: Context): boolean {
  if (context.name === '') return false;
  return ['-wal', '-journal'].some((suffix) => {
    const beside = context.sibling(context.name + suffix);
    if (beside === null) return false;
    const head = new Uint8Array(4);
    const holds = beside.read(head, 0) === 4 && (head[0] === 0x37 || head[0] === 0xd9);
    beside.close();
    return holds;
  });
}

/** §1.3.7: the header counts the pages; older writers leave that to the size of the file. */
function checkSize({ header, reader, ledger, pages, unsettled }: Database): void {
  const end = pages.count * header.pageSize;
  if (header.statedPages > pages.count && !unsettled) {
    ledger.broken(new Truncated(reader.size, 'pages', header.statedPages * header.pageSize - reader.size));
  }
  ledger.trailing(end, reader.size);
}

function markSpecialPages(database: Database): void {
  const locked = lockedPage(database.header);
  if (locked <= database.pages.count) database.refer(locked, role.locked, 0, 0);
  markPointerMaps(database);
}
