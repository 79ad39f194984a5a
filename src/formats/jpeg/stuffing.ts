import { Broken } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Frame } from './frame.ts';
import { isRestart } from './markers.ts';

/**
 * A run of random bytes passes where each 0xFF in it happens to be followed by what coded data may have there: a zero
 * (T.81 F.1.2.3; with restart markers one more value), in JPEG-LS half of all values (T.87 A.1). Probability 10⁻⁶:
 */
const FLOOR = { stuffedZero: 3600, stuffedBit: 7200 } as const;

/** Walks over entropy-coded segments that no decoder here reads and claims what byte stuffing proves of them. */
export function walkStuffing(
  reader: Reader,
  ledger: Ledger,
  frame: Frame,
  interval: number,
  { start, end }: Range,
): number {
  const highestStuffed = frame.entropy === 'golomb' ? 0x7f : 0;
  const floor = frame.entropy === 'golomb' ? FLOOR.stuffedBit : FLOOR.stuffedZero;
  let restarts = 0;
  for (const { at, next } of findOnes(reader, start, end)) {
    reader.meter.step();
    if (isRestart(next) && interval > 0 && (restarts & 7) === (next & 7)) restarts++;
    else if (isRestart(next)) throw new Broken(at, 'restart marker', `RST${restarts & 7}`, `RST${next & 7}`);
    else if (next > highestStuffed) {
      ledger.account(start, at, 'decoder', 'byte stuffing of a scan', floor);
      return at;
    }
  }
  throw overrun(reader, end, 'scan', 1);
}

/** Each 0xFF with the byte after it. */
function* findOnes(reader: Reader, start: number, end: number): Generator<{ at: number; next: number }> {
  let partAt = start;
  let isPending = false;
  for (const part of reader.stream(start, end, 'scan')) {
    const bytes = part.slice();
    if (isPending) yield { at: partAt - 1, next: bytes[0]! };
    let i = bytes.indexOf(0xff, isPending && bytes[0] === 0xff ? 1 : 0);
    for (; i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i + 2)) {
      yield { at: partAt + i, next: bytes[i + 1]! };
    }
    isPending = i >= 0;
    partAt += bytes.length;
  }
}
