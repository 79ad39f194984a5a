import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

interface Table extends Range {
  readonly name: string;
}

/** Accounts for a table of symbols, whose offsets lead to members: first linker members, then Microsoft's second ones. */
export function accountSymbols(
  reader: Reader,
  ledger: Ledger,
  table: Table,
  starts: ReadonlySet<number>,
): void {
  const { start, end, name } = table;
  try {
    const namesAt = readOffsets(reader, table, starts) ?? readSecondTable(reader, table, starts);
    if (namesAt === null) throw new Broken(start, `table of symbols ${name}`, 'offsets of members', 'others');
    ledger.account(start, namesAt, 'structure', 'offsets of members');
    accountNames(reader, ledger, namesAt, end);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

/** Numbers with the highest byte first, 32 or 64 bits. Gives where the names begin; null where an offset leads nowhere. */
function readOffsets(
  reader: Reader,
  { start, end, name }: Table,
  starts: ReadonlySet<number>,
): number | null {
  const width = name === '/' ? 4 : 8;
  const number = (at: number) => (width === 4 ? reader.u32be(at) : reader.u64be(at));
  const namesAt = start + width + number(start) * width;
  if (!(namesAt <= end)) return null;
  for (let at = start + width; at < namesAt; at += width) {
    reader.meter.step();
    if (!starts.has(number(at))) return null;
  }
  return namesAt;
}

/** PE format, Second Linker Member: offsets, then indices from 1 on, lowest byte first. */
function readSecondTable(reader: Reader, { start, end }: Table, starts: ReadonlySet<number>): number | null {
  const members = reader.u32le(start);
  const countAt = start + 4 + 4 * members;
  if (countAt + 4 > end) return null;
  for (let at = start + 4; at < countAt; at += 4) {
    reader.meter.step();
    if (!starts.has(reader.u32le(at))) return null;
  }
  const namesAt = countAt + 4 + 2 * reader.u32le(countAt);
  if (namesAt > end) return null;
  for (let at = countAt + 4; at < namesAt; at += 2) {
    const index = reader.u16le(at);
    if (index === 0 || index > members) return null;
  }
  return namesAt;
}

function accountNames(reader: Reader, ledger: Ledger, start: number, end: number): void {
  for (const part of reader.stream(start, end)) {
    const isText = part.every((byte) => byte === 0 || (byte >= 0x20 && byte < 0x7f));
    if (!isText) {
      ledger.raw(start, end, 'names of symbols');
      return;
    }
  }
  ledger.account(start, end, 'grammar', 'names of symbols');
}
