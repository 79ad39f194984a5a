import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { isZeroFilled } from '../tail.ts';

interface Place {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
}

/** Examines a range as a file, and takes over what is proved of it. Gives whether its format is known. */
export function examineOverlay(place: Place, start: number, end: number, name: string): boolean {
  const source = new SliceSource(place.reader.source, start, end);
  const { outcome, ledger } = place.context.examine(name, source, { start, end });
  if (outcome.format === null) return false;
  place.ledger.adopt(ledger, start);
  return true;
}

/** What stands between the last section and the certificate table or the end. */
export function accountOverlay(place: Place, { start, end }: Range): void {
  const { reader, ledger } = place;
  if (start >= end) return;
  if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'zeros behind the sections');
  else if (!accountNsis(place, start, end) && !examineOverlay(place, start, end, 'overlay'))
    ledger.trailing(start, end);
}

const NSIS = '\xef\xbe\xad\xdeNullsoftInst';
const NSIS_HEADER = 28;
const NO_CRC = 4;
/** The sum of an installer leaves out the first sector, in which the size is patched (NSIS, fileform.h). */
const NSIS_UNSUMMED = 512;

/** An installer's data, with the CRC-32 of nearly the whole file at its end. */
function accountNsis({ reader, ledger }: Place, start: number, end: number): boolean {
  if (!reader.has(start + 4, NSIS)) return false;
  const sumAt = start + reader.u32le(start + 24) - 4;
  if ((reader.u32le(start) & NO_CRC) !== 0 || sumAt < start + NSIS_HEADER || sumAt + 4 > end) return false;
  let sum = 0;
  for (const part of reader.stream(NSIS_UNSUMMED, sumAt)) sum = crc32(part, sum);
  if (sum !== reader.u32le(sumAt)) return false;
  ledger.account(NSIS_UNSUMMED, sumAt + 4, 'checksum', 'CRC-32 of the installer');
  if (sumAt + 4 < end && !isZeroFilled(reader, sumAt + 4, end)) ledger.trailing(sumAt + 4, end);
  return true;
}
