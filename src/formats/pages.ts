import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

export interface Page {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Offset in the file, in bytes. */
  readonly at: number;
  /** 0 for the first page of the file. */
  readonly number: number;
}

/**
 * Gives the pages of a database file to `verify`, each valid during the call only. Pages of zeros were never written, or
 * were wiped: nothing tells, so that they're padding without a floor. What `verify` throws as `Broken` is noted, and the next page follows.
 * @param size bytes of a page, at most 1 MiB
 * @throws Truncated where the last page isn't whole
 */
export function walkPages(
  reader: Reader,
  ledger: Ledger,
  size: number,
  verify: (page: Page) => void,
  first = 0,
): void {
  const count = Math.floor(reader.size / size);
  for (let number = first; number < count; number++) {
    reader.meter.step();
    const at = number * size;
    const bytes = reader.bytes(at, size, 'page');
    if (isZeroPage(bytes)) {
      ledger.account(at, at + size, 'padding', 'pages never written', Number.POSITIVE_INFINITY);
      continue;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, size);
    attempt(ledger, at + size, () => verify({ bytes, view, at, number }));
  }
  const missing = (count + 1) * size - reader.size;
  if (missing < size) throw new Truncated(reader.size, 'page', missing);
}

function attempt(ledger: Ledger, end: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

/** Whether [start, end) of the page holds zeros only. */
export function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

function isZeroPage(bytes: Uint8Array): boolean {
  return isZero(bytes, 0, bytes.length);
}
