import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountText } from '../text-field.ts';
import type { EndRecord } from './end-record.ts';
import { CENTRAL, type CentralHeader, readCentralHeader } from './layout.ts';

/** More entries than this, and the list of them would not fit into memory. */
const MOST_ENTRIES = 1_000_000;

/** The headers of the central directory, in its order. What contradicts is noted, and what follows still read. */
export function readDirectory(reader: Reader, ledger: Ledger, end: EndRecord): CentralHeader[] {
  const { directory } = end;
  const headers: CentralHeader[] = [];
  for (let at = directory.start; at < directory.end; ) {
    reader.meter.step();
    if (headers.length >= MOST_ENTRIES) throw new OverBudget('entries of one archive', MOST_ENTRIES);
    try {
      const header = readCentralHeader(reader, at);
      if (header.end > directory.end)
        throw new Broken(at, 'central directory header', directory.end, header.end);
      if (header.disk !== 0 && header.disk !== 0xffff)
        throw new Broken(at + 34, 'disk of an entry', 0, header.disk);
      headers.push(header);
      at = header.end;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      const next = reader.indexOf(CENTRAL, at + 1, directory.end);
      ledger.broken(error, next < 0 ? directory.end : next);
      at = next < 0 ? directory.end : next;
    }
  }
  return headers;
}

/** Accounts for the end record and what belongs to it, and compares the number of entries (APPNOTE §4.3.16). */
export function verifyEnd(reader: Reader, ledger: Ledger, end: EndRecord, entries: number): void {
  // Writers without zip64 count modulo 65,536.
  if (end.entriesHere !== end.entries) {
    ledger.broken(
      new Broken(end.start + 8, 'entries on this disk', end.entries, end.entriesHere),
      end.start + 10,
    );
  }
  if (end.entries !== entries && end.entries !== entries % 65_536) {
    ledger.broken(new Broken(end.start + 10, 'number of entries', end.entries, entries), end.start + 12);
  }
  if (!end.isLocated) ledger.broken(new Broken(end.start - 12, 'zip64 locator'));
  ledger.account(end.start, end.comment.start, 'structure', 'end of central directory record');
  const [record, locator] = end.zip64;
  if (record !== undefined) accountZip64Record(ledger, record);
  if (locator !== undefined) ledger.account(locator.start, locator.end, 'structure', 'zip64 locator');
  accountText(reader, ledger, end.comment.start, end.comment.end, 'archive comment');
}

/** Its extensible data, if there are any, are the writer's own (APPNOTE §4.3.14.4). */
function accountZip64Record(ledger: Ledger, { start, end }: { start: number; end: number }): void {
  ledger.account(start, start + 12, 'structure', 'zip64 end record');
  ledger.account(start + 16, Math.min(end, start + 56), 'structure', 'zip64 end record');
}
