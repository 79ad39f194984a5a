import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { type Column, numberOf, verifyColumn } from './pages.ts';
import { type Struct, ThriftReader, type Value } from './thrift.ts';

const MAGIC = 'PAR1';
const ENCRYPTED = 'PARE';

export const parquet: Format = {
  id: 'parquet',
  title: 'Apache Parquet',
  extensions: ['parquet', 'parq'],
  signatures: [
    { at: 0, hex: '50415231' },
    { at: 0, hex: '50415245' },
  ],
  spec: 'Apache Parquet, File Format; parquet.thrift',
  proof:
    'footer and page headers by grammar, pages tile the columns, CRC-32 where set; packed values only decode, plain ones by contrast',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.has(0, ENCRYPTED)) {
      reader.expect(reader.size - 4, ENCRYPTED, 'magic at the end');
      ledger.protect(4, reader.size - 8, 'Parquet modular encryption');
      ledger.account(0, 4, 'structure', 'magic');
      ledger.account(reader.size - 8, reader.size, 'structure', 'end', 8);
      return;
    }
    reader.expect(reader.size - 4, MAGIC, 'magic at the end');
    const end = reader.size - 8;
    const start = end - reader.u32le(end, 'length of the footer');
    if (start < 4) throw new Broken(end, 'length of the footer', `at most ${end - 4}`, end - start);
    const footer = readFooter(reader, ledger, { start, end });
    ledger.account(0, 4, 'structure', 'magic');
    ledger.account(end, reader.size, 'structure', 'end of the file');
    const columns = columnsOf(footer);
    for (const column of columns) tryColumn(reader, ledger, column, start);
    accountGaps(
      reader,
      ledger,
      [{ start: 0, end: 4 }, ...columns],
      { start: 0, end: start },
      'indexes and filters',
    );
  },
};

/** Names and metadata are text; what isn't, minima and maxima, may be anything. */
function readFooter(reader: Reader, ledger: Ledger, { start, end }: Range): Struct {
  const thrift = new ThriftReader(reader, start, end);
  const footer = thrift.struct();
  if (thrift.at !== end) throw new Broken(thrift.at, 'end of the footer', end, thrift.at);
  let at = start;
  for (const binary of thrift.binaries) {
    if (isText(reader, binary)) continue;
    ledger.account(at, binary.start, 'grammar', 'footer', 64);
    ledger.raw(binary.start, binary.end, 'least and greatest values');
    at = binary.end;
  }
  ledger.account(at, end, 'grammar', 'footer', 64);
  return footer;
}

function isText(reader: Reader, { start, end }: Range): boolean {
  for (const part of reader.stream(start, end)) {
    if (part.some((code) => (code < 0x20 && (code < 9 || code > 13)) || code > 0x7e)) return false;
  }
  return true;
}

const ROW_GROUPS = 4;
const COLUMNS = 1;
const METADATA = 3;

function columnsOf(footer: Struct): Column[] {
  return structs(footer.get(ROW_GROUPS)).flatMap((group) =>
    structs(group.get(COLUMNS)).flatMap((chunk) => {
      const metadata = chunk.get(METADATA);
      // Columns may stand in another file (file_path).
      if (!(metadata instanceof Map) || chunk.has(1)) return [];
      return [columnOf(metadata as Struct)];
    }),
  );
}

/** The dictionary page stands first, where there is one. */
function columnOf(metadata: Struct): Column {
  const data = numberOf(metadata, 9);
  const dictionary = numberOf(metadata, 11);
  const start = dictionary > 0 ? Math.min(dictionary, data) : data;
  return { start, end: start + numberOf(metadata, 7), codec: numberOf(metadata, 4) };
}

function structs(value: Value | undefined): Struct[] {
  return Array.isArray(value) ? value.filter((entry): entry is Struct => entry instanceof Map) : [];
}

function tryColumn(reader: Reader, ledger: Ledger, column: Column, end: number): Range {
  if (column.start < 4 || column.end > end || column.end < column.start) {
    ledger.broken(new Broken(end, 'place of a column', `4 to ${end}`, `${column.start} to ${column.end}`));
    return { start: end, end };
  }
  try {
    return { start: column.start, end: verifyColumn(reader, ledger, column, end) };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, column.end);
    return column;
  }
}
