import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { textFloor } from '../text-field.ts';

/** What extended headers say of the member that follows; sparse maps repeat their keys, so all are kept in order. */
export class PaxRecords {
  readonly #records: (readonly [key: string, value: string])[] = [];

  add(key: string, value: string): void {
    this.#records.push([key, value]);
  }

  /** The last value counts (POSIX pax, pax Extended Header). */
  get(key: string): string | undefined {
    return this.#records.findLast(([name]) => name === key)?.[1];
  }

  number(key: string): number | null {
    const value = this.get(key);
    if (value === undefined || !/^\d+$/.test(value)) return null;
    return Number.isSafeInteger(Number(value)) ? Number(value) : null;
  }

  all(key: string): number[] {
    return this.#records.filter(([name]) => name === key).map(([, value]) => Number(value));
  }

  keep(other: PaxRecords): void {
    this.#records.push(...other.#records);
  }
}

/** Longer ones are unheard of, in bytes. */
const MOST_RECORDS = 1 << 20;

/** Reads the records `length key=value\n` and accounts for them. @throws Broken, Truncated, OverBudget */
export function readPax(reader: Reader, ledger: Ledger, { start, end }: Range): PaxRecords {
  const records = new PaxRecords();
  if (end - start > MOST_RECORDS)
    throw new Broken(start, 'length of a pax header', `at most ${MOST_RECORDS}`, end - start);
  const bytes = Buffer.from(reader.copy(start, end - start, 'pax header'));
  for (let at = 0; at < bytes.length; ) {
    reader.meter.step();
    if (bytes[at] === 0 && bytes.subarray(at).every((byte) => byte === 0)) {
      ledger.account(start + at, end, 'padding', 'zeros behind the pax records');
      break;
    }
    at = readRecord(bytes, at, start, records, ledger);
  }
  return records;
}

function readRecord(bytes: Buffer, at: number, base: number, records: PaxRecords, ledger: Ledger): number {
  const blank = bytes.indexOf(0x20, at);
  const digits = bytes.toString('latin1', at, Math.min(Math.max(at, blank), at + 20));
  const end = at + Number(digits);
  const equals = bytes.indexOf(0x3d, at);
  if (!/^\d+$/.test(digits) || end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a) {
    throw new Broken(base + at, 'pax record', '“length key=value” and a line end', digits);
  }
  const value = bytes.subarray(equals + 1, end - 1);
  records.add(bytes.toString('utf8', blank + 1, equals), value.toString('utf8'));
  const floor = textFloor(value);
  // Extended attributes may hold any bytes: what nobody can judge is left open.
  if (floor !== null) ledger.account(base + at, base + end, 'grammar', 'pax record', floor);
  else ledger.account(base + at, base + equals + 1, 'grammar', 'pax record');
  return end;
}
