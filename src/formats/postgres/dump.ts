import { Broken } from '../../bytes/errors.ts';
import { JoinedSource } from '../../bytes/joined-source.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import { isZlibHeader } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineMember } from '../member.ts';
import { CUSTOM, readDumpHeader, walkContents } from './dump-contents.ts';
import { DumpReader } from './dump-reader.ts';

const DATA = 1;
const BLOBS = 3;
/** More pieces of one table's data aren't put together. */
const MOST_PIECES = 50_000;

export const pgDump: Format = {
  id: 'pg-dump',
  title: 'PostgreSQL custom dump',
  extensions: ['pgdump'],
  signatures: [{ at: 0, hex: '5047444d5001' }],
  spec: 'PostgreSQL source, pg_backup_archiver.c, pg_backup_custom.c',
  proof:
    'the table of contents by its grammar; data in chunks that follow each other, unpacked with their Adler-32 and examined',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const dump = new DumpReader(reader, ledger);
    const header = readDumpHeader(dump);
    walkContents(dump, header);
    if (header.format === CUSTOM) walkData(dump, context);
    ledger.trailing(dump.at, reader.size);
  },
};

/** Blocks of tables and large objects, each with the number of its entry (pg_backup_custom.c). */
function walkData(dump: DumpReader, context: Context): void {
  while (dump.at < dump.reader.size) {
    const at = dump.at;
    const kind = dump.byte();
    if (kind !== DATA && kind !== BLOBS) throw new Broken(at, 'kind of a block', '1 or 3', kind);
    const id = dump.int();
    if (id <= 0) throw new Broken(at + 1, 'number of an entry', 'more than 0', id);
    if (kind === DATA) walkChunks(dump, context, `table ${id}`);
    else walkBlobs(dump, context);
  }
}

function walkBlobs(dump: DumpReader, context: Context): void {
  for (let id = dump.int(); id !== 0; id = dump.int()) walkChunks(dump, context, `large object ${id}`);
}

/** Chunks up to an empty one; together they are a zlib stream, or the data itself. */
function walkChunks(dump: DumpReader, context: Context, name: string): void {
  const { reader, ledger } = dump;
  const pieces: Range[] = [];
  for (let length = dump.length(); length !== 0; length = dump.length()) {
    reader.meter.step();
    if (length < 0) throw new Broken(dump.at, 'length of a chunk', 'more than 0', length);
    reader.bytes(dump.at + length - 1, 1, 'chunk');
    if (pieces.length < MOST_PIECES) pieces.push({ start: dump.at, end: dump.at + length });
    else ledger.raw(dump.at, dump.at + length, 'data');
    dump.at += length;
  }
  const whole = pieces.length < MOST_PIECES;
  if (whole && pieces.length > 0) examineData(dump, context, pieces, name);
  else for (const { start, end } of pieces) ledger.raw(start, end, 'data');
}

function examineData(dump: DumpReader, context: Context, pieces: readonly Range[], name: string): void {
  const { reader, ledger } = dump;
  const [first] = pieces as [Range];
  const isPacked =
    first.end - first.start > 2 && isZlibHeader(reader.u8(first.start), reader.u8(first.start + 1));
  const source =
    pieces.length === 1
      ? new SliceSource(reader.source, first.start, first.end)
      : new JoinedSource(reader.source, pieces);
  const member = isPacked ? `${name}.zz` : name;
  const examined = examineMember(context, ledger, member, source, { start: first.start, end: dump.at });
  if (examined !== null) ledger.adoptPieces(examined.ledger, pieces);
}
