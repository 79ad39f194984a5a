import { Broken } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import { walkPackBits } from '../../checks/pack-bits.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Place } from '../stored.ts';

export interface Plane {
  readonly isBig: boolean;
  readonly rows: number;
  /** Bytes of a row, unpacked. */
  readonly rowBytes: number;
}

/** Compressions of channel image data. */
const codings = [accountPlain, accountPacked, accountZipped, accountZipped] as const;

/** Accounts for channel image data, its compression first; returns where it ends. @throws Broken, Truncated */
export function accountChannel(place: Place, plane: Plane): number {
  const { reader, ledger, start } = place;
  const compression = reader.u16be(start, 'compression');
  const account = codings[compression];
  if (account === undefined) throw new Broken(start, 'compression', '0 to 3', compression);
  ledger.account(start, start + 2, 'structure', 'compression');
  return account({ ...place, start: start + 2 }, plane);
}

function accountPlain({ reader, ledger, start, end }: Place, { rows, rowBytes }: Plane): number {
  const pixelsEnd = start + rows * rowBytes;
  if (pixelsEnd > end) throw overrun(reader, end, 'pixels', pixelsEnd - end);
  ledger.raw(start, pixelsEnd, 'pixels');
  return pixelsEnd;
}

/** The packed length of each row, then the rows: random bytes must hit both ends of a row, so that three rows do. */
function accountPacked(place: Place, { isBig, rows, rowBytes }: Plane): number {
  const { reader, ledger, start, end } = place;
  const lengthSize = isBig ? 4 : 2;
  const rowsAt = start + rows * lengthSize;
  if (rowsAt > end) throw overrun(reader, end, 'row lengths', rowsAt - end);
  let at = rowsAt;
  let longest = 0;
  for (let row = 0; row < rows; row++) {
    reader.meter.step();
    const lengthAt = start + row * lengthSize;
    const rowEnd = at + (isBig ? reader.u32be(lengthAt) : reader.u16be(lengthAt));
    if (rowEnd > end) throw overrun(reader, end, 'packed row', rowEnd - end);
    const packed = walkPackBits(reader, { start: at, end: rowEnd }, 1, rowBytes);
    // A last byte of 128 or a zero fills up the row of some writers.
    if (rowEnd - packed.end > 1)
      throw new Broken(packed.end, 'packed row', 'its end', `${rowEnd - packed.end} more`);
    longest = Math.max(longest, rowEnd - at);
    at = rowEnd;
  }
  ledger.account(start, rowsAt, 'structure', 'row lengths', 16);
  ledger.account(rowsAt, at, 'decoder', 'packed rows', Math.max(16, 3 * longest));
  return at;
}

function accountZipped({ reader, ledger, start, end }: Place, { rows, rowBytes }: Plane): number {
  const { consumed, produced } = inflateZlib(reader, start, end, () => {});
  const after = start + consumed;
  if (produced !== rows * rowBytes) throw new Broken(after, 'pixels', rows * rowBytes, produced);
  ledger.account(start, after, 'checksum', 'Adler-32 of pixels');
  return after;
}
